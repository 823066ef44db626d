"""Ranges of numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures import Kind, extract

if TYPE_CHECKING:
    import re

    from svodka.figures import Range

__all__ = ["spells"]


def spells(bounds: re.Match[str], value: Range, lang: str) -> bool:
    """Whether the groups `low` and `high` of a match are the bounds of a range, as plain numbers: not "Monday to Friday"."""
    found = [[(bound.kind, bound.value) for bound in extract(bounds[name], lang)] for name in ("low", "high")]
    return found == [[(Kind.CARDINAL, value.low)], [(Kind.CARDINAL, value.high)]]
