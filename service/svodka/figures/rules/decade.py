"""Decades: "1980s", "the '80s", "80-е", "восьмидесятые", "нулевые"."""

from __future__ import annotations

from fractions import Fraction

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.range import range_link
from svodka.figures.types import Kind, Range

__all__ = ["decade", "decade_range", "named_decade"]


def decade(reader: Reader, i: int) -> Hit | None:
    """A decade in digits, with the word for it: "1980s", "80-х годов"."""
    start = i
    if reader.tokens.word(i) == "'":
        if not reader.tokens.joined(i + 1):
            return None
        i += 1
    number = reader.number(i)
    if number is not None and number.ordinal and number.digits is not None and number.digits[-1] == "0":
        named = reader.tokens.word(number.end) in reader.lex.sets.plural_years  # "к 60-м годам"
    else:
        named = number is not None and number.plural
    if number is None or not named or reader.tokens.word(number.end) in reader.lex.sets.decade_not_before:
        return None
    value = number.value
    named_so = reader.lex.habits.month_first or reader.tokens.word(number.end) in reader.lex.sets.decade_words
    if value < 100 and not named_so and (value < 20 or reader.lex.grammar.plural(reader.tokens, number.end)):
        return None  # "на 10-е сутки"
    if value >= 100 and not 1000 <= value <= 2100:
        return None
    return Hit(start=start, end=_end(reader, number.end), kind=Kind.DECADE, value=value)


def _end(reader: Reader, end: int) -> int:
    if reader.tokens.word(end) not in reader.lex.sets.decade_words:
        return end
    if reader.tokens.word(end) in reader.lex.sets.year_abbreviations and reader.tokens.word(end + 1) == ".":
        return end + 2
    return end + 1


def named_decade(reader: Reader, i: int) -> Hit | None:
    """A decade in words: "the eighties", "в семидесятых", "тысяча девятьсот восьмидесятые"."""
    found = reader.lex.decades.match(reader.tokens, i)
    if found is None or reader.tokens.word(found[1]) in reader.lex.sets.decade_not_before:
        return None
    end = _end(reader, found[1])
    named = end > found[1]
    if not named and reader.words[i] in reader.lex.sets.doubtful_decades:
        return None
    if not named and not reader.lex.habits.month_first and reader.lex.grammar.plural(reader.tokens, end):
        return None  # «восьмидесятые места» are no decade
    return Hit(start=i, end=end, kind=Kind.DECADE, value=Fraction(found[0]))


def decade_range(reader: Reader, i: int) -> Hit | None:
    """Two decades: "1980s-1990s", "80-90-е", "80–90-х годов"."""
    first = reader.number(i)
    if first is None or first.ordinal or first.digits is None or len(first.digits) not in (2, 4) or first.digits[-1] != "0":
        return None
    link = range_link(reader, i, first.end)
    if link is None or link[1] not in ("dash", "and", "to"):
        return None
    second = decade(reader, link[0])
    if second is None or not isinstance(second.value, Fraction) or second.value <= first.value or (link[1] != "dash" and not first.plural):
        return None
    value = Range(low=first.value, high=second.value, of=Kind.DECADE)
    return Hit(start=i, end=second.end, kind=Kind.RANGE, value=value)
