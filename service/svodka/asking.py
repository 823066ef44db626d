"""What a translator is asked is made easy, for models take much amiss that readers do not.

They copy digits, and take one number word for another: "fifteen banks" is asked for as "15 banks", "the twelfth" as "the 12th", "the
16th-century church" as "the 16th century church". They miscount zeros: "5,000,000 people" as "5 million people". They know capitals of
names: a headline in capitals as any other sentence. They seldom saw what the business press writes short: «I кв. 2024 г.» as «1 квартал
2024 г.», "Q1 2024" as "the first quarter of 2024", "(up 5% y/y)" as "(a rise of 5% year on year)"; nor "1,000 mi", "5 kph" or "Nov-Feb".
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from babel import Locale

from svodka.figures import Kind, Range, extract, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures import Figure

__all__ = ["easily_put", "in_capitals", "in_digits", "in_full"]


def easily_put(text: str, lang: str) -> str:
    """A sentence of language `lang` as it is asked for."""
    return in_digits(in_full(text.capitalize() if in_capitals(text) else text, lang), lang)


_SPELLED = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
# News spells what is less, in either language.
_LEAST_IN_DIGITS, _LEAST_RANK_IN_DIGITS = 11, 5
_EXACT = Fraction(1, 2)  # a number of units stands for what is half of one away at most
_OF_UNITS = frozenset({Kind.PERCENT, Kind.DURATION, Kind.AGE, Kind.MEASURE, Kind.MONEY})
_GAP = re.compile(r"[ -]")
_CENTURY = re.compile(r"(?:[A-Za-z]+(?:-[a-z]+)?|\d+[a-z]{2})[ -]century\b")
_FROM_TO = re.compile(r"(?P<low>[a-z]+) to (?P<high>[a-z]+)\b", re.IGNORECASE)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_MILLION, _MANY_ZEROS = 10**6, 5  # "5,200,000" is as well said by "5.2 million"


def in_digits(text: str, lang: str) -> str:
    """A text of language `lang` with its exact counts in few digits: spelled ones from eleven on, and millions without their zeros.

    In English also ranks from fifth on, centuries, and what is from one number to another. "Dozen" and "fifteen hundred" are no exact
    counts, and stay; so do the years of the Thirty Years' War.
    """
    for figure in reversed(extract(text, lang)):
        text = f"{text[: figure.start]}{_in_digits(figure, lang)}{text[figure.end :]}"
    return text


def _in_digits(figure: Figure, lang: str) -> str:
    value = figure.value
    if lang == "en" and isinstance(value, Range):
        return _FROM_TO.sub(lambda found: _from_to(found, value), figure.text)
    if not isinstance(value, Fraction) or value.denominator != 1:
        return figure.text
    if lang == "en" and figure.kind is Kind.CENTURY:
        return _CENTURY.sub(f"{_rank(abs(int(value)))} century", figure.text)
    if lang == "en" and figure.kind is Kind.ORDINAL and value >= _LEAST_RANK_IN_DIGITS and _SPELLED.fullmatch(figure.text):
        return _rank(int(value))
    return _shortest(figure, int(value), lang) if figure.precision == _EXACT else figure.text


def _rank(value: int) -> str:
    """A rank in digits, as English writes it."""
    ending = "th" if value % 100 // 10 == 1 else _ENDINGS.get(value % 10, "th")
    return f"{value}{ending}"


def _from_to(found: re.Match[str], value: Range) -> str:
    bounds = [[figure.value for figure in extract(found[name], "en")] for name in ("low", "high")]
    return f"{value.low} to {value.high}" if bounds == [[value.low], [value.high]] else found[0]


def _shortest(figure: Figure, value: int, lang: str) -> str:
    if figure.kind is Kind.CARDINAL and value >= _LEAST_IN_DIGITS and _SPELLED.fullmatch(figure.text):
        return str(value)
    if figure.kind in _OF_UNITS and value >= _LEAST_IN_DIGITS and (unit := _behind_number(figure, lang)) is not None:
        return f"{value}{unit}"
    zeros = len(str(value)) - len(str(value).rstrip("0"))
    if figure.kind in (Kind.CARDINAL, Kind.MONEY) and value >= _MILLION and zeros >= _MANY_ZEROS:
        return render(replace(figure, precision=Fraction(10**zeros, 2), qualifier=None), lang)
    return figure.text


def _behind_number(figure: Figure, lang: str) -> str | None:
    """What follows the spelled number of a figure, as " percent" does in "eighteen percent"; None where it has no such number."""
    for space in reversed(list(_GAP.finditer(figure.text))):
        number, unit = figure.text[: space.start()], figure.text[space.start() :]
        if _SPELLED.fullmatch(number) and not unit.lstrip()[:1].isupper():
            alone = extract(number, lang)
            if len(alone) == 1 and (alone[0].kind, alone[0].value, alone[0].text) == (Kind.CARDINAL, figure.value, number):
                return unit
    return None


_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


def _quarter(short: re.Match[str]) -> str:
    number = _ROMAN.get(short["number"], short["number"])
    word = short["word"] or ("квартале" if short["within"] else "квартал")
    return f"{short['within'] or ''}{number}{short['ending'] or ''} {word}"


_RANKS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_POWERS = {"2": "²", "3": "³"}
_MONTHS = {name[:3]: name for name in Locale("en").months["format"]["wide"].values()}
_MONTH = "|".join(_MONTHS)
_COURSES = {"up": "a rise", "down": "a fall"}
_AMERICAN, _OTHER_DOLLARS = re.compile(r"\bUS\$(?=\d)"), re.compile(r"\b(?!US\$)[A-Z]{1,3}\$")
_SHORT: dict[str, tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = {
    "en": (
        (re.compile(r"\b(?:the )?Q([1-4])(?: of)?(?= (?:19|20)\d\d\b)"), lambda found: f"the {_RANKS[found[1]]} quarter of"),
        (re.compile(r"\((up|down)(?= [$€£]?\d)"), lambda found: f"({_COURSES[found[1]]} of"),
        (re.compile(r"\b(?:y/y|y-o-y|yoy|YoY)\b"), "year on year"),
        (re.compile(r"\b(?:q/q|q-o-q|qoq|QoQ)\b"), "quarter on quarter"),
        (re.compile(r"\b(?:m/m|m-o-m|MoM)\b"), "month on month"),
        (re.compile(r"(?<=\d )BCE\b"), "BC"),
        (re.compile(r"\bkph\b"), "km/h"),
        (re.compile(r"\b([Tt]op)-(?=(?:five|ten|twenty)\b)"), r"\1 "),
        (re.compile(r"(?<=\d )sq mi\b\.?"), "square miles"),
        (re.compile(r"(?<=\d )mi\b\.?(?=[ ),;])"), "miles"),
        (re.compile(r"(?<=\d )([kcm]?m)([23])\b"), lambda found: found[1] + _POWERS[found[2]]),
        (re.compile(rf"\b({_MONTH})[-–]({_MONTH})\b"), lambda found: f"{_MONTHS[found[1]]} to {_MONTHS[found[2]]}"),
    ),
    "ru": (
        (
            re.compile(
                r"\b(?P<within>[Вв]о? )?(?P<number>I{1,3}|IV|[1-4])(?P<ending>-[а-я]{1,2})? "
                r"(?:кв\.?(?= (?:19|20)\d\d\b)|(?P<word>квартал[а-я]*))"
            ),
            _quarter,
        ),
        (re.compile(r"\bг/г\b"), "год к году"),
        (re.compile(r"\b(?:кв/кв|к/к)\b"), "квартал к кварталу"),
        (re.compile(r"\bм/м\b"), "месяц к месяцу"),
    ),
}


def in_full(text: str, lang: str) -> str:
    """A text of language `lang` in which what the business press writes short is in full, and dollars are American if all of them are."""
    if lang == "en" and not _OTHER_DOLLARS.search(text):
        text = _AMERICAN.sub("$", text)
    for short, full in _SHORT[lang]:
        text = short.sub(full, text)
    return text


# Letters of a headline, at least: fewer may be a name.
_HEADLINE, _NEARLY_ALL = 20, Fraction(9, 10)


def in_capitals(text: str) -> bool:
    """Whether a text is a headline in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= _HEADLINE and sum(map(str.isupper, letters)) >= _NEARLY_ALL * len(letters)
