"""Finding the counterpart of each figure: candidates by what a figure may be told as, then the cheapest assignment over all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from svodka.figures.assign import assign
from svodka.figures.context import counted_agreement
from svodka.figures.convert import amount
from svodka.figures.relation import converted, rounded
from svodka.figures.senses import Sense, parts, senses
from svodka.figures.types import Figure, Kind, Mode, Pair, Range

__all__ = ["equal_pairs", "kin_pairs", "near_pairs"]

Indexed = Sequence[tuple[int, Figure]]

# A bucket of more candidates than this (a table that repeats one number) is paired in the order of the text.
_LARGEST_BUCKET = 1_600
_HABIT = 10.0
_COUNTED = 3.0
_ORDER = 2.0


def equal_pairs(sources: Indexed, targets: Indexed) -> list[tuple[int, int]]:
    """Figures that state the same quantity, as one kind or as kinds that languages tell for each other."""
    index: dict[Sense, list[tuple[int, bool]]] = defaultdict(list)
    for place, (_, figure) in enumerate(targets):
        for rank, sense in enumerate(senses(figure)):
            index[sense].append((place, rank == 0))
    costs: dict[tuple[int, int], float] = {}
    buckets: dict[Sense, list[tuple[int, bool]]] = defaultdict(list)
    for place, (_, figure) in enumerate(sources):
        for rank, sense in enumerate(senses(figure)):
            if sense in index:
                buckets[sense].append((place, rank == 0))
    for sense, left in buckets.items():
        right = index[sense]
        crowded = len(left) * len(right) > _LARGEST_BUCKET
        candidates = zip(left, right, strict=False) if crowded else ((a, b) for a in left for b in right)
        for (row, own_row), (column, own_column) in candidates:
            cost = (0.0 if own_row and own_column else _HABIT) + _context_cost(sources, targets, row, column)
            costs[row, column] = min(cost, costs.get((row, column), cost))
    return [(sources[row][0], targets[column][0]) for row, column in assign(costs)]


def _context_cost(sources: Indexed, targets: Indexed, row: int, column: int) -> float:
    distance = abs((row + 1) / (len(sources) + 1) - (column + 1) / (len(targets) + 1))
    return _ORDER * distance - _COUNTED * counted_agreement(sources[row][1], targets[column][1]) + _COUNTED


def near_pairs(sources: Indexed, targets: Indexed, mode: Mode) -> list[tuple[int, int, Pair]]:
    """Figures that agree within the stated precision, or after conversion."""
    found = _near(sources, targets, _magnitude, lambda source, target: rounded(source, target, mode))
    rows, columns = {row for row, _, _ in found}, {column for _, column, _ in found}
    left, right = [item for item in sources if item[0] not in rows], [item for item in targets if item[0] not in columns]
    return found + _near(left, right, _base, converted)


def _magnitude(figure: Figure) -> tuple[object, Fraction, Fraction] | None:
    if not isinstance(figure.value, Fraction):
        return None
    return (figure.kind, figure.unit), figure.value, figure.precision or Fraction(0)


def _base(figure: Figure) -> tuple[object, Fraction, Fraction] | None:
    """A range stands where it starts."""
    base = amount(parts(figure)[0])
    if base is None:
        return None
    return (base.dimension, isinstance(figure.value, Range)), base.value, base.tolerance + abs(base.value) / 20


def _near(
    sources: Indexed,
    targets: Indexed,
    measure: Callable[[Figure], tuple[object, Fraction, Fraction] | None],
    judge: Callable[[Figure, Figure], Pair | None],
) -> list[tuple[int, int, Pair]]:
    families: dict[object, list[tuple[Fraction, int]]] = defaultdict(list)
    for place, (_, figure) in enumerate(sources):
        if (measured := measure(figure)) is not None:
            families[measured[0]].append((measured[1], place))
    for family in families.values():
        family.sort()
    costs: dict[tuple[int, int], float] = {}
    found: dict[tuple[int, int], Pair] = {}
    for column, (_, figure) in enumerate(targets):
        measured = measure(figure)
        if measured is None or measured[0] not in families:
            continue
        family, reach = families[measured[0]], measured[2]
        low = bisect_left(family, (measured[1] - reach, -1))
        high = bisect_right(family, (measured[1] + reach, len(sources)))
        for value, row in family[low : min(high, low + 32)]:
            pair = judge(sources[row][1], figure)
            if pair is not None:
                found[row, column] = pair
                costs[row, column] = _context_cost(sources, targets, row, column) + float(abs(value - measured[1]) / (reach or 1))
    return [(sources[row][0], targets[column][0], found[row, column]) for row, column in assign(costs)]


_TIMELIKE = {Kind.DATE, Kind.TIME, Kind.DECADE, Kind.CENTURY}
# Leftovers above this are paired in the order of the text alone.
_LARGEST_LEFTOVER = 40


def kin_pairs(sources: Indexed, targets: Indexed) -> list[tuple[int, int]]:
    """Leftovers that seem to be each other's counterpart, changed."""
    costs: dict[tuple[int, int], float] = {}
    window = _LARGEST_LEFTOVER
    ratio = len(targets) / len(sources) if sources else 1.0
    for row, (_, source) in enumerate(sources):
        middle = int(row * ratio)
        for column in range(max(0, middle - window), min(len(targets), middle + window + 1)):
            cost = _kinship(source, targets[column][1])
            if cost is not None:
                costs[row, column] = cost + _context_cost(sources, targets, row, column)
    return [(sources[row][0], targets[column][0]) for row, column in assign(costs)]


def _kinship(source: Figure, target: Figure) -> float | None:
    """How unlike two leftovers are; None where one cannot be the other, changed."""
    if source.kind is target.kind:
        return 0.0 if source.unit == target.unit else 2.0
    if source.value == target.value:
        return 1.0
    if (source.kind in _TIMELIKE) != (target.kind in _TIMELIKE):
        return None
    return 6.0
