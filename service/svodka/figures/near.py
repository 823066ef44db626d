"""Figures that agree without being equal: rounded within the stated precision, or converted to another unit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.assign import assign
from svodka.figures.convert import amount
from svodka.figures.match import context_cost
from svodka.figures.relation import converted, rounded
from svodka.figures.senses import parts
from svodka.figures.types import Figure, Mode, Pair, Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svodka.figures.match import Indexed
    from svodka.figures.side import Side

__all__ = ["Near", "near_pairs"]

# What is compared, where it stands on the scale of its like, and how far a counterpart may be.
Stand = tuple[object, Fraction, Fraction]
_MOST_CANDIDATES = 32


def _magnitude(figure: Figure) -> Stand | None:
    if not isinstance(figure.value, Fraction):
        return None
    return (figure.kind, figure.unit), figure.value, figure.precision or Fraction(0)


def _base(figure: Figure) -> Stand | None:
    """In base units; a range stands where it starts."""
    base = amount(parts(figure)[0])
    if base is None:
        return None
    return (base.dimension, isinstance(figure.value, Range)), base.value, base.tolerance + abs(base.value) / 20


class Near:
    """The figures of a source, sorted, so that what is near a figure of the target is found at once."""

    def __init__(self, sources: Indexed, mode: Mode) -> None:
        self.sources = sources
        self.measures: tuple[tuple[Callable[[Figure], Stand | None], Callable[[Figure, Figure], Pair | None]], ...] = (
            (_magnitude, lambda source, target: rounded(source, target, mode)),
            (_base, converted),
        )
        self.families = [self._families(measure) for measure, _ in self.measures]

    def _families(self, measure: Callable[[Figure], Stand | None]) -> dict[object, list[tuple[Fraction, int]]]:
        families: dict[object, list[tuple[Fraction, int]]] = defaultdict(list)
        for row, (_, figure) in enumerate(self.sources):
            if (stand := measure(figure)) is not None:
                families[stand[0]].append((stand[1], row))
        for family in families.values():
            family.sort()
        return families

    def around(self, target: Figure) -> Iterator[tuple[int, float, Pair]]:
        """Rows of the source with which the target agrees, how far off each is (0 to 1, and 10 more for a conversion), and the relation."""
        for rank, ((measure, judge), families) in enumerate(zip(self.measures, self.families, strict=True)):
            stand = measure(target)
            if stand is None or stand[0] not in families:
                continue
            family, value, reach = families[stand[0]], stand[1], stand[2]
            low, high = bisect_left(family, (value - reach, -1)), bisect_right(family, (value + reach, len(self.sources)))
            for other, row in family[low : min(high, low + _MOST_CANDIDATES)]:
                pair = judge(self.sources[row][1], target)
                if pair is not None:
                    yield row, 10.0 * rank + float(abs(other - value) / (reach or 1)), pair


def near_pairs(sources: Indexed, targets: Indexed, _source: Side, _target: Side) -> list[tuple[int, int, Pair]]:
    """Figures of a translation that agree with those of its source without being equal."""
    near = Near(sources, Mode.TRANSLATION)
    costs: dict[tuple[int, int], float] = {}
    found: dict[tuple[int, int], Pair] = {}
    for column, (_, target) in enumerate(targets):
        for row, off, pair in near.around(target):
            if (row, column) not in found:
                found[row, column] = pair
                costs[row, column] = off + context_cost(sources, targets, row, column)
    return [(sources[row][0], targets[column][0], found[row, column]) for row, column in assign(costs)]
