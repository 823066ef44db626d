"""A side of a comparison: a text, its figures, and what is asked of it again and again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from svodka.figures.senses import Sense, own_sense
from svodka.figures.types import Figure, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["WORD", "Family", "Side"]

# Figures of one kind and unit: those that may be mistaken for each other.
Family = tuple[Kind, str | None]

WORD = re.compile(r"[^\W_]+(?:[-.,:][^\W_]+)*")
_EDGE = re.compile(r"[.;!?…]\s")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A text with its language and all its figures, in the order of the text."""

    text: str
    lang: str
    figures: Sequence[Figure]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the text, in small letters and without ё."""
        return frozenset(match[0] for match in WORD.finditer(self.text.lower().replace("ё", "е")))

    @cached_property
    def unread(self) -> frozenset[str]:
        """The words of the text, as they are written, that no figure holds."""
        words: set[str] = set()
        at = 0
        for figure in (*self.figures, None):
            end = figure.start if figure else len(self.text)
            words.update(match[0] for match in WORD.finditer(self.text, at, end))
            at = figure.end if figure else end
        return frozenset(words)

    @cached_property
    def families(self) -> dict[Family, tuple[Figure, ...]]:
        """The figures by kind and unit."""
        families: dict[Family, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            families[figure.kind, figure.unit].append(figure)
        return {family: tuple(members) for family, members in families.items()}

    @cached_property
    def stated(self) -> frozenset[Sense]:
        """What the figures state, each by its own kind."""
        return frozenset(own_sense(figure) for figure in self.figures)

    @cached_property
    def edges(self) -> list[int]:
        """Where a sentence, or what a semicolon ends, is over and the next may begin."""
        return [edge.end() for edge in _EDGE.finditer(self.text)]

    def within(self, first: int, last: int) -> Sequence[Figure]:
        """The figures that start in a stretch of the text."""
        return self.figures[bisect_left(self._starts, first) : bisect_left(self._starts, last)]

    @cached_property
    def _starts(self) -> list[int]:
        return [figure.start for figure in self.figures]
