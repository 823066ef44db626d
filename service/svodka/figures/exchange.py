"""Figures that changed places: «32 компании и 82 банка» of "82 companies and 32 banks" holds the same values in each other's roles."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from svodka.figures.context import counted_agreement
from svodka.figures.roles import Roles, roles
from svodka.figures.surroundings import Surroundings
from svodka.figures.types import Figure, Kind, Pair, Relation
from svodka.figures.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.figures.side import Side

__all__ = ["crossed", "exchanged"]

# Kinds whose figures of one unit keep their order in translation, all but always: what turned round was exchanged, or needs a look.
_ORDERED = {Kind.PERCENT, Kind.MONEY, Kind.PERCENTAGE_POINT, Kind.DURATION, Kind.MEASURE, Kind.AGE}
_EQUAL = {Relation.PRESERVED, Relation.REFORMATTED}


class Met(NamedTuple):
    """Two figures of one value, and the place of their pair."""

    place: int
    source: Figure
    target: Figure


def exchanged(pairs: list[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where neighbours that hold each other's role are marked so."""
    families: dict[tuple[Kind, str | None], list[Met]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        if pair.source and pair.target and pair.relation in _EQUAL and pair.source.kind is pair.target.kind:
            families[pair.source.kind, pair.source.unit].append(Met(place, pair.source, pair.target))
    around = tuple(Surroundings(side, same_language=source.lang == target.lang) for side in (source, target))
    result = list(pairs)
    for name, family in families.items():
        family.sort(key=lambda met: met.source.start)
        told = [roles(side, side.families.get(name, ())) for side in (source, target)]
        for first, second in itertools.pairwise(family):
            relation = _exchange(first, second, *around, swapped=_swapped(first, second, *told))
            if relation is not None:
                result[first.place], result[second.place] = _told(first, second, relation), _told(second, first, relation)
    return result


def _swapped(first: Met, second: Met, before: Roles, after: Roles) -> bool | None:
    """Whether the texts say of each figure what the other text says of the other one; None where no axis tells, or not all the same."""
    told: set[bool] = set()
    for axis in before.keys() & after.keys():
        source = before[axis].get(first.source.start), before[axis].get(second.source.start)
        target = after[axis].get(first.target.start), after[axis].get(second.target.start)
        if None not in source and set(source) == set(target):
            told.add(source != target)
    return told.pop() if len(told) == 1 else None


def _exchange(first: Met, second: Met, before: Surroundings, after: Surroundings, *, swapped: bool | None) -> Relation | None:
    """CHANGED where the context shows that two figures were exchanged, UNCERTAIN where only their order does; else None."""
    if first.source.value == second.source.value:
        return None
    if swapped:
        return Relation.CHANGED
    straight = counted_agreement(first.source, first.target), counted_agreement(second.source, second.target)
    across = counted_agreement(first.source, second.target), counted_agreement(second.source, first.target)
    if max(straight) < 0 and min(across) > 0:
        return Relation.CHANGED
    if first.target.start < second.target.start or sum(straight) > sum(across):
        return None
    alike = min(*straight, *across) == 1
    if first.source.kind not in _ORDERED and not alike:
        # Counts of different things change their order freely, whatever names stand near.
        return None
    if votes := _votes(first, second, before, after):
        return Relation.CHANGED if votes < 0 else None
    return Relation.UNCERTAIN if swapped is None else None


def _votes(first: Met, second: Met, before: Surroundings, after: Surroundings) -> int:
    """How many more words stand by the same figure in both texts than by the other one."""
    left, right = before.nearer(first.source, second.source), after.nearer(first.target, second.target)
    return sum(1 if left[word] == right[word] else -1 for word in left.keys() & right.keys())


def crossed(pairs: Sequence[Pair], before: Surroundings, after: Surroundings) -> Iterator[tuple[Figure, Figure]]:
    """Figures of one kind and unit that are right each by itself, and stand by each other's words: "Brown won 340 votes, Smith 120".

    Other than in a translation, their order tells nothing; so more words must have changed sides than have stayed.
    """
    met = [
        Met(place, pair.source, pair.target) for place, pair in enumerate(pairs) if pair.source and pair.target and pair.relation in _EQUAL
    ]
    for first, second in itertools.combinations(met, 2):
        alike = (first.target.kind, first.target.unit) == (second.target.kind, second.target.unit)
        if alike and first.source.value != second.source.value and _votes(first, second, before, after) < 0:
            yield first.target, second.target


def _told(met: Met, other: Met, relation: Relation) -> Pair:
    places = f"{describe(met.source)} and {describe(other.source)}"
    reason = (
        f"{places} changed places" if relation is Relation.CHANGED else f"{places} stand in another order: they may have changed places"
    )
    return Pair(source=met.source, target=met.target, relation=relation, reason=reason)
