"""Figures and what became of them in short English words that a person understands."""

from __future__ import annotations

from fractions import Fraction

from svodka.figures.types import Clock, Date, Figure, Kind, Qualifier, Range, Score, value_text

__all__ = ["became", "describe", "qualifier_words"]

_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUALIFIERS = {
    Qualifier.ABOUT: "about",
    Qualifier.NEARLY: "nearly",
    Qualifier.MORE_THAN: "more than",
    Qualifier.AT_LEAST: "at least",
    Qualifier.LESS_THAN: "less than",
    Qualifier.UP_TO: "up to",
}


def qualifier_words(qualifier: Qualifier) -> str:
    """The English words of a qualifier."""
    return _QUALIFIERS[qualifier]


def describe(figure: Figure) -> str:
    """The figure in English: "8 billion USD", "Monday", "9 August 2014"."""
    match figure.value:
        case Fraction() as number:
            return _quantity(figure.kind, number, figure.unit)
        case Date() as date:
            return _date(date)
        case Clock(open_half=True) as clock:
            return f"{clock.hour}:{clock.minute:02d}"
        case Range(low=low, high=high, of=of):
            return f"{_end(of, low)}–{_end(of, high)}{f' {_plural(of, figure.unit)}' if figure.unit else ''}"
        case Clock() | Score() | str() as plain:
            return value_text(plain)


def became(source: Figure, target: Figure) -> str:
    """The heart of a reason: "8 billion became 8 million (8 млн)"."""
    before, after = describe(source), describe(target)
    if before == after:
        return f"“{source.text}” became “{target.text}”"
    return f"{before}{_aside(source, before)} became {after}{_aside(target, after)}"


def _aside(figure: Figure, words: str) -> str:
    """The surface form, where the words do not show it already."""
    return "" if figure.text.casefold() == words.casefold() else f" ({figure.text})"


def _quantity(kind: Kind, number: Fraction, unit: str | None) -> str:
    words = _number(number)
    match kind:
        case Kind.ORDINAL:
            return f"number {words}" if number.denominator == 1 else words
        case Kind.PERCENT:
            return f"{words}%"
        case Kind.PERCENTAGE_POINT:
            return f"{words} percentage points"
        case Kind.AGE:
            return f"age {words}" if unit in {None, "year"} else f"age {words} {unit}s"
        case Kind.MULTIPLE:
            return f"{words} times"
        case Kind.DECADE:
            return f"the {words}s"
        case Kind.CENTURY:
            return f"century {words}"
        case Kind.DURATION:
            return words if not unit else f"{words} {unit}" if number == 1 else f"{words} {unit}s"
        case _:
            return f"{words} {unit}" if unit else words


def _plural(kind: Kind, unit: str) -> str:
    return f"{unit}s" if kind in {Kind.DURATION, Kind.AGE} else unit


def _number(number: Fraction) -> str:
    for size, name in _SCALES:
        scaled = number / size
        if abs(scaled) >= 1 and (scaled * 1000).denominator == 1:
            return f"{value_text(scaled)} {name}"
    if number.denominator == 1 and abs(number) >= 10_000:
        return f"{number.numerator:,}"
    return value_text(number)


def _date(date: Date) -> str:
    month = _MONTHS[date.month - 1] if date.month else None
    year = None if date.year is None else f"{'fiscal ' if date.fiscal else ''}{date.year}"
    day = str(date.day) if date.day else None
    weekday = _WEEKDAYS[date.weekday - 1] if date.weekday else None
    return " ".join(part for part in (weekday, day, date.season, month, year) if part)


def _end(of: Kind, end: object) -> str:
    match end:
        case Fraction():
            return _quantity(of, end, None)
        case Date():
            return _date(end)
        case Clock() | Range() | Score() | str():
            return value_text(end)
        case _:
            return str(end)
