"""Dates: days, months, years and weekdays in every order that newspapers use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.numeric_date import numeric_date
from svodka.figures.types import Date, Kind

if TYPE_CHECKING:
    from svodka.figures.lexicon import CalendarWord

__all__ = [
    "calendar_word",
    "date_from_adjective",
    "date_from_day",
    "date_from_month",
    "date_from_season",
    "date_from_weekday",
    "day_number",
    "month_word",
    "year_number",
    "years_digits",
]

_FIRST_YEAR, _LAST_YEAR = 1000, 2100


def calendar_word(reader: Reader, i: int, what: str) -> tuple[CalendarWord, int] | None:
    """A word of the calendar of one sort."""
    found = reader.lex.calendar.match(reader.tokens, i)
    return found if found is not None and found[0].what == what else None


def month_word(reader: Reader, i: int, *, dated: bool = False) -> tuple[CalendarWord, int] | None:
    """A month; what is only spelled like one ("may", "march", "Marta") is not, but after a day («28 Июня») it is."""
    found = calendar_word(reader, i, "month")
    if found is None:
        return None
    capital = reader.tokens.capital(i)
    if reader.lex.habits.month_first:  # English months are capitalised, Russian ones are not
        return found if capital else None
    begins = dated or i == 0 or not reader.tokens.word(i - 1)[-1:].isalnum()
    return found if not capital or begins or reader.tokens.capitals(i) else None


def day_number(reader: Reader, i: int) -> tuple[int, int] | None:
    """A day of the month: "14", "14th", "14-го", "четырнадцатого"."""
    if reader.tokens.joined(i) and reader.tokens.word(i - 1) in ("/", ".", ":"):
        return None  # "57/1 October Street"
    number = reader.number(i)
    if number is None or number.scale is not None or (number.words and not number.ordinal) or number.plural:
        return None
    day = number.whole
    return (day, number.end) if day is not None and 1 <= day <= 31 else None


def years_digits(reader: Reader, i: int) -> int | None:
    """A year of four digits that are no part of a longer number."""
    word = reader.tokens.word(i)
    if len(word) != 4 or not is_digits(word) or not _FIRST_YEAR <= int(word) <= _LAST_YEAR:
        return None
    number = reader.number(i)
    return int(word) if number is not None and number.end == i + 1 and number.digits is not None else None


def year_number(reader: Reader, i: int) -> tuple[int, int] | None:
    """A year with the word for it where it follows: "2014", "2014 года", "2014-го", "две тысячи двадцать третьего года"."""
    value = years_digits(reader, i)
    if value is not None:
        return value, _after_year(reader, i + 1)
    number = reader.number(i)
    if number is None or not number.ordinal or not _FIRST_YEAR <= (number.whole or 0) <= _LAST_YEAR:
        return None
    end = _after_year(reader, number.end)
    return (int(number.value), end) if end > number.end or number.suffix else None


def _after_year(reader: Reader, end: int) -> int:
    """The end of a year, its word included: "2014 года", "2014 г."."""
    tokens, sets = reader.tokens, reader.lex.sets
    word = tokens.word(end)
    if word in sets.year_words:
        return end + 1
    if word in sets.year_abbreviations:
        point = tokens.word(end + 1) == "." and tokens.joined(end + 1)
        return end + 2 if point else end + 1
    return end


def date_from_day(reader: Reader, i: int) -> Hit | None:
    """A day, then its month: "14 August 2014", "the 14th of August", "14 августа 2014 года, в понедельник"."""
    day = day_number(reader, i)
    if day is None:
        return None
    after = day[1] + 1 if reader.tokens.word(day[1]) in reader.lex.sets.of_words else reader.hyphen(day[1])
    month = month_word(reader, after, dated=True)
    if month is None or (month[0].number == 2 and day[0] > 29):
        return None
    return _with_weekday(reader, _with_year(reader, i, Date(day=day[0], month=month[0].number), month[1]))


def date_from_month(reader: Reader, i: int) -> Hit | None:
    """A month, with its day and year where they follow: "August 14, 2014", "Aug. 2014", "в августе"."""
    month = month_word(reader, i)
    if month is None:
        return None
    word, end = month
    date = Date(month=word.number)
    if reader.lex.habits.month_first:
        day = day_number(reader, end + 1 if reader.tokens.word(end) == "the" else end)
        if day is not None and years_digits(reader, end) is None and not _counts(reader, day[1]):
            return _with_weekday(reader, _with_year(reader, i, replace(date, day=day[0]), day[1]))
    hit = _with_year(reader, i, date, end)
    if hit.end == end and not (_is_short_month(reader, i, end) if word.short else _is_month(reader, i, end)):
        return None
    return hit


def _is_short_month(reader: Reader, i: int, end: int) -> bool:
    """Whether a shortened month stands alone: "the vote is set for Oct.", not "Dec said"."""
    before = reader.tokens.word(i - 1)
    return reader.tokens.words[end - 1] == "." and before.isalpha() and before in reader.lex.sets.month_before


def _counts(reader: Reader, end: int) -> bool:
    """Whether the number before `end` has a unit and so is no day: "in May 5 percent"."""
    return reader.unit_at(end)


# Months that are other words and names as well: "May said", "March on Washington", "April Jones", "Augusta"; and Russian ones.
_OTHER_WORDS = frozenset({"may", "march", "april", "june", "august"})
_NAMES = frozenset({"марта", "мая", "августа"})


def _is_month(reader: Reader, i: int, end: int) -> bool:
    """Whether a lone month is meant as one: "in May", not "Theresa May", "March of the Penguins", «Марта Кляйн»."""
    tokens = reader.tokens
    if tokens.words[i] in _NAMES:
        return not tokens.capital(i)
    if not reader.lex.habits.month_first or tokens.words[i] not in _OTHER_WORDS:
        return True
    before, possessive = tokens.word(i - 1), tokens.word(end) == "'" and tokens.joined(end) and tokens.word(end + 1) == "s"
    if before in reader.lex.sets.month_before and not possessive:
        return not ((tokens.words[i] in ("may", "april", "june") or before == "by") and tokens.capital(end) and tokens.words[end].isalpha())
    word, after = tokens.words[i], tokens.word(end)
    if possessive:  # "May's election", not "May's cabinet"
        return word in ("march", "august") or tokens.word(end + 2) in reader.lex.sets.month_things
    plain = after.isalpha() and not tokens.capital(end) and after not in reader.lex.sets.month_not_before
    if before == "the":
        return plain  # "the May high", "the March deadline"
    return word == "august" and plain and before.isalnum() and not tokens.capital(i - 1)  # "five August millionaires"


def _with_year(reader: Reader, start: int, date: Date, end: int) -> Hit:
    step = end + 1 if reader.tokens.word(end) in reader.lex.sets.year_joiners else end
    found = year_number(reader, step)
    if found is None and reader.tokens.word(end) == "'":
        short = _short_year(reader, end)
        found = short
    if found is None:
        return Hit(start=start, end=end, kind=Kind.DATE, value=date)
    return Hit(start=start, end=found[1], kind=Kind.DATE, value=replace(date, year=found[0]))


def _short_year(reader: Reader, i: int) -> tuple[int, int] | None:
    """A year of two digits behind an apostrophe: "'98"."""
    word = reader.tokens.word(i + 1)
    if not reader.tokens.joined(i + 1) or len(word) != 2 or not is_digits(word):
        return None
    return (1900 if int(word) > 30 else 2000) + int(word), i + 2


def _with_weekday(reader: Reader, hit: Hit) -> Hit:
    """Takes in a weekday that follows: "14 августа, в понедельник", "14 August (Monday)"."""
    tokens, joiners, at = reader.tokens, reader.lex.sets.weekday_joiners, hit.end
    for _ in range(2):
        if tokens.word(at) in joiners:
            at += 1
    found = calendar_word(reader, at, "weekday") if at > hit.end else None
    if found is None or found[0].short or not isinstance(hit.value, Date):
        return hit
    end = found[1]
    if "(" in tokens.words[hit.end : at]:
        if tokens.word(end) != ")":
            return hit
        end += 1
    elif date_from_day(reader, end + (tokens.word(end) == ",")) is not None:
        return hit  # the weekday belongs to the next date
    return replace(hit, end=end, value=replace(hit.value, weekday=found[0].number))


def date_from_weekday(reader: Reader, i: int) -> Hit | None:
    """A weekday, with the date that follows it: "Monday, 14 August", "в среду"."""
    found = calendar_word(reader, i, "weekday")
    if found is None:
        return None
    word, end = found
    if reader.lex.habits.month_first and not reader.tokens.capital(i):
        return None
    after = end
    for _ in range(2):
        if reader.tokens.word(after) in reader.lex.sets.weekday_links:
            after += 1
    hit = (
        date_from_day(reader, after)
        or (date_from_month(reader, after) if reader.lex.habits.month_first else None)
        or (numeric_date(reader, after) if is_digits(reader.tokens.word(after) or "-") else None)
    )
    if hit is not None and isinstance(hit.value, Date) and hit.value.day is not None and hit.value.weekday is None:
        return replace(hit, start=i, value=replace(hit.value, weekday=word.number))
    if word.short or not _is_weekday(reader, i):
        return None
    return Hit(start=i, end=end, kind=Kind.DATE, value=Date(weekday=word.number))


def date_from_adjective(reader: Reader, i: int) -> Hit | None:
    """A month or weekday as an adjective: «мартовские выборы», «в субботнем матче»; «Октябрьская площадь» is a name."""
    found = reader.lex.calendar.match(reader.tokens, i)
    if found is None or not found[0].adjective:
        return None
    if reader.tokens.capital(i) and reader.tokens.word(i - 1)[-1:].isalnum():
        return None
    word, end = found
    if word.number == 5 and reader.tokens.word(end) in reader.lex.sets.mayan:
        return None  # «майский календарь»
    date = Date(month=word.number) if word.what == "month-adjective" else Date(weekday=word.number)
    return Hit(start=i, end=end, kind=Kind.DATE, value=date)


def _is_weekday(reader: Reader, i: int) -> bool:
    """Whether the word is the day: «в среду», not «окружающую среду»."""
    word = reader.words[i]
    if word not in reader.lex.sets.doubtful_weekdays:
        return True
    return f"{reader.tokens.word(i - 1)}+{word}" in reader.lex.sets.weekday_pairs


def date_from_season(reader: Reader, i: int) -> Hit | None:
    """A season of a year: "the summer of 2014", "летом 2014 года"; a season alone is no figure."""
    found = calendar_word(reader, i, "season")
    if found is None:
        return None
    word, end = found
    tokens = reader.tokens
    step = end + 1 if tokens.word(end) in reader.lex.sets.of_words or tokens.word(end) in ("-", ",") else end
    year = year_number(reader, step)
    if year is None or (tokens.word(year[1]) in ("-", "/") and tokens.joined(year[1])):
        return None  # "осень-зима 1971-1972" are years
    return Hit(start=i, end=year[1], kind=Kind.DATE, value=Date(season=word.value, year=year[0]))
