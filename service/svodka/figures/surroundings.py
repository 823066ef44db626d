"""The telling words around the figures of a text, and which figure each of them stands nearest to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from svodka.figures.senses import Sense, own_sense
from svodka.figures.sound import consonants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.figures.side import Family, Side
    from svodka.figures.types import Figure

__all__ = ["Surroundings"]

_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*")
_REACH = 60


class Telling(NamedTuple):
    """A word that may tell what a figure is about; words of one anchor are the same to us."""

    start: int
    end: int
    anchor: str
    word: str

    def distance(self, figure: Figure) -> int:
        """Characters between the word and the figure."""
        return max(figure.start - self.end, self.start - figure.end, 0)


class Surroundings:
    """The telling words of one side.

    Within one language a word tells by its stem; across languages only names do, by how they sound.
    """

    def __init__(self, side: Side, *, same_language: bool) -> None:
        self.side = side
        self._anchor = _stem if same_language else _name
        self._owned: dict[int, dict[str, str]] = {}
        self._owners: dict[Family, dict[str, set[Sense]]] = {}

    def owners(self, family: Family) -> dict[str, set[Sense]]:
        """Each telling word near a figure of the family, with the values that it stands nearest to."""
        if family not in self._owners:
            owners: dict[str, set[Sense]] = defaultdict(set)
            for figure in self.side.families.get(family, ()):
                for anchor in self.owned(figure):
                    owners[anchor].add(own_sense(figure))
            self._owners[family] = owners
        return self._owners[family]

    def owned(self, figure: Figure) -> dict[str, str]:
        """The telling words that stand nearer to the figure than to the others of its family: anchor → word."""
        if figure.start not in self._owned:
            first, last = self._bounds(figure)
            near = [other for other in self.side.within(first, last) if (other.kind, other.unit) == (figure.kind, figure.unit)]
            words = [word for word in self._around(figure) if all(word.distance(figure) <= word.distance(other) for other in near)]
            self._owned[figure.start] = {word.anchor: word.word for word in words}
        return self._owned[figure.start]

    def nearer(self, first: Figure, second: Figure) -> dict[str, bool]:
        """The telling words around two figures: whether each stands nearer to the first of them."""
        left, right = self._distances(first), self._distances(second)
        both = {anchor: (left.get(anchor, _REACH), right.get(anchor, _REACH)) for anchor in left | right}
        return {anchor: before < after for anchor, (before, after) in both.items() if before != after}

    def _distances(self, figure: Figure) -> dict[str, int]:
        distances: dict[str, int] = {}
        for word in self._around(figure):
            distances[word.anchor] = min(word.distance(figure), distances.get(word.anchor, _REACH))
        return distances

    def _around(self, figure: Figure) -> Sequence[Telling]:
        """The telling words of the figure's sentence, within reach."""
        first, last = self._bounds(figure)
        words = self._telling[bisect_left(self._starts, first) : bisect_left(self._starts, last)]
        return [word for word in words if word.end <= figure.start or word.start >= figure.end]

    def _bounds(self, figure: Figure) -> tuple[int, int]:
        """Where the figure's sentence begins and ends, no further than the reach."""
        edges = self.side.edges
        before, after = bisect_right(edges, figure.start), bisect_left(edges, figure.end)
        first = edges[before - 1] if before else 0
        last = edges[after] if after < len(edges) else len(self.side.text)
        return max(first, figure.start - _REACH), min(last, figure.end + _REACH)

    @cached_property
    def _telling(self) -> list[Telling]:
        found = ((match, self._anchor(match[0])) for match in _WORD.finditer(self.side.text))
        return [Telling(*match.span(), anchor, match[0]) for match, anchor in found if anchor]

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self._telling]


@lru_cache(maxsize=8192)
def _name(word: str) -> str:
    """How a name sounds; empty for another word, and for what is too short to tell."""
    sound = consonants(word) if word[0].isupper() else ""
    return sound if len(sound) >= 2 else ""


@cache
def _dull() -> frozenset[str]:
    """Stems that stand beside any figure and tell nothing of it: "rose", "said", «составил»."""
    return frozenset(files("svodka.figures").joinpath("data/dull.txt").read_text("utf-8").split())


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """The start of a word that tells what a figure is about; empty for a word that does not."""
    stem = word.lower()[:6]
    return stem if len(stem) >= 4 and not any(stem[:length] in _dull() for length in range(3, 7)) else ""
