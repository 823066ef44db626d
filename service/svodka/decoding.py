"""Guards of the search itself: what loops, stops short, mixes scripts or copies its source gives way, or is searched for again.

What only looks right is made so: numbers that were left as the source's language writes them get the digits of the target's («более 1,500»
would be one and a half), and a word with letters of two alphabets that look alike («Кestrel» with a Cyrillic К) gets those of one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from svodka.adequacy import faults, left_over
from svodka.asking import easily_put, in_capitals
from svodka.figures import as_printed
from svodka.figures.writing.english import in_latin
from svodka.inference.protocols import DEFAULT_SEARCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Hypothesis, Search, Translator

__all__ = ["GuardedTranslator", "in_one_script"]

# Token sequences of this length may well come twice ("the United States"), but what has faults is better off without.
_NO_REPEAT = 3


class GuardedTranslator:
    """A translator whose hypotheses without faults come first. Where every one has faults, it searches again without repetitions."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        """See `Translator.translate`."""
        widest = replace(search, n_best=search.beam)
        asked = [easily_put(sentence, source) for sentence in sentences]
        if beginnings:
            pairs = zip(sentences, beginnings, strict=True)
            beginnings = [begun.capitalize() if in_capitals(sentence) else begun for sentence, begun in pairs]
        found = self._translator.translate(asked, source=source, target=target, search=widest, beginnings=beginnings)
        ranked = [_ranked(sentence, answers, target) for sentence, answers in zip(sentences, found, strict=True)]
        again = [] if search.no_repeat else [at for at, answers in enumerate(ranked) if _flaws(sentences[at], answers[0], target) >= _GRAVE]
        if again:
            steady = self._translator.translate(
                [asked[at] for at in again],
                source=source,
                target=target,
                search=replace(widest, no_repeat=_NO_REPEAT),
                beginnings=[beginnings[at] for at in again] if beginnings else (),
            )
            for at, answers in zip(again, steady, strict=True):
                ranked[at] = _ranked(sentences[at], (*ranked[at], *answers), target)
        return [answers[: search.n_best] for answers in ranked]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """See `Translator.score`."""
        return self._translator.score(sentences, translations, source=source, target=target)


_GRAVE = 2


# Letters that look alike, Cyrillic and Latin.
_CYRILLIC, _LATIN = "АВЕКМНОРСТУХЅІЈасеорухіјѕ", "ABEKMHOPCTYXSIJaceopyxijs"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTYXaceopyx", "АВЕКМНОРСТУХасеорух")
_WORD, _SLIPS = re.compile(r"[^\W\d_]+"), 2
_ALPHABETS = re.compile("[A-Za-z]"), re.compile("[А-Яа-яЁёЅІЈіјѕ]")


def in_one_script(text: str, lang: str) -> str:
    """A text of language `lang` whose words mix alphabets no more, where letters of the one only look like letters of the other.

    A name of an English text that was left half in Russian is spelled out: "Veлую" as "Veluyu". Any other word stays as it is.
    """
    if not _has_both_alphabets(text):
        return text  # most texts: no word of theirs can be mixed
    return _WORD.sub(lambda word: _unmixed(word[0], lang), text)


def _has_both_alphabets(text: str) -> bool:
    return all(alphabet.search(text) for alphabet in _ALPHABETS)


def _unmixed(word: str, lang: str) -> str:
    latin, cyrillic = (len(alphabet.findall(word)) for alphabet in _ALPHABETS)
    # More of them are no slip but a word that was translated by half: «opeнился».
    if 1 <= min(latin, cyrillic) <= _SLIPS:
        changed = word.translate(_TO_LATIN if latin >= cyrillic else _TO_CYRILLIC)
        if not _has_both_alphabets(changed):
            return changed
    return in_latin(word) if lang == "en" and latin and cyrillic and word[0].isupper() else word


def _ranked(sentence: str, answers: Sequence[Hypothesis], target: str) -> tuple[Hypothesis, ...]:
    """By their flaws; of equals the translator's order stays."""
    printed = (replace(answer, text=_printed(sentence, answer.text, target)) for answer in answers)
    return tuple(sorted(dict.fromkeys(printed), key=lambda answer: _flaws(sentence, answer, target)))


def _printed(sentence: str, text: str, target: str) -> str:
    text = as_printed(in_one_script(text, target), target)
    if in_capitals(sentence):
        return text.upper()
    # A people that was asked for in small letters begins a sentence: «немцы». What stands so in the source, "iPhone", stays.
    if sentence[:1].isupper() and text[:1].islower() and text.split(maxsplit=1)[0] not in sentence:
        return text[0].upper() + text[1:]
    return text


def _flaws(sentence: str, answer: Hypothesis, target: str) -> int:
    """0 for none, 1 for a word that stayed in the source's language, more for each fault."""
    grave = faults(sentence, answer.text, target_lang=target, finished=answer.finished)
    return _GRAVE * len(grave) + bool(left_over(sentence, answer.text, target_lang=target))
