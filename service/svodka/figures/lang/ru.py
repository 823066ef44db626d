"""Russian nouns beside a number; the analyser is loaded when the first one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from svodka.figures.lang.grammar import Grammar
from svodka.figures.morphology import analyser

if TYPE_CHECKING:
    from svodka.figures.tokens import Tokens

__all__ = ["GRAMMAR"]

_REACH = 4  # "82 крупные иностранные автомобильные компании"
_PASSED_OVER = frozenset({"ADJF", "PRTF", "NUMR"})
# Things that have an age as living beings do: "двухсотлетний дуб".
_AGED = frozenset({"дуб", "дерево", "сосна", "липа", "ель", "кедр", "олива", "виски", "коньяк", "рукопись", "мумия"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """A word as the dictionary has it; `noun` is its lemma, empty for one that may stand before the noun."""

    noun: str
    living: bool = False
    plural: bool = False
    genitive: bool = False
    dative: bool = False


@lru_cache(maxsize=50_000)
def _word(word: str) -> _Word | None:
    """What the likeliest reading of a word is; None where it is neither a noun nor may stand before one."""
    if not "а" <= word[0] <= "я":
        return None
    readings = analyser().parse(word)
    part = readings[0].tag.POS
    cases = {reading.tag.case for reading in readings if part == reading.tag.POS}
    if part == "NOUN":
        noun = str(readings[0].normal_form).replace("ё", "е")
        living = readings[0].tag.animacy == "anim"
        plural = any(reading.tag.number == "plur" for reading in readings if part == reading.tag.POS)
        return _Word(noun=noun, living=living, plural=plural, genitive="gent" in cases and "nomn" not in cases, dative="datv" in cases)
    if part not in _PASSED_OVER:
        return None
    acts = any(reading.tag.POS == "NOUN" and reading.tag.animacy == "anim" for reading in readings)
    return _Word(noun="", living=acts, dative="datv" in cases)


def _found(tokens: Tokens, i: int) -> _Word | None:
    for at in range(i, min(i + _REACH, tokens.size)):
        if tokens.words[at] == "-" and tokens.joined(at):
            continue
        word = _word(tokens.words[at])
        if word is None or word.noun:
            return word
    return None


def _counted(tokens: Tokens, i: int) -> str | None:
    """The first noun from `i` on with nothing but adjectives before it."""
    word = _found(tokens, i)
    return None if word is None else word.noun


def _counts_life(tokens: Tokens, i: int) -> bool:
    """Whether the noun is a living being: "29-летний мужчина" tells an age, "трехлетний контракт" does not."""
    word = _found(tokens, i)
    if word is None:  # «34-летний нападающий подписал»: an adjective that is a noun here
        first = _word(tokens.word(i)) if tokens.word(i) else None
        return first is not None and first.living
    return word.living or word.noun in _AGED


def _plural(tokens: Tokens, i: int) -> bool:
    word = _found(tokens, i)
    return word is not None and word.plural


def _governed(tokens: Tokens, i: int) -> bool:
    word = _found(tokens, i)
    return word is not None and word.genitive


def _owns_age(tokens: Tokens, i: int) -> bool:
    """Whether the word before a number of years is a living being in the dative: «водителю 29 лет», «подозреваемому 34 года»."""
    word = _word(tokens.word(i - 1)) if tokens.word(i - 1) else None
    if word is None or not word.dative:
        return False
    return word.living or word.noun in _AGED or (not word.noun and tokens.word(i - 1).endswith(("ому", "ему")))


def _living(tokens: Tokens, i: int) -> bool:
    word = _word(tokens.word(i)) if tokens.word(i) else None
    return word is not None and word.living


GRAMMAR = Grammar(
    living=_living, counted=_counted, ordered=_counted, counts_life=_counts_life, plural=_plural, governed=_governed, owns_age=_owns_age
)
