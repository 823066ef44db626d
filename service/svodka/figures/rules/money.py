"""Money: "$1.2bn", "500 млрд рублей", "50 cents", "A$5"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind

if TYPE_CHECKING:
    from svodka.figures.lexicon import Worth
    from svodka.figures.numerals import Number

__all__ = ["money_after_number", "money_before_number"]


def money_before_number(reader: Reader, i: int) -> Hit | None:
    """A sign or code, then the number: "$1.2bn", "EUR 300"."""
    found = reader.lex.signs.match(reader.tokens, i)
    if found is None:
        return None
    worth, after = found
    number = reader.money_number(after)
    if number is None or number.ordinal or number.words:
        return None
    start = i
    if reader.tokens.word(i - 1) in reader.lex.minus and reader.tokens.joined(i) and not reader.tokens.joined(i - 1):
        return _hit(start - 1, number.end, number, worth, sign=-1)
    return _hit(start, number.end, number, worth)


def money_after_number(reader: Reader, i: int) -> Hit | None:
    """A number, then a sign or a name: "5 €", "500 млрд руб."."""
    number = reader.number(i)
    if number is None or number.ordinal:
        return None
    end = number.end
    if reader.tokens.word(end) == "-" and reader.tokens.joined(end):
        end += 1  # "a 5-dollar note"
    found = reader.lex.currencies.match(reader.tokens, end) or reader.lex.signs.match(reader.tokens, end)
    if found is None:
        return None
    worth, end = found
    if is_sign_of_next(reader, number.end, end):
        return None
    return _hit(i, end, number, worth)


def is_sign_of_next(reader: Reader, start: int, end: int) -> bool:
    """Whether the sign between two numbers belongs to the second: "in 2014 $5"."""
    tokens = reader.tokens
    return not tokens.joined(start) and tokens.joined(end) and tokens.word(end)[:1].isdigit() and not tokens.word(start).isalpha()


def _hit(start: int, end: int, number: Number, worth: Worth, sign: int = 1) -> Hit:
    return Hit(
        start=start,
        end=end,
        kind=Kind.MONEY,
        value=sign * number.value * worth.factor,
        unit=worth.unit,
        precision=number.precision * worth.factor,
        doubt=number.doubt,
    )
