"""Finding the counterpart of each figure: candidates by what a figure may be told as, then the cheapest assignment over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from svodka.figures.assign import assign
from svodka.figures.context import counted_agreement
from svodka.figures.senses import Sense, own_sense, senses
from svodka.figures.types import Figure, Kind

__all__ = ["Indexed", "context_cost", "equal_pairs", "kin_pairs"]

Indexed = Sequence[tuple[int, Figure]]

# A bucket of more candidates than this (a table that repeats one number) is paired in the order of the text.
_LARGEST_BUCKET = 1_600
_HABIT = 10.0
_COUNTED = 3.0
_ORDER = 2.0
_QUALIFIED = 0.5


def equal_pairs(sources: Indexed, targets: Indexed) -> list[tuple[int, int]]:
    """Figures that state the same quantity, as one kind or as kinds that languages tell for each other."""
    sure = _only_pairs(sources, targets)
    rows, columns = {row for row, _ in sure}, {column for _, column in sure}
    left, right = [item for item in sources if item[0] not in rows], [item for item in targets if item[0] not in columns]
    return sure + _told_pairs(left, right)


def _only_pairs(sources: Indexed, targets: Indexed) -> list[tuple[int, int]]:
    """Figures whose quantity each text states once, by the same kind: most of any translation."""
    left, right = _by_own_sense(sources), _by_own_sense(targets)
    return [(rows[0], right[sense][0]) for sense, rows in left.items() if len(rows) == 1 and len(right.get(sense, ())) == 1]


def _by_own_sense(figures: Indexed) -> dict[Sense, list[int]]:
    index: dict[Sense, list[int]] = defaultdict(list)
    for place, figure in figures:
        index[own_sense(figure)].append(place)
    return index


def _told_pairs(sources: Indexed, targets: Indexed) -> list[tuple[int, int]]:
    """The cheapest assignment over every sense that two figures share."""
    index = _by_sense(targets)
    costs: dict[tuple[int, int], float] = {}
    for sense, left in _by_sense(sources).items():
        right = index.get(sense, ())
        crowded = len(left) * len(right) > _LARGEST_BUCKET
        candidates = zip(left, right, strict=False) if crowded else ((a, b) for a in left for b in right)
        for (row, own_row), (column, own_column) in candidates:
            if not (own_row or own_column or _may_be_shared(sense, sources[row][1], targets[column][1])):
                continue
            cost = (0.0 if own_row and own_column else _HABIT) + context_cost(sources, targets, row, column)
            costs[row, column] = min(cost, costs.get((row, column), cost))
    return [(sources[row][0], targets[column][0]) for row, column in assign(costs)]


def _by_sense(figures: Indexed) -> dict[Sense, list[tuple[int, bool]]]:
    """Every sense with the rows of the figures that have it, and whether it is their own."""
    index: dict[Sense, list[tuple[int, bool]]] = defaultdict(list)
    for row, (_, figure) in enumerate(figures):
        for rank, sense in enumerate(senses(figure)):
            index[sense].append((row, rank == 0))
    return index


# Senses of use only where one of two figures has it for its own: 1880s and 1980s are not both «80-е», nor °C and °F both "degrees".
_ONE_SIDED = {Kind.DECADE.value, Kind.MEASURE.value}


def _may_be_shared(sense: Sense, source: Figure, target: Figure) -> bool:
    """Whether two figures may meet in what neither is by its own kind."""
    if sense[0] == "name in another alphabet":
        return source.text.isascii() != target.text.isascii()
    if sense[0] == "tens":
        return source.kind is not target.kind
    family = sense[1][0] if sense[0] == "range" and isinstance(sense[1], tuple) else sense[0]
    return family not in _ONE_SIDED


def context_cost(sources: Indexed, targets: Indexed, row: int, column: int) -> float:
    """How unlike the surroundings of two figures are: where they stand, what they count, how exact they are said to be."""
    source, target = sources[row][1], targets[column][1]
    distance = abs((row + 1) / (len(sources) + 1) - (column + 1) / (len(targets) + 1))
    unlike = (source.qualifier != target.qualifier) * _QUALIFIED
    return _ORDER * distance + _COUNTED * (1 - counted_agreement(source, target)) + unlike


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
                costs[row, column] = cost + context_cost(sources, targets, row, column)
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
