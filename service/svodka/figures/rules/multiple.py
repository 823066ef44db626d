"""Multiples: "twice", "вдвое", "threefold", "doubled", "в 2,5 раза"."""

from __future__ import annotations

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind

__all__ = ["fold"]


def fold(reader: Reader, i: int) -> Hit | None:
    """A multiple in one word."""
    found = reader.lex.folds.match(reader.tokens, i)
    if found is None:
        return None
    return Hit(start=i, end=found[1], kind=Kind.MULTIPLE, value=found[0])
