"""Plain numbers: what no other rule has claimed."""

from __future__ import annotations

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind

__all__ = ["cardinal"]


def cardinal(reader: Reader, i: int) -> Hit | None:
    """A number that counts or orders: "82 companies", "третий"."""
    number = reader.number(i)
    if number is None:
        return None
    if number.ordinal:
        return Hit(start=i, end=number.end, kind=Kind.ORDINAL, value=number.value)
    return Hit(start=i, end=number.end, kind=Kind.CARDINAL, value=number.value, precision=number.precision, doubt=number.doubt)
