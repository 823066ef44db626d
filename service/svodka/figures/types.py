"""The words of the figure engine: what a figure is and what became of it. A leaf: imports nothing local."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

__all__ = [
    "SETTLED",
    "CheckVerdict",
    "Clock",
    "Comparison",
    "Date",
    "Figure",
    "Kind",
    "Mode",
    "Pair",
    "Qualifier",
    "Range",
    "Relation",
    "Score",
    "Value",
    "value_text",
]


class Kind(StrEnum):
    """What sort of quantity a figure states."""

    CARDINAL = "cardinal"  # 82 companies, двадцать человек
    ORDINAL = "ordinal"  # 16th, 6-го, третий
    PERCENT = "percent"  # 5%, пять процентов
    PERCENTAGE_POINT = "percentage_point"  # 2 p.p., 2 п. п.; basis points are hundredths of it
    MONEY = "money"  # $8 billion, 500 млрд рублей; unit is ISO 4217
    MEASURE = "measure"  # 300 km, 20 тонн; unit is a symbol
    DATE = "date"  # any of year, month, day, weekday
    TIME = "time"  # 7 p.m., 19:00
    DURATION = "duration"  # five-hour, три года; unit is second … year
    AGE = "age"  # 29-year-old, 45 лет (of a person); value in years unless unit says otherwise
    RATIO = "ratio"  # two-thirds, 1 in 5, полтора; a part of one or of a stated whole
    MULTIPLE = "multiple"  # twice, вдвое, threefold
    SCORE = "score"  # 2:1
    RANGE = "range"  # 30–50; two ends sharing a unit; `of` tells the kind of the ends
    DECADE = "decade"  # 1980s, 80-е
    CENTURY = "century"  # 20th century, XX век
    IDENTIFIER = "identifier"  # F-16, COVID-19, № 109; compared as a string


class Qualifier(StrEnum):
    """What a text says of how exact a figure is."""

    ABOUT = "about"  # about, around, roughly; около, примерно
    NEARLY = "nearly"  # nearly, almost; почти
    MORE_THAN = "more_than"  # more than, over; более, свыше
    AT_LEAST = "at_least"  # at least; не менее
    LESS_THAN = "less_than"  # under, fewer than; менее
    UP_TO = "up_to"  # up to, at most; до, не более


class Relation(StrEnum):
    """What became of a figure on its way from one text to another."""

    PRESERVED = "PRESERVED"  # same value, same kind, same surface but for what the language demands
    REFORMATTED = "REFORMATTED"  # same value, other surface
    ROUNDED = "ROUNDED"  # agrees within the stated precision
    CONVERTED = "CONVERTED"  # other unit, consistent value
    CHANGED = "CHANGED"  # counterpart found, value or unit differs
    MISSING = "MISSING"  # no counterpart in the target
    UNSUPPORTED = "UNSUPPORTED"  # no counterpart in the source
    UNCERTAIN = "UNCERTAIN"  # the engine cannot tell


# The two figures of such a pair say the same.
SETTLED = frozenset({Relation.PRESERVED, Relation.REFORMATTED, Relation.ROUNDED, Relation.CONVERTED})


class Mode(StrEnum):
    """How two texts are compared."""

    TRANSLATION = "translation"  # both ways: nothing missing, added or changed
    SUMMARY = "summary"  # one way: every figure of the target is supported by the source, in its context


class CheckVerdict(StrEnum):
    """What a comparison says as a whole."""

    OK = "ok"
    MISMATCH = "mismatch"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, kw_only=True, slots=True)
class Date:
    """A date as far as the text states it. Months are 1–12, weekdays 1 (Monday) – 7 (ISO 8601); season is one of spring … winter."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: str | None = None
    fiscal: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A time of day on the 24-hour clock; `open_half` where the text leaves morning or evening open ("at 7")."""

    hour: int
    minute: int = 0
    second: int | None = None
    zone: str | None = None
    open_half: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """Two ends, low as first stated, high as second; `of` is the kind of the ends."""

    low: Value
    high: Value
    of: Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A score or a stated proportion, in the order of the text: 2:1 is (2, 1)."""

    points: tuple[int, ...]


# Fraction: every number; str: an identifier, normalised ("F-16").
Value = Fraction | Date | Clock | Range | Score | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A quantity that a text states.

    `start` and `end` are Unicode code points of the text as it was given, half-open; `text` is that slice (the surface form).
    The surface form holds the number with its scale, unit and currency and the words that make the kind ("aged 29"), not the qualifier.
    `precision` is half a unit of the last stated place, in units of `value` ("1.2bn" → 50 000 000); None where it is exact by nature.
    `counted` is the lemma of what is counted, where there is such a word: "82 foreign companies" → "company".
    `doubt` says why the reading is not certain ("3/4 may be a date"); None for a certain one.
    `rule` names the rule that read it.
    """

    kind: Kind
    value: Value
    unit: str | None = None
    qualifier: Qualifier | None = None
    precision: Fraction | None = None
    counted: str | None = None
    doubt: str | None = None
    rule: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A figure and its counterpart; one side is None for MISSING (target) and UNSUPPORTED (source).

    A figure that one text tells in pieces (a range as its two ends) is REFORMATTED in several pairs, all but one with one side None.

    `reason` is a short sentence that a person understands; empty only for PRESERVED.
    `minor` marks what is reported but does not spoil the verdict: a lost qualifier, say.
    """

    source: Figure | None
    target: Figure | None
    relation: Relation
    reason: str = ""
    minor: bool = False

    def contradicted(self, reason: str) -> Pair:
        """The same two figures, which do not say the same for this reason."""
        return replace(self, relation=Relation.CHANGED, reason=reason, minor=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Every figure of both texts once (in summary mode: every figure of the target), in the order of the target, then what is missing."""

    verdict: CheckVerdict
    pairs: tuple[Pair, ...]


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def value_text(value: Value) -> str:
    """The exact value as text, one form for one value.

    Numbers: `1500`, `-2.5`, `1/3` where decimals do not end. Dates: `2023-08-14`, `2023-08`, `2023`, `--08-14`, `--08`, with `Mon` in
    front where the weekday is stated (`Mon 2023-08-14`, `Mon`), `summer 2023`, `FY2017`. Clocks: `19:30`, `19:30:05`, `07:00?` where the
    half of the day is open, `19:30 MSK`. Ranges: `30000..50000`. Scores: `2:1`. Identifiers: as they are.
    """
    match value:
        case str():
            return value
        case Fraction():
            return _number_text(value)
        case Date():
            return _date_text(value)
        case Clock():
            seconds = "" if value.second is None else f":{value.second:02d}"
            mark = "?" if value.open_half else ""
            zone = f" {value.zone}" if value.zone else ""
            return f"{value.hour:02d}:{value.minute:02d}{seconds}{mark}{zone}"
        case Range():
            return f"{value_text(value.low)}..{value_text(value.high)}"
        case Score():
            return ":".join(str(point) for point in value.points)


def _number_text(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"
    return f"-{text}" if number < 0 else text


def _date_text(date: Date) -> str:
    if date.month is not None:
        day = "" if date.day is None else f"-{date.day:02d}"
        body = f"{'-' if date.year is None else date.year}-{date.month:02d}{day}"
    else:
        body = "" if date.year is None else f"{'FY' if date.fiscal else ''}{date.year}"
    weekday = "" if date.weekday is None else _WEEKDAYS[date.weekday - 1]
    return " ".join(part for part in (weekday, date.season, body) if part)
