"""Dates: days, months, years and weekdays in every order that newspapers use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Date, Kind

if TYPE_CHECKING:
    from svodka.figures.lexicon import CalendarWord

__all__ = ["date_from_day", "date_from_month", "date_from_weekday", "year"]

_FIRST_YEAR, _LAST_YEAR = 1000, 2100


def calendar_word(reader: Reader, i: int, what: str) -> tuple[CalendarWord, int] | None:
    """A word of the calendar of one sort."""
    found = reader.lex.calendar.match(reader.tokens, i)
    return found if found is not None and found[0].what == what else None


def day_number(reader: Reader, i: int) -> tuple[int, int] | None:
    """A day of the month: "14", "14th", "14-го", "четырнадцатого"."""
    number = reader.number(i)
    if number is None or number.scale is not None or not (1 <= number.value <= 31) or number.value.denominator != 1:
        return None
    if number.words and not number.ordinal:
        return None
    return int(number.value), number.end


def year_number(reader: Reader, i: int) -> tuple[int, int] | None:
    """A year of four digits, with the word for it where it follows: "2014", "2014 года"."""
    word = reader.tokens.word(i)
    if len(word) != 4 or not word.isdigit() or not _FIRST_YEAR <= int(word) <= _LAST_YEAR:
        return None
    number = reader.number(i)
    if number is None or number.digits is None:
        return None
    end = number.end
    if reader.tokens.word(end) in reader.lex.year_words:
        end += 1
    elif reader.lex.year_signs.match(reader.tokens, end) is not None:
        end = reader.lex.year_signs.match(reader.tokens, end)[1]
    return int(word), end


def date_from_day(reader: Reader, i: int) -> Hit | None:
    """A day, then its month: "14 August 2014", "the 14th of August", "14 августа 2014 года"."""
    day = day_number(reader, i)
    if day is None:
        return None
    after = day[1]
    if reader.tokens.word(after) in reader.lex.of_words:
        after += 1
    month = calendar_word(reader, after, "month")
    if month is None:
        return None
    return _with_year(reader, i, day[0], month[0].number, month[1])


def date_from_month(reader: Reader, i: int) -> Hit | None:
    """A month, with its day and year where they follow: "August 14, 2014", "Aug. 2014", "в августе"."""
    month = calendar_word(reader, i, "month")
    if month is None:
        return None
    if reader.lex.month_first and (day := day_number(reader, month[1])) is not None:
        return _with_year(reader, i, day[0], month[0].number, day[1])
    hit = _with_year(reader, i, None, month[0].number, month[1])
    if hit.end == month[1] and month[0].short:
        return None
    return hit


def _with_year(reader: Reader, start: int, day: int | None, month: int, end: int) -> Hit:
    step = end + 1 if reader.tokens.word(end) in reader.lex.year_joiners else end
    found = year_number(reader, step)
    if found is None:
        return Hit(start=start, end=end, kind=Kind.DATE, value=Date(month=month, day=day))
    return Hit(start=start, end=found[1], kind=Kind.DATE, value=Date(year=found[0], month=month, day=day))


def date_from_weekday(reader: Reader, i: int) -> Hit | None:
    """A weekday, with the date that follows it: "Monday, 14 August", "в среду"."""
    found = calendar_word(reader, i, "weekday")
    if found is None:
        return None
    weekday, end = found[0].number, found[1]
    after = end + 1 if reader.tokens.word(end) == "," else end
    hit = date_from_day(reader, after) or (date_from_month(reader, after) if reader.lex.month_first else None)
    if hit is not None and isinstance(hit.value, Date) and hit.value.day is not None:
        date = Date(year=hit.value.year, month=hit.value.month, day=hit.value.day, weekday=weekday)
        return Hit(start=i, end=hit.end, kind=Kind.DATE, value=date)
    if found[0].short:
        return None
    return Hit(start=i, end=end, kind=Kind.DATE, value=Date(weekday=weekday))


def year(reader: Reader, i: int) -> Hit | None:
    """A year alone: "in 2019", "2019 году"."""
    found = year_number(reader, i)
    if found is None:
        return None
    value, end = found
    named = end > i + 1
    if not named and value < 1900 and reader.tokens.word(i - 1) not in reader.lex.year_before:
        return None
    return Hit(start=i, end=end, kind=Kind.DATE, value=Date(year=value))
