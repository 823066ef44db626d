"""Parts of a whole: "two-thirds", "half of", "1 in 5", "каждый пятый", "3/4", "половина"."""

from __future__ import annotations

from fractions import Fraction

from svodka.figures.chars import is_digits
from svodka.figures.numerals import fraction_sign
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind

__all__ = ["every_nth", "fraction", "named_part", "one_in"]


# What a share is told of: "eight out of ten doctors".
_ROUND = frozenset({2, 3, 4, 5, 10, 20, 100, 1000, 10_000, 100_000, 1_000_000})


def fraction(reader: Reader, i: int) -> Hit | None:
    """A fraction in digits, a sign or words: "3/4", "½", "two-thirds", "две трети"."""
    number = reader.number(i)
    if number is None or number.ordinal or number.plural or number.scale is not None:
        return None
    if fraction_sign(reader.words[i]) is not None and number.end == i + 1 and reader.worth(number) is None:
        return Hit(start=i, end=i + 1, kind=Kind.RATIO, value=number.value)
    if number.value.denominator != 1:
        return None
    if number.digits is not None and (written := _written(reader, i)) is not None:
        return written
    at = reader.hyphen(number.end)
    part = reader.lex.parts.match(reader.tokens, at)
    if at > number.end and number.digits is not None and not reader.lex.sets.articles:
        return None  # «5-миллионная»
    if part is not None and at == number.end and reader.hyphen(part[1]) > part[1]:
        return None  # "three fourth-grade students"
    if part is None or not 0 < number.value < 1000 or number.value * part[0] >= 1000:
        return None
    if number.value * part[0] >= 1 and part[0] == Fraction(1, 4):
        return None  # "four quarters in a row"
    if part[0] == Fraction(1, 4) and reader.tokens.word(i - 1) in reader.lex.sets.quarters_after:
        return None  # "the first three quarters of 2014"
    if number.value == 1 and part[0] == Fraction(1, 2) and reader.tokens.word(part[1]) in reader.lex.sets.half_not_before:
        return None
    if part[0].denominator not in (2, 3, 4) and number.value == 1 and not reader.lex.sets.articles and not _says_part(reader, i):
        return None  # "одна пятая" is a part, "один пятый" is not
    return Hit(start=i, end=part[1], kind=Kind.RATIO, value=number.value * part[0])


def _says_part(reader: Reader, i: int) -> bool:
    return reader.words[i] in reader.lex.sets.part_ones


def _written(reader: Reader, i: int) -> Hit | None:
    """Two numbers and a stroke: "3/4"; with a larger or a day's number above it may be a date or a name."""
    tokens = reader.tokens
    below = tokens.word(i + 2)
    if tokens.word(i + 1) != "/" or not below or not is_digits(below) or not tokens.joined(i + 1) or not tokens.joined(i + 2):
        return None
    if tokens.joined(i + 3) and tokens.word(i + 3) in "/-":
        return None
    top, bottom = int(tokens.words[i][:40]), int(below[:40])
    if bottom == 0 or top >= bottom or bottom > 100:
        return None
    doubt = None if reader.tokens.word(i + 3) in reader.lex.sets.of_parts or bottom in (2, 3, 4, 5, 10, 100) else "may be a date"
    return Hit(start=i, end=i + 3, kind=Kind.RATIO, value=Fraction(top, bottom), doubt=doubt)


def one_in(reader: Reader, i: int) -> Hit | None:
    """So many of so many: "1 in 5", "two out of three", "8 из 10"."""
    first = reader.number(i)
    if first is None or first.ordinal or first.plural or first.value.denominator != 1:
        return None
    link = reader.lex.ratio_links.match(reader.tokens, first.end)
    if link is None:
        return None
    second = reader.number(link[1])
    if second is None or second.ordinal or second.plural or second.value.denominator != 1 or not 0 < first.value < second.value:
        return None
    found = reader.amount(link[1])
    if (found is not None and found.factor is not None) or (link[0] == "digits" and (first.words or second.words) and first.value != 1):
        return None
    if link[0] != "in" and first.value != 1 and second.value not in _ROUND and reader.lex.grammar.counted(reader.tokens, second.end):
        return None  # "12 из 15 судей" are two counts
    if link[0] == "in" and ((second.digits is not None and len(second.digits) == 4) or (second.value % 5 and second.value > 10)):
        return None  # "1 in 2014"
    return Hit(start=i, end=second.end, kind=Kind.RATIO, value=first.value / second.value)


def every_nth(reader: Reader, i: int) -> Hit | None:
    """One of so many: "каждый пятый", "every third"."""
    if reader.words[i] not in reader.lex.sets.each_words:
        return None
    number = reader.number(i + 1)
    if number is None or not number.ordinal or number.value < 2:
        return None
    return Hit(start=i, end=number.end, kind=Kind.RATIO, value=1 / number.value)


def named_part(reader: Reader, i: int) -> Hit | None:
    """A part with a name: "half of", "a third of", "половина", "треть", "четверть"."""
    tokens, sets = reader.tokens, reader.lex.sets
    at = i + 1 if tokens.words[i] in sets.articles else i
    found = reader.lex.parts.match(tokens, at)
    if found is None:
        return None
    value, end = found
    number = reader.number(i)
    if number is not None and number.scale is not None:
        return None
    worth = _unit_of_half(reader, value, end)
    if worth is not None:
        return Hit(start=i, end=worth[2], kind=worth[0], value=value * worth[3], unit=worth[1], precision=value / 10)
    if not _is_part(reader, i, at, end, value):
        return None
    return Hit(start=i, end=end, kind=Kind.RATIO, value=value)


def _unit_of_half(reader: Reader, value: Fraction, end: int) -> tuple[Kind, str | None, int, Fraction] | None:
    """ "half an hour", "half a percent", "половина процента", "a quarter of a mile"."""
    tokens, sets = reader.tokens, reader.lex.sets
    if not sets.articles and tokens.words[end - 1] not in sets.part_nouns:
        return None  # «вторые сутки», «второй квартал»
    at = reader.hyphen(end)
    if tokens.word(at) in sets.of_words:
        at += 1
    if tokens.word(at) in sets.articles:
        at = reader.hyphen(at + 1)  # "half-an-hour"
    elif at == end and sets.articles:
        return None
    unit = reader.lex.units.match(tokens, at)
    if unit is None or unit[0].kind is Kind.MULTIPLE or (value != Fraction(1, 2) and tokens.words[at - 1] in ("-", "of")):
        return None
    if not sets.articles and unit[0].kind is Kind.DURATION and value.denominator != 2 and unit[0].unit != "century":
        return None
    if not tokens.words[at][0].isalpha():
        return None
    return unit[0].kind, unit[0].unit, unit[1], unit[0].factor


def _is_part(reader: Reader, i: int, at: int, end: int, value: Fraction) -> bool:
    tokens, sets = reader.tokens, reader.lex.sets
    word, after = tokens.words[at], tokens.word(end)
    if sets.articles:  # English: "half of", "half the", "a third of"; "the first half" is a time of a match
        if word == "half":
            return tokens.word(i - 1) not in sets.half_not_after and after not in sets.half_not_before and not _ordinal_before(reader, i)
        if at == i:
            return False
        if tokens.word(i - 1) in sets.part_before and (not after.isalpha() or after in sets.part_closers):
            return True  # "fell by a quarter"
        if after in sets.part_compared and (not tokens.word(end + 1).isalpha() or tokens.word(end + 1) in sets.part_closers):
            return True  # "a third more than last year"
        return after == "of" or (value == Fraction(1, 3) and after in sets.part_after)
    if word == "третью" and not reader.lex.grammar.governed(tokens, end) and after.isalpha():
        return False  # «третью комнату»
    return word in sets.part_nouns and not _ordinal_before(reader, i) and after not in sets.half_not_before


def _ordinal_before(reader: Reader, i: int) -> bool:
    word = reader.lex.numbers.get(reader.tokens.word(i - 1))
    return (word is not None and word.ordinal) or reader.tokens.word(i - 1) in reader.lex.sets.ordinal_suffixes
