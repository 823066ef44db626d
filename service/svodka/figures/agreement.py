"""Russian agreement: the form of a noun beside a number in any case, ordinals and adjectives that follow one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svodka.figures.morphology import analyser

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["Case", "Noun", "agree", "attributive", "inflect", "normal_forms", "ordinal", "recount"]


class Case(StrEnum):
    """The grammatical case that a sentence asks of a figure; English knows none and ignores it."""

    NOMINATIVE = "nomn"
    GENITIVE = "gent"
    DATIVE = "datv"
    ACCUSATIVE = "accs"
    INSTRUMENTAL = "ablt"
    PREPOSITIONAL = "loct"


_DIRECT = frozenset({Case.NOMINATIVE, Case.ACCUSATIVE})
# «20-й», «20-го», «20-му»; an ordinal beside a thing without life is accusative as it is nominative.
_ORDINAL_ENDINGS = {
    Case.NOMINATIVE: "й",
    Case.GENITIVE: "го",
    Case.DATIVE: "му",
    Case.ACCUSATIVE: "й",
    Case.INSTRUMENTAL: "м",
    Case.PREPOSITIONAL: "м",
}
_PLURAL_ENDINGS = {
    Case.NOMINATIVE: "е",
    Case.GENITIVE: "х",
    Case.DATIVE: "м",
    Case.ACCUSATIVE: "е",
    Case.INSTRUMENTAL: "ми",
    Case.PREPOSITIONAL: "х",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Noun:
    """What is counted: «швейцарский франк», «градус Цельсия».

    `many` is an irregular genitive plural («лет»); a `fixed` noun never changes («евро»).
    """

    noun: str
    adjective: str = ""
    tail: str = ""
    many: str = ""
    fixed: bool = False


def agree(number: Fraction, noun: Noun, case: Case = Case.NOMINATIVE) -> str:
    """The form that a noun takes behind a number written in digits: «21 рубль», «22 рубля», «2,5 рубля», «к 22 рублям»."""
    grammatical_number, noun_case = _government(number, case)
    counted = noun.noun if noun.fixed else _noun_form(noun, noun_case, grammatical_number)
    few = grammatical_number == "sing" and noun_case is Case.GENITIVE and case in _DIRECT
    adjective = _adjective_form(noun, noun_case, "plur" if few and number.denominator == 1 else grammatical_number)
    return " ".join(part for part in (adjective, counted, noun.tail) if part)


def _government(number: Fraction, case: Case) -> tuple[str, Case]:
    """Number and case that a number asks of its noun: «2 рубля» is singular, «к 2 рублям» plural; «2,5 рубля» is genitive everywhere."""
    if number.denominator != 1:
        return "sing", Case.GENITIVE
    whole = abs(number.numerator)
    last = 0 if 11 <= whole % 100 <= 14 else whole % 10
    if last == 1:
        return "sing", case
    if case not in _DIRECT:
        return "plur", case
    return ("sing", Case.GENITIVE) if 2 <= last <= 4 else ("plur", Case.GENITIVE)


# What is counted, behind the number: one adjective at most, and the noun.
_COUNTED = re.compile(r"(\s+)(?:([а-яё]+(?:ых|их|ый|ий|ой|ая|яя|ое|ее|ые|ие|ым|им|ыми|ими|ому|ему|ого|его))(\s+))?([а-яё]+)")


def recount(after: str, before: Fraction, number: Fraction) -> str:
    """The text behind a number in digits that was `before` and is now `number`: « компании» behind 82 is « компаний» behind 85.

    Text that does not begin with a noun whose form the old number explains is left as it is.
    """
    found = _COUNTED.match(after)
    if found is None or _government(before, Case.NOMINATIVE) == _government(number, Case.NOMINATIVE):
        return after
    gap, adjective, second_gap, noun = found.groups(default="")
    lemma = None if _lemma(noun, "ADJF") else _lemma(noun, "NOUN")  # «82 раненых» are declined as adjectives
    described = _lemma(adjective, "ADJF") if adjective else ""
    if lemma is None or described is None:
        return after
    counted = Noun(noun=lemma, adjective=described)
    stood = f"{adjective} {noun}".strip()
    case = next((case for case in Case if agree(before, counted, case) == stood), None)
    if case is None:
        return after
    words = agree(number, counted, case).replace(" ", second_gap, 1) if adjective else agree(number, counted, case)
    return f"{gap}{words}{after[found.end() :]}"


@lru_cache(maxsize=1000)
def _lemma(word: str, part: str) -> str | None:
    return next((str(parse.normal_form) for parse in analyser().parse(word) if str(parse.tag.POS) == part), None)


def normal_forms(word: str) -> frozenset[str]:
    """Every word of the dictionary that `word` may be a form of, in lower case: «стали» may be of «сталь» and of «стать»."""
    return frozenset(str(parse.normal_form) for parse in analyser().parse(word))


def _noun_form(noun: Noun, case: Case, number: str) -> str:
    if noun.many and number == "plur" and case is Case.GENITIVE:
        return noun.many
    return inflect(noun.noun, case, number)


def _adjective_form(noun: Noun, case: Case, number: str) -> str:
    if not noun.adjective:
        return ""
    gender = "" if number == "plur" else str(_parsed(noun.noun, "NOUN").tag.gender)
    return inflect(noun.adjective, case, number, gender)


@lru_cache(maxsize=1000)
def _parsed(word: str, part: str) -> Any:  # noqa: ANN401  pymorphy3 has no types
    parses = analyser().parse(word)
    return next((parse for parse in parses if str(parse.tag.POS) == part and "nomn" in parse.tag), parses[0])


@lru_cache(maxsize=5000)
def inflect(word: str, case: Case, number: str = "sing", gender: str = "") -> str:
    """A noun or an adjective in a case. What is counted has no life, so that the accusative is the nominative but for «тысячу», «среду»."""
    if (word, case, number) == ("год", Case.PREPOSITIONAL, "sing"):
        return "году"  # «в 2019 году»; the dictionary's «годе» is never in print
    parse = _parsed(word, "ADJF" if gender or word.endswith(("ый", "ий", "ой")) else "NOUN")
    feminine = gender == "femn" or (not gender and parse.tag.gender == "femn")
    own = Case.NOMINATIVE if case is Case.ACCUSATIVE and (number == "plur" or not feminine) else case
    found = parse.inflect({own.value, number, *([gender] if gender else [])})
    return word if found is None else str(found.word)


def ordinal(digits: str, case: Case) -> str:
    """An ordinal in digits: «20-й», «20-го»."""
    return f"{digits}-{_ORDINAL_ENDINGS[case]}"


def attributive(digits: str, case: Case) -> str:
    """A plural adjective in digits: «1980-е», «1980-х»."""
    return f"{digits}-{_PLURAL_ENDINGS[case]}"
