"""Percent, percentage points and basis points: "5%", "пять процентов", "2 п.п.", "25 basis points"."""

from __future__ import annotations

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind

__all__ = ["percent"]

_KINDS = {"percent": Kind.PERCENT, "point": Kind.PERCENTAGE_POINT}


def percent(reader: Reader, i: int) -> Hit | None:
    """A number and its hundredths."""
    number = reader.number(i)
    if number is None or number.ordinal:
        return None
    end = number.end
    if reader.tokens.word(end) == "-" and reader.tokens.joined(end):
        end += 1  # "5-percent", "5-%"
    found = reader.lex.percents.match(reader.tokens, end)
    if found is None:
        return None
    worth, end = found
    return Hit(
        start=i,
        end=end,
        kind=_KINDS[worth.unit],
        value=number.value * worth.factor,
        precision=number.precision * worth.factor,
        doubt=number.doubt,
    )
