"""Years by themselves: "in 2019", "2019 году", "'98", "FY17", "500 BC"."""

from __future__ import annotations

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.date import year_number, years_digits
from svodka.figures.types import Date, Kind

__all__ = ["era_year", "fiscal_year", "short_year", "spelled_year", "year"]


def fiscal_year(reader: Reader, i: int) -> Hit | None:
    """A business year: "FY17", "FY 2017", "fiscal 2017", "2017 финансовый год"."""
    tokens, sets = reader.tokens, reader.lex.sets
    at = i
    if is_digits(tokens.words[i]):
        value = years_digits(reader, i)
        if value is None or tokens.word(i + 1) not in sets.fiscal_words:
            return None
        end = i + 3 if tokens.word(i + 2) in sets.year_words else i + 2
        return Hit(start=i, end=end, kind=Kind.DATE, value=Date(year=value, fiscal=True))
    at += 1
    if tokens.word(at) in sets.year_nouns:
        at += 1
    digits = tokens.word(at)
    if len(digits) == 2 and is_digits(digits) and tokens.words[i] in sets.year_signs_before:
        return Hit(start=i, end=at + 1, kind=Kind.DATE, value=Date(year=2000 + int(digits), fiscal=True))
    value = years_digits(reader, at)
    return None if value is None else Hit(start=i, end=at + 1, kind=Kind.DATE, value=Date(year=value, fiscal=True))


def era_year(reader: Reader, i: int) -> Hit | None:
    """A year of an era: "500 BC", "79 AD", "AD 79", "500 г. до н. э."."""
    tokens, lex = reader.tokens, reader.lex
    at = i if is_digits(tokens.words[i]) else i + 1
    before = at > i
    number = reader.number(at)
    if number is None or number.whole is None or number.words or number.scale or number.ordinal or number.plural:
        return None
    end = number.end
    if before:
        found = lex.eras.match(tokens, i)
        if found is None or found[1] != at:
            return None
        return Hit(start=i, end=end, kind=Kind.DATE, value=Date(year=int(number.value) * found[0]))
    if tokens.word(end) in lex.sets.year_words or tokens.word(end) in lex.sets.year_abbreviations:
        end += 2 if tokens.word(end + 1) == "." else 1
    found = lex.eras.match(tokens, end)
    if found is None:
        return None
    return Hit(start=i, end=found[1], kind=Kind.DATE, value=Date(year=int(number.value) * found[0]))


def short_year(reader: Reader, i: int) -> Hit | None:
    """Two digits behind an apostrophe: "the class of '98"; "98-го года"."""
    tokens = reader.tokens
    word = tokens.word(i + 1)
    if tokens.words[i] == "'":
        if tokens.joined(i) or not tokens.joined(i + 1) or len(word) != 2 or not is_digits(word) or tokens.word(i + 2) in ("s", "'"):
            return None
        if not tokens.word(i - 1).isalpha() or reader.lex.grammar.counted(tokens, i + 2):
            return None  # a quotation that starts with a number: "'37 kids were killed"
        return Hit(start=i, end=i + 2, kind=Kind.DATE, value=Date(year=_century(int(word))))
    number = reader.number(i)
    if (
        number is None
        or not number.ordinal
        or not 30 <= number.value <= 99
        or tokens.word(number.end) not in reader.lex.sets.year_words - reader.lex.sets.plural_years
    ):
        return None
    if tokens.word(number.end + 1) in reader.lex.sets.year_of:
        return None
    return Hit(start=i, end=number.end + 1, kind=Kind.DATE, value=Date(year=_century(int(number.value))))


def _century(year: int) -> int:
    return (1900 if year >= 30 else 2000) + year


def spelled_year(reader: Reader, i: int) -> Hit | None:
    """A year read out in two halves: "nineteen eighty-four"."""
    first = reader.number(i)
    if first is None or not first.words or first.ordinal or not 10 <= first.value <= 20 or first.value.denominator != 1:
        return None
    second = reader.number(first.end)
    if second is None or not second.words or second.ordinal or not 10 <= second.value <= 99 or not reader.lex.habits.month_first:
        return None
    return Hit(start=i, end=second.end, kind=Kind.DATE, value=Date(year=int(first.value) * 100 + int(second.value)))


def year(reader: Reader, i: int) -> Hit | None:
    """A year alone, where the words around it say so or nothing else can be meant."""
    found = year_number(reader, i) or _early_year(reader, i)
    if found is None:
        return None
    value, end = found
    if value >= 1000 and is_digits(reader.words[i]) and len(reader.words[i]) < len("1000"):
        return None  # "the 1,000th race"
    if end > i + 1 or value < 1000 or _stands_for_year(reader, i, value):
        return Hit(start=i, end=end, kind=Kind.DATE, value=Date(year=value))
    return None


def _early_year(reader: Reader, i: int) -> tuple[int, int] | None:
    """A year of the first millennium, which needs its word: "in the year 733", "в 733 году"; "в 90 году" is of this century's press."""
    tokens, sets = reader.tokens, reader.lex.sets
    word = tokens.words[i]
    if not is_digits(word) or len(word) > 3 or word[0] == "0" or reader.number(i) is None:
        return None
    if tokens.word(i - 1) in sets.year_nouns and tokens.word(i - 2) == "the" and len(word) == 3:
        return int(word), i + 1
    if tokens.word(i + 1) not in sets.in_year or tokens.word(i + 2) in sets.year_of:
        return None
    return (int(word) if len(word) == 3 else _century(int(word)), i + 2) if len(word) > 1 else None


def _stands_for_year(reader: Reader, i: int, value: int) -> bool:
    tokens, sets = reader.tokens, reader.lex.sets
    before = tokens.word(i - 1)
    found = reader.amount(i)
    if found is not None and found.factor is not None:
        return False
    compared = before == "than" and tokens.word(i - 2) in sets.year_compared
    if before in sets.year_never_after and not compared:
        return False
    if (compared or before in sets.year_before) and not _counts_things(reader, i, value):
        return True
    return 1900 <= value <= 2099 and not _counts_things(reader, i, value)


def _counts_things(reader: Reader, i: int, value: int) -> bool:
    """Whether a plural noun follows that the number may count: "2000 people", not "2014 elections"."""
    tokens = reader.tokens
    if not tokens.word(i + 1).isalpha() or tokens.capital(i + 1):
        return False
    counted = reader.lex.grammar.counted(tokens, i + 1)
    if counted is None:
        return False
    return (
        not reader.lex.habits.month_first
        or value % 100 == 0
        or not 1900 <= value <= 2099
        or counted in ("person", "man", "woman", "child", "soldier")
    )
