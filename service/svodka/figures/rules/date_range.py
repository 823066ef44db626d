"""Ranges of dates: "10–12 августа", "August 10-12", "July-August", "2013-14", "с 1998 по 2003 год"; and days that share a month."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.date import date_from_day, date_from_month, date_from_weekday, day_number, month_word, year_number, years_digits
from svodka.figures.rules.range import range_link
from svodka.figures.types import Date, Kind, Range

if TYPE_CHECKING:
    from svodka.figures.lexicon import CalendarWord

__all__ = ["day_range", "month_range", "shared_month", "weekday_range", "year_range"]


def _range(start: int, end: int, low: Date, high: Date) -> Hit:
    return Hit(start=start, end=end, kind=Kind.RANGE, value=Range(low=low, high=high, of=Kind.DATE))


def day_range(reader: Reader, i: int) -> Hit | None:
    """Days: "10–12 августа", "с 10 по 12 августа 2014 года", "30 июля - 2 августа", "August 10-12, 2014"."""
    first = date_from_day(reader, i) or date_from_month(reader, i)
    if first is None:
        return _bare_day_range(reader, i)
    if not isinstance(first.value, Date) or first.value.day is None:
        return None
    link = range_link(reader, i, first.end)
    if link is None:
        return None
    low = first.value
    second = date_from_day(reader, link[0]) or date_from_month(reader, link[0])
    if second is not None and isinstance(second.value, Date) and second.value.day is not None:
        high = second.value
        low = low if low.year is not None or high.year is None else replace(low, year=high.year)
        return _range(i, second.end, low, high)
    at = link[0] + 1 if reader.tokens.word(link[0]) == "the" else link[0]
    day = day_number(reader, at)  # "August 10-12, 2014", "May 10 to the 26th"
    if day is None or not reader.lex.habits.month_first or low.year is not None or day[0] <= (low.day or 0):
        return None
    if reader.unit_at(day[1]):
        return None
    end, year = day[1], None
    at = end + 1 if reader.tokens.word(end) == "," else end
    found = year_number(reader, at)
    if found is not None:
        year, end = found
    return _range(i, end, replace(low, year=year), replace(low, day=day[0], year=year))


def _bare_day_range(reader: Reader, i: int) -> Hit | None:
    day = day_number(reader, i)
    if day is None:
        return None
    link = range_link(reader, i, day[1])
    if (
        link is None
        and reader.tokens.word(day[1]) in reader.lex.sets.overnight
        and reader.tokens.word(i - 1) in reader.lex.sets.openers_from
    ):
        link = (day[1] + 1, "to")  # "в ночь с 15 на 16 июля"
    if link is None:
        return None
    second = date_from_day(reader, link[0] + (reader.tokens.word(link[0]) == "the"))  # "from the 1st through the 5th of November"
    if second is None or not isinstance(second.value, Date) or second.value.day is None or second.value.day <= day[0]:
        return None
    return _range(i, second.end, replace(second.value, day=day[0], weekday=None), second.value)


def shared_month(reader: Reader, i: int) -> Hit | None:
    """A day whose month stands behind a later one: the first of "14 и 15 августа", "10, 12 и 14 мая"."""
    day = day_number(reader, i)
    if day is None:
        return None
    at = day[1]
    for _ in range(6):
        if reader.tokens.word(at) not in reader.lex.sets.list_words:
            return None
        following = date_from_day(reader, at + 1)
        if following is not None and isinstance(following.value, Date):
            date = Date(day=day[0], month=following.value.month, year=following.value.year)
            return Hit(start=i, end=day[1], kind=Kind.DATE, value=date)
        further = day_number(reader, at + 1)
        if further is None:
            return None
        at = further[1]
    return None


def month_range(reader: Reader, i: int) -> Hit | None:
    """Months: "July-August", "в июле-августе 2014 года", "from May to August", "с мая по август"."""
    first = month_word(reader, i)
    if first is None:
        return None
    year = year_number(reader, first[1])
    end = first[1] if year is None else year[1]
    link = range_link(reader, i, end)
    second = None if link is None else date_from_month(reader, link[0]) or _short_month(reader, first[0], link[0])
    if second is None or not isinstance(second.value, Date) or second.value.day is not None or second.value.weekday is not None:
        return None
    if link is not None and link[1] in reader.lex.sets.range_bare and link[1] in reader.lex.sets.list_words:
        return None  # "May or June" are two months
    low = Date(month=first[0].number, year=second.value.year if year is None else year[0])
    return _range(i, second.end, low, second.value)


def _short_month(reader: Reader, first: CalendarWord, i: int) -> Hit | None:
    """The second of two shortened months: "Nov-Feb"."""
    found = month_word(reader, i) if first.short else None
    if found is None:
        return None
    pointed = reader.tokens.words[found[1] - 1] == "." and reader.tokens.word(i - 2) != "."  # the sentence ends with "Nov-Feb."
    return Hit(start=i, end=found[1] - pointed, kind=Kind.DATE, value=Date(month=found[0].number))


def weekday_range(reader: Reader, i: int) -> Hit | None:
    """Weekdays: "Monday to Friday", "с понедельника по пятницу"."""
    first = date_from_weekday(reader, i)
    if first is None or not isinstance(first.value, Date) or first.value.day is not None:
        return None
    link = range_link(reader, i, first.end)
    if link is None or (link[1] in reader.lex.sets.list_words and link[1] != "and" and link[1] != "и"):
        return None
    second = date_from_weekday(reader, link[0])
    if second is None or not isinstance(second.value, Date) or second.value.day is not None:
        return None
    return _range(i, second.end, first.value, second.value)


def year_range(reader: Reader, i: int) -> Hit | None:
    """Years and seasons: "2013-14", "2013/14", "в 2013–2014 годах", "between 1998 and 2003", "с 1998 года по 2003 год"."""
    first = year_number(reader, i)
    if first is None:
        return None
    tokens = reader.tokens
    low, at = first
    if at == i + 1 and tokens.word(at) in ("-", "/") and tokens.joined(at) and tokens.joined(at + 1) and len(tokens.word(at + 1)) == 2:
        short = tokens.word(at + 1)
        end = at + 2
        if is_digits(short) and int(short) > low % 100 and not (tokens.joined(end) and tokens.word(end) in ("-", "/", "%")):
            return _years(reader, i, low, low // 100 * 100 + int(short), end)
        return None
    slash = at == i + 1 and tokens.word(at) == "/" and tokens.joined(at)
    link = (at + 1, "dash") if slash else range_link(reader, i, at)
    second = None if link is None else year_number(reader, link[0])
    if link is None or second is None or second[0] <= low or (link[1] in reader.lex.sets.list_words and link[1] not in ("and", "и")):
        return None
    found = reader.amount(link[0])
    named = second[1] > link[0] + 1
    if not named and found is not None and found.factor is not None:
        return None
    if not named and (reader.lex.grammar.counted(tokens, second[1]) and link[1] != "dash"):
        return None
    return _range(i, second[1], Date(year=low), Date(year=second[0]))


def _years(reader: Reader, i: int, low: int, high: int, end: int) -> Hit:
    words = reader.lex.sets.year_words
    fiscal = reader.tokens.word(end) in reader.lex.sets.fiscal_words or reader.tokens.word(i - 1) in reader.lex.sets.fiscal_words
    if reader.tokens.word(end) in words:
        end += 1
    if years_digits(reader, i) is None:
        fiscal = False
    return _range(i, end, Date(year=low, fiscal=fiscal), Date(year=high, fiscal=fiscal))
