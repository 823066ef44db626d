"""Which words of a sentence are told in Russian, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from svodka.figures import extract
from svodka.glossary.agreement import agreeing
from svodka.glossary.words import adjectives, infinitives, longest_term, nouns, participles

__all__ = ["with_words_glossed"]

_WORD = re.compile(r"(?<![\w.'’-])[A-Za-z][a-z]*(?:['’-][a-z]+)*(?![\w'’-]|\.\w)")
# After these a word is a verb, in its base form and in that with an s: "to file", "he smiles".
_BASE = re.compile(r"(?:\b(?:to|will|would|can|could|may|might|must|should|shall|not|I|you|we|they|who)|n['’]t)\s+$", re.IGNORECASE)
_WITH_S = re.compile(r"\b(?:he|she|it|who)\s+$", re.IGNORECASE)
# After these it is an infinitive, and a participle: "to ratify", "will ratify", "was ratified".
_INFINITIVE = re.compile(r"\b(?:to|will|would|can|could|may|might|must|should|shall)\s+$")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:(?:also|never|not|already|[a-z]+ly)\s+)?$")
_BEFORE = 24  # characters in which the words before stand
_AFTER_A_STOP = re.compile(r"\b[a-z]{2,}[.!?][\"”’)]?\s+[\"“‘(]?$")  # not that of "U.S." or "Gen."
_NAME_GOES_ON = re.compile(r"\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class _Gloss:
    """Words of a sentence, and the Russian for them."""

    start: int
    end: int
    russian: str
    is_adjective: bool = False


def with_words_glossed(sentence: str) -> str:
    """An English sentence with nouns, terms, adjectives and verbs of the glossary in Russian.

    Nouns and terms are in the nominative of their number, the longest of those that begin together. Adjectives agree with such a noun
    behind them, and are in the masculine before others. Verbs are told where what stands before them makes an infinitive or a passive of
    them. Words of figures stay, and so does what a capital makes a name.
    """
    written, done = [], 0
    for gloss in _agreed(sentence, _glosses(sentence)):
        begins = sentence[gloss.start].isupper()
        written += [sentence[done : gloss.start], gloss.russian[0].upper() + gloss.russian[1:] if begins else gloss.russian]
        done = gloss.end
    return "".join([*written, sentence[done:]])


def _glosses(sentence: str) -> list[_Gloss]:
    words = list(_WORD.finditer(sentence))
    beginning = next((place for place, sign in enumerate(sentence) if sign.isalpha()), 0)
    figures = extract(sentence, "en")
    found: list[_Gloss] = []
    for number, word in enumerate(words):
        if (found and word.start() < found[-1].end) or (word[0][0].isupper() and not _begins(sentence, word, beginning)):
            continue
        terms = [_term(sentence, word, last.end()) for last in reversed(words[number : number + longest_term()])]
        for gloss in (*terms, _verb(sentence, word)):
            if gloss and not any(figure.start < gloss.end and gloss.start < figure.end for figure in figures):
                found.append(gloss)
                break
    return found


def _term(sentence: str, first: re.Match[str], end: int) -> _Gloss | None:
    """The noun, term or adjective from a word to `end`."""
    start = first.start()
    english = sentence[start].lower() + sentence[start + 1 : end]
    noun = nouns().get(english)
    if noun is not None and not (end == first.end() and _is_verb(sentence, first)):
        return _Gloss(start, end, noun)
    adjective = adjectives().get(english)
    return None if adjective is None else _Gloss(start, end, adjective, is_adjective=True)


def _verb(sentence: str, word: re.Match[str]) -> _Gloss | None:
    """A verb by what stands before it."""
    before = sentence[max(0, word.start() - _BEFORE) : word.start()]
    infinitive, participle = infinitives().get(word[0]), participles().get(word[0])
    if infinitive is not None and _INFINITIVE.search(before):
        return _Gloss(*word.span(), infinitive)
    return _Gloss(*word.span(), participle) if participle is not None and _PASSIVE.search(before) else None


def _agreed(sentence: str, glosses: list[_Gloss]) -> list[_Gloss]:
    """Glosses with the adjectives in the form of the noun that stands behind them."""
    agreed: list[_Gloss] = []
    noun, begun = "", len(sentence)  # the noun of the words behind, and where they begin
    for gloss in reversed(glosses):
        noun = noun if sentence[gloss.end : begun] == " " else ""
        agreed.append(replace(gloss, russian=agreeing(gloss.russian, noun)) if gloss.is_adjective and noun else gloss)
        noun = noun if gloss.is_adjective else gloss.russian
        begun = gloss.start
    return agreed[::-1]


def _begins(sentence: str, word: re.Match[str], beginning: int) -> bool:
    """Whether a word has its capital as the first of a sentence: not that of "Lantern Foods"."""
    start, end = word.span()
    first = start == beginning or _AFTER_A_STOP.search(sentence, max(0, start - _BEFORE), start) is not None
    return first and not _NAME_GOES_ON.match(sentence, end)


def _is_verb(sentence: str, word: re.Match[str]) -> bool:
    """Whether it is one by what stands before it."""
    verb = _WITH_S if word[0].endswith("s") else _BASE
    return verb.search(sentence, max(0, word.start() - _BEFORE), word.start()) is not None
