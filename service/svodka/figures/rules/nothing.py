"""What looks like a figure and is none: idioms, list numbering, the pronoun "one"."""

from __future__ import annotations

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader

__all__ = ["idiom", "list_number", "pronoun_one"]

_NEAR = 5


def idiom(reader: Reader, i: int) -> Hit | None:
    """Set phrases: "one of the", "second to none", «во-первых»."""
    found = reader.lex.idioms.match(reader.tokens, i)
    return None if found is None else Hit(start=i, end=found[1])


def list_number(reader: Reader, i: int) -> Hit | None:
    """The number of a list's entry at the start of a line: "1. Foo", "2) Bar"."""
    tokens = reader.tokens
    if not is_digits(tokens.words[i]) or len(tokens.words[i]) > 2 or tokens.word(i + 1) not in (".", ")") or not tokens.joined(i + 1):
        return None
    if i > 0 and "\n" not in tokens.gap(i):
        return None
    return Hit(start=i, end=i + 2) if i + 2 < tokens.size and not tokens.joined(i + 2) and tokens.capital(i + 2) else None


def pronoun_one(reader: Reader, i: int) -> Hit | None:
    """ "One" that counts nothing: "this one", "one can say", «один из», «одна за другой»."""
    tokens, sets = reader.tokens, reader.lex.sets
    if tokens.words[i] not in sets.one_words:
        return None
    number = reader.number(i)
    if number is None or number.end != i + 1 or number.value != 1:
        return None
    after = tokens.word(i + 1)
    counts = after.isalpha() and after not in sets.one_not_before and tokens.word(i - 1) not in sets.one_not_after
    if counts and not reader.lex.sets.articles:
        counts = reader.lex.grammar.counted(tokens, i + 1) is not None or _beside_number(reader, i)
    if not counts and after == "-" and tokens.joined(i + 1) and tokens.joined(i + 2):
        counts = True  # "one-year deal"
    return None if counts else Hit(start=i, end=i + 1)


def _beside_number(reader: Reader, i: int) -> bool:
    """Whether another number stands near: «три вернулись, одно утонуло»."""
    near = reader.words[max(0, i - _NEAR) : i] + reader.words[i + 2 : i + _NEAR]
    return any(is_digits(word) or (word in reader.lex.numbers and word not in reader.lex.sets.one_words) for word in near)
