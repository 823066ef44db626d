"""Russian for words that a small translator seldom read, put in before it is asked: it copies and inflects what it would else make up."""

from __future__ import annotations

import re
from functools import cache

from svodka.figures import extract
from svodka.figures.tables import table

__all__ = ["with_words_glossed"]

_WORD = re.compile(r"(?<![\w.'’-])[A-Za-z][a-z]*(?:['’-][a-z]+)*(?![\w'’-]|\.\w)")
# After these a word is a verb, in its base form and in that with an s: "to file", "he smiles".
_BASE = re.compile(r"(?:\b(?:to|will|would|can|could|may|might|must|should|shall|not|I|you|we|they|who)|n['’]t)\s+$", re.IGNORECASE)
_WITH_S = re.compile(r"\b(?:he|she|it|who)\s+$", re.IGNORECASE)
_BEFORE = 16  # characters in which the word before stands
_AFTER_A_STOP = re.compile(r"\b[a-z]{2,}[.!?][\"”’)]?\s+[\"“‘(]?$")  # not that of "U.S." or "Gen."
_NAME_GOES_ON = re.compile(r"\s+[A-Z]")
_HISSING = re.compile(r"(?:s|x|z|o|ch|sh)$")
_FOUND, _WRITTEN = "found.en-ru", "written.en-ru"


def with_words_glossed(sentence: str) -> str:
    """An English sentence with the nouns and terms of the glossary in Russian, in the nominative of their number.

    Of terms that begin together the longest counts. Words of figures stay, and so does what a capital makes a name.
    """
    words = list(_WORD.finditer(sentence))
    beginning = next((place for place, sign in enumerate(sentence) if sign.isalpha()), 0)
    figures = extract(sentence, "en")
    written, done = [], 0
    for number, word in enumerate(words):
        start = word.start()
        if start < done or (word[0][0].isupper() and not _begins(sentence, word, beginning)):
            continue
        for last in reversed(words[number : number + _longest()]):
            end = last.end()
            gloss = _glossary().get(sentence[start].lower() + sentence[start + 1 : end])
            if gloss is None or any(figure.start < end and start < figure.end for figure in figures):
                continue
            if last is word and _is_verb(sentence, word):
                break
            written += [sentence[done:start], gloss[0].upper() + gloss[1:] if word[0][0].isupper() else gloss]
            done = end
            break
    return "".join([*written, sentence[done:]])


def _begins(sentence: str, word: re.Match[str], beginning: int) -> bool:
    """Whether a word has its capital as the first of a sentence: not that of "Lantern Foods"."""
    start, end = word.span()
    first = start == beginning or _AFTER_A_STOP.search(sentence, max(0, start - _BEFORE), start) is not None
    return first and not _NAME_GOES_ON.match(sentence, end)


def _is_verb(sentence: str, word: re.Match[str]) -> bool:
    """Whether it is one by what stands before it."""
    verb = _WITH_S if word[0].endswith("s") else _BASE
    return verb.search(sentence, max(0, word.start() - _BEFORE), word.start()) is not None


@cache
def _glossary() -> dict[str, str]:
    """English nouns and terms, in the singular and in the plural, and their Russian; what was written counts before what was found."""
    rows = {english: (russian, plural) for name in (_FOUND, _WRITTEN) for english, russian, plural in table(name, "svodka.glossary")}
    forms = {form: plural for singular, (_, plural) in rows.items() for form in _plurals(singular)}
    return forms | {singular: russian for singular, (russian, _) in rows.items()}


@cache
def _longest() -> int:
    """The words of the longest term."""
    return max(term.count(" ") for term in _glossary()) + 1


def _plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return (f"{noun[:-1]}ies",)
    return (f"{noun}s", f"{noun}es") if _HISSING.search(noun) else (f"{noun}s",)
