"""What a figure may be told as: the keys by which figures of two texts meet.

The first sense of a figure is its own (same kind, value and unit: the same figure); the others are habits of language, in which a right
translation tells the same quantity as another kind: "the 18th district" / «18 район», "one in five" / «20%», "2014" / «2014-й».
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from svodka.figures.convert import amount
from svodka.figures.growth import folds_after_fall, folds_after_rise
from svodka.figures.names import Sense, identifier_senses
from svodka.figures.types import Clock, Date, Figure, Kind, Range, Score

__all__ = ["SPANS", "Sense", "is_yearly", "own_sense", "parts", "senses"]


@lru_cache(maxsize=2_048)
def senses(figure: Figure) -> tuple[Sense, ...]:
    """Every key of the figure, its own first."""
    match figure.value:
        case Fraction() as value:
            return (_own(figure, value), *_number_habits(figure, value), *_other_separator(figure, value))
        case Date():
            return (("date", figure.value), *_date_habits(figure.value))
        case Clock():
            return _clock_senses(figure, figure.value)
        case Range():
            return _range_senses(figure, figure.value)
        case Score():
            return _score_senses(figure.value)
        case str():
            return identifier_senses(figure, figure.value)


def own_sense(figure: Figure) -> Sense:
    """The first sense alone: the same kind, value and unit."""
    match figure.value:
        case Fraction() as value:
            return _own(figure, value)
        case Date() as date:
            return ("date", date)
        case _:
            return senses(figure)[0]


def _score_senses(score: Score) -> tuple[Sense, ...]:
    # «20:18» may read as a time of day where "20-18" is a score.
    time: list[Sense] = [("time", *score.points, 0)] if len(score.points) == 2 else []
    return (("score", *score.points), ("pair", *score.points), *time)


def parts(figure: Figure) -> tuple[Figure, ...]:
    """What a composite figure consists of: the ends of a range, the fields of a date, the points of a score; itself where it is simple."""
    match figure.value:
        case Range(low=low, high=high, of=of):
            return tuple(part for end in (low, high) for part in parts(replace(figure, kind=of, value=end)))
        case Date() as date:
            return tuple(replace(figure, value=field) for field in _fields(date))
        case Score(points=points):
            return tuple(replace(figure, kind=Kind.CARDINAL, value=Fraction(point)) for point in points)
        case Fraction() as share if figure.kind is Kind.RATIO and _OUT_OF.search(figure.text):
            # «трое из четырёх» where the other text reads two numbers: "three of the four".
            return tuple(replace(figure, kind=Kind.CARDINAL, value=Fraction(end)) for end in (share.numerator, share.denominator))
        case _:
            return (figure,)


_OUT_OF = re.compile(r"\b(?:of|in|out|из)\b", re.IGNORECASE)


def _fields(date: Date) -> list[Date]:
    fields = [
        Date(weekday=date.weekday) if date.weekday else None,
        Date(day=date.day) if date.day else None,
        Date(month=date.month) if date.month else None,
        Date(season=date.season) if date.season else None,
        Date(year=date.year) if date.year else None,
    ]
    return [field for field in fields if field is not None]


def _own(figure: Figure, value: Fraction) -> Sense:
    unit = figure.unit if figure.kind in _UNITED else None
    return (figure.kind.value, unit or ("year" if figure.kind is Kind.AGE else None), value)


def _other_separator(figure: Figure, value: Fraction) -> list[Sense]:
    """«1,700 миль» of "1,700 miles": a separator that the translation left as it was, and that reads as a point now."""
    found = _LONE_SEPARATOR.search(figure.text)
    if found is None or value.denominator == 1 or value != Fraction(f"{found[1]}.{found[2]}"):
        return []
    return [_own(figure, value * 1000)]


_LONE_SEPARATOR = re.compile(r"(?<![\d.,])([1-9]\d{0,2})[.,](\d{3})(?![\d.,])")
_UNITED = {Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.AGE}


def _number_habits(figure: Figure, value: Fraction) -> list[Sense]:
    """Keys under which a number of one kind may be told as another."""
    number: Sense = ("number", value)
    match figure.kind:
        case Kind.CARDINAL:
            return [number, ("round of", value), *_cardinal_habits(figure, value)]
        case Kind.ORDINAL:
            return [number, *_ordinal_habits(figure, value)]
        case Kind.CENTURY:
            return [number, ("years of", 100, (value - 1) * 100), ("span", "century", value)]
        case Kind.PERCENT:
            return _percent_habits(value)
        case Kind.PERCENTAGE_POINT if _OF_A_POINT.match(figure.text):
            return [number, ("share", value)]  # sport has points too: «половина очка»
        case Kind.RATIO:
            return [number, ("share", value), *_grown_habits(value), *_unit_fraction_habits(figure, value)]
        case Kind.MONEY:
            return _money_habits(figure, value)
        case Kind.MULTIPLE:
            # "half as much" and «вдвое меньше» are one fold, told up or down.
            folds = max(value, 1 / value) if value else value
            return [number, ("share", value), ("fold", folds), ("risen to", value), ("fallen by", folds)]
        case Kind.DECADE:
            return _decade_habits(value)
        case Kind.AGE | Kind.DURATION | Kind.MEASURE:
            return _measured_habits(figure, value)
        case _:
            return []


_OF_A_POINT = re.compile(r"\D*\bpoint", re.IGNORECASE)


def is_yearly(figure: Figure) -> bool:
    """Whether an ordinal counts years: "the 50th anniversary", «пятидесятилетие»."""
    return figure.kind is Kind.ORDINAL and ("лет" in figure.text or figure.counted in _YEARLY)


_SHORT_YEAR = re.compile(r"[3-9]\d-[а-я]+")
_YEARLY = {"anniversary", "birthday", "jubilee", "годовщина", "юбилей"}


def _percent_habits(value: Fraction) -> list[Sense]:
    return [("share", value / 100), *_grown_habits(value / 100)]


def _grown_habits(share: Fraction) -> list[Sense]:
    # "Rose 150%" is «выросла в 2,5 раза», "fell 75%" «упала вчетверо»; `svodka.figures.growth` says whether that is meant.
    risen: Sense = ("risen to", folds_after_rise(share))
    return [risen] if (folds := folds_after_fall(share)) is None else [risen, ("fallen by", folds)]


# «пятая часть», "the fifth part": the only things that an ordinal makes shares of.
_PARTS = {"часть", "доля", "part", "share"}


def _ordinal_habits(figure: Figure, value: Fraction) -> list[Sense]:
    # «15-летие» is the 15th anniversary, and a 15-year one; "at the 40-minute mark" is «на 40-й минуте».
    habits: list[Sense] = [("years", value)] if is_yearly(figure) else []
    if figure.counted in _PARTS:
        habits.append(("nth", value))
    if figure.counted is None and _SHORT_YEAR.fullmatch(figure.text):
        habits.append(("year", 1900 + value))  # «в 98-м»
    if figure.counted in SPANS:
        habits.append(("span", SPANS[figure.counted], value))
    if value % 10 == 0 and figure.text.endswith(("-х", "-е", "-м")):
        # «начало 60-х» may read as an ordinal.
        habits.append(("tens", value))
    return habits


# Lemmas of the units of time, which an ordinal may count: «на 40-й минуте».
SPANS = {
    **{word: word for word in ("second", "minute", "hour", "day", "week", "month", "year")},
    "секунда": "second",
    "минута": "minute",
    "час": "hour",
    "день": "day",
    "неделя": "week",
    "месяц": "month",
    "год": "year",
}


def _cardinal_habits(figure: Figure, value: Fraction) -> list[Sense]:
    # "He was 81", «ему был 81 год»: years go without saying, where nothing else is counted.
    habits: list[Sense] = [] if figure.counted else [("bare years", value)]
    # Both are round numbers: "a dozen states" is «десяток штатов» to most translators, but "two dozen" is never «двадцать».
    habits += [("dozens", value / size) for size, name in _DOZENS if name.search(figure.text)]
    if _THOUSANDS.fullmatch(figure.text):
        # "A 5k race" is run over 5 km.
        habits.append((Kind.MEASURE.value, "km", value / 1000))
    if _MILLIONS.fullmatch(figure.text):
        # "He had 7.53m in the long jump."
        habits.append((Kind.MEASURE.value, "m", value / 10**6))
    if (clock := _DOTTED_CLOCK.fullmatch(figure.text)) is not None:
        # "It leaves at 14.38."
        habits.append(("time", int(clock[1]), int(clock[2]), 0))
    return habits


_MILLIONS = re.compile(r"\d+\.\d\dm")
_THOUSANDS = re.compile(r"\d+k", re.IGNORECASE)
_DOTTED_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_DOZENS = (12, re.compile("dozen|дюжин", re.IGNORECASE)), (10, re.compile("десят(?:ок|к)", re.IGNORECASE))


def _unit_fraction_habits(figure: Figure, value: Fraction) -> list[Sense]:
    if value.numerator != 1:
        return []
    # «пятая часть» reads as the fifth part; "cut by half" is «сократилось вдвое»; «одна восьмая финала» is the last 16.
    habits: list[Sense] = [("fold", 1 / value)]
    if not _ONLY_A_SHARE.fullmatch(figure.text):
        habits.append(("nth", 1 / value))
    if value.denominator in {8, 16, 32}:
        habits.append(("round of", 2 / value))
    if _OUT_OF.search(figure.text):
        # "One in 20 children" is «один из 20 детей», where «один из» is no figure.
        habits.append(("number", 1 / value))
    return habits


# «треть» is never the third of several, as "a third" may be.
_ONLY_A_SHARE = re.compile(r"(?:одн\w+ )?(?:трет|четверт)(?:ь|и|ей|ям|ями|ях)", re.IGNORECASE)


def _money_habits(figure: Figure, value: Fraction) -> list[Sense]:
    habits: list[Sense] = [("money", family, value) for family in _NAMESAKES if figure.unit in family]
    habits += [("money of", code, value) for code in sorted(_BARE.get(figure.unit or "", ())) or [figure.unit or ""]]
    if _POUND.search(figure.text):
        # "35 million pounds" of candy corn may read as money in one text and as weight in the other.
        habits.append((Kind.MEASURE.value, "lb", value))
    return habits


_POUND = re.compile(r"\bpounds?\b(?! sterling)|фунт(?!\w* стерл)", re.IGNORECASE)


# Currencies of one name, which news of a country does not tell apart: «рублей» are Belarusian in a story from Minsk.
_NAMESAKES = (
    frozenset({"RUB", "BYN", "BYR"}),
    frozenset({"INR", "IDR", "PKR", "LKR", "NPR"}),
    frozenset({"SAR", "IRR", "QAR", "OMR", "YER", "XXR"}),
)
# What money may be of which the name alone is told: "400 kroner" may be Danish, Norwegian …
_BARE = {
    "XXK": frozenset({"CZK", "SEK", "NOK", "DKK", "ISK"}),
    "XXF": frozenset({"CHF", "FRF", "BEF", "XOF", "XAF"}),
    "XXP": frozenset({"MXN", "ARS", "CLP", "COP", "PHP", "UYU", "CUP", "DOP", "XXP"}),
    "XXD": frozenset({"IQD", "RSD", "KWD", "JOD", "LYD", "TND", "DZD", "BHD"}),
}


def _decade_habits(value: Fraction) -> list[Sense]:
    if value < 100:
        # "In her 30s" is «за 30 лет».
        return [("years", value), ("tens", value)]
    # «80-е» leaves the century of "the 1980s" to the reader; "the 1900s" may be «XX век».
    habits: list[Sense] = [(Kind.DECADE.value, None, value % 100), ("tens", value % 100)]
    return [*habits, ("years of", 100, value)] if value % 100 == 0 else habits


def _measured_habits(figure: Figure, value: Fraction) -> list[Sense]:
    habits: list[Sense] = []
    base = amount(figure)
    if base is not None:
        habits.append(("amount", base.dimension, base.value))
    if figure.kind is Kind.DURATION:
        habits.append(("span", figure.unit, value))
    if figure.unit in _DEGREES:
        habits.append((Kind.MEASURE.value, "°", value))
    if (figure.kind is Kind.AGE and figure.unit is None) or figure.unit == "year":
        habits.append(("years", value))
        if figure.kind is Kind.AGE or _RUSSIAN.search(figure.text):
            # Only an age may lose its years: Russian tells it as any span of time, English does not («2» is not "two years").
            habits.append(("bare years", value))
    return habits


_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
# A text may leave it at "degrees".
_DEGREES = {"°C", "°F"}


def _date_habits(date: Date) -> list[Sense]:
    if date == Date(year=date.year, fiscal=date.fiscal) and date.year is not None:
        return [("year", Fraction(date.year)), ("number", Fraction(date.year))]
    if date == Date(day=date.day) and date.day is not None:
        return [("number", Fraction(date.day))]
    return []


def _clock_senses(figure: Figure, clock: Clock) -> tuple[Sense, ...]:
    hour, rest = clock.hour % 24, (clock.minute, clock.second or 0)
    own: Sense = ("time", hour, *rest)
    if not clock.open_half:
        return (own,)
    # "She started school at 7" may read as an hour.
    hours: tuple[Sense, ...] = (("number", Fraction(clock.hour)), ("bare years", Fraction(clock.hour)))
    number = hours if rest == (0, 0) else ()
    if _CLOCK_FACE.search(figure.text):
        # "7:30" for «19:30» has lost the half of the day; "half past seven" has not.
        return (own, *number)
    return (own, ("time", (hour + 12) % 24, *rest), *number)


_CLOCK_FACE = re.compile(r"\d[:.]\d\d")


def _range_senses(figure: Figure, value: Range) -> tuple[Sense, ...]:
    low, high = (senses(replace(figure, kind=value.of, value=end)) for end in (value.low, value.high))
    # What the ends may be told as, the range may be: "aged 10 to 15" is «от 10 до 15 лет».
    keys: list[Sense] = [("range", first, second) for first in low for second in high if first[0] == second[0]]
    if value.of is Kind.CARDINAL and isinstance(value.low, Fraction) and isinstance(value.high, Fraction):
        keys.append(("pair", value.low, value.high))
    return tuple(keys)
