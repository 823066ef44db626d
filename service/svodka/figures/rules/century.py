"""Centuries and Roman numerals: "20th century", "XX век", "двадцатый век", "Elizabeth II"."""

from __future__ import annotations

from fractions import Fraction

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.range import range_link
from svodka.figures.types import Kind, Range

__all__ = ["century", "century_range", "roman_ordinal"]

_LAST = 30


def _number(reader: Reader, i: int) -> tuple[Fraction, int] | None:
    """The number of a century at `i`: "20th", "XX", "двадцатого", "20" in Russian."""
    word = reader.tokens.word(i)
    if word.endswith("th") and (glued := reader.lex.romans.get(word[:-2])) is not None and reader.tokens.capital(i):
        return Fraction(glued), i + 1  # "the XXth century"
    roman = reader.lex.romans.get(word)
    if roman is not None and reader.tokens.capitals(i):
        suffixed = reader.hyphen(i + 1) > i + 1 and reader.tokens.word(i + 2) in reader.lex.sets.ordinal_suffixes  # "XV-м веке"
        return Fraction(roman), i + 3 if suffixed else i + 1
    number = reader.number(i)
    if number is None or number.plural or number.whole is None or not 1 <= number.whole <= _LAST:
        return None
    bare = number.digits is not None and not number.suffix
    if bare and reader.lex.habits.month_first:
        bare = number.whole > 1 and reader.tokens.word(number.end) in reader.lex.sets.century_singular  # "the 19 century"
    return (number.value, number.end) if number.ordinal or bare else None


def _named(reader: Reader, end: int) -> tuple[int, int] | None:
    """The end of the word for a century with its era, and the sign that the era gives."""
    at = reader.hyphen(end)
    if reader.tokens.word(at) not in reader.lex.sets.century_words and not _shortened(reader, at):
        return None
    at += 1
    if reader.tokens.word(at) == "." and reader.tokens.words[at - 1] in reader.lex.sets.century_abbreviations:
        at += 1
    era = reader.lex.eras.match(reader.tokens, at)
    return (era[1], era[0]) if era is not None else (at, 1)


def _shortened(reader: Reader, i: int) -> bool:
    """Whether "в" is the century that it shortens, with its point: «II в. до н. э.», not «Павел II в Риме»."""
    tokens = reader.tokens
    written = tokens.word(i) in reader.lex.sets.century_abbreviations and tokens.word(i + 1) == "." and tokens.joined(i + 1)
    return written and not reader.lex.habits.month_first and i + 2 < tokens.size and not tokens.capital(i + 2)


def century(reader: Reader, i: int) -> Hit | None:
    """One century; the first of two that share the word: "19th and 20th centuries", "XIX или начале XX века"."""
    first = _number(reader, i)
    if first is None:
        return None
    named = _named(reader, first[1])
    if named is not None:
        if reader.words[i] == "1" and first[1] == i + 1:
            return None  # "1 век" may count
        return Hit(start=i, end=named[0], kind=Kind.CENTURY, value=first[0] * named[1])
    at = first[1] + 1 if reader.tokens.word(first[1]) == "-" else first[1]
    if reader.tokens.word(at) not in reader.lex.sets.list_words:
        return None
    at += 1
    while reader.tokens.word(at) in reader.lex.sets.century_parts:
        at += 1
    second = _number(reader, at)
    named = None if second is None else _named(reader, second[1])
    return None if named is None else Hit(start=i, end=first[1], kind=Kind.CENTURY, value=first[0] * named[1])


def century_range(reader: Reader, i: int) -> Hit | None:
    """Two centuries: "XIX–XX веков", "from the 16th to the 18th century"."""
    first = _number(reader, i)
    if first is None:
        return None
    named = _named(reader, first[1])
    link = range_link(reader, i, first[1] if named is None else named[0])
    if link is None or (link[1] not in ("dash", "and", "to", "до", "по", "и")):
        return None
    at = link[0] + 1 if reader.tokens.word(link[0]) == "the" else link[0]
    second = _number(reader, at)
    end = None if second is None else _named(reader, second[1])
    if second is None or end is None or (second[0] <= first[0] and end[1] > 0):
        return None
    value = Range(low=first[0] * end[1], high=second[0] * end[1], of=Kind.CENTURY)
    return Hit(start=i, end=end[0], kind=Kind.RANGE, value=value)


def roman_ordinal(reader: Reader, i: int) -> Hit | None:
    """A Roman numeral behind a name, or before a noun: "Elizabeth II", "World War II", "II квартал"."""
    tokens = reader.tokens
    value = reader.lex.romans.get(tokens.words[i])
    if value is None or not tokens.capitals(i) or tokens.joined(i) or (tokens.joined(i + 1) and tokens.words[i + 1] not in ".,;:!?)\"'"):
        return None
    sets = reader.lex.sets
    if len(tokens.words[i]) == 1 and tokens.word(i - 1) not in sets.before_roman_one and tokens.word(i + 1) not in sets.roman_things:
        return None
    if not (tokens.capital(i - 1) or tokens.word(i - 1) in reader.lex.sets.before_roman_one or not reader.lex.habits.month_first):
        return None
    if tokens.capitals(i - 1) and len(tokens.word(i - 1)) > 1 and tokens.capitals(i + 1):
        return None  # a headline in capitals
    return Hit(start=i, end=i + 1, kind=Kind.ORDINAL, value=Fraction(value))
