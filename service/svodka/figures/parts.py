"""Figures told in pieces: "Monday, Aug. 9" as «9 августа, в понедельник», "30 to 50" as two numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from svodka.figures.match import Indexed, equal_pairs
from svodka.figures.senses import parts
from svodka.figures.types import Pair, Relation

if TYPE_CHECKING:
    from svodka.figures.side import Side

__all__ = ["Group", "part_groups", "part_pairs"]

# Places of the figures in either text that together tell the same.
Group = tuple[list[int], list[int]]


def part_groups(sources: Indexed, targets: Indexed) -> list[Group]:
    """Groups of leftovers whose parts agree to the last one."""
    left = [(place, part) for place, figure in sources for part in parts(figure)]
    right = [(place, part) for place, figure in targets for part in parts(figure)]
    if len(left) == len(sources) and len(right) == len(targets):
        return []
    met = equal_pairs([(at, part) for at, (_, part) in enumerate(left)], [(at, part) for at, (_, part) in enumerate(right)])
    partners: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for row, column in met:
        before, after = ("source", left[row][0]), ("target", right[column][0])
        partners[before].add(after)
        partners[after].add(before)
    rows, columns = {row for row, _ in met}, {column for _, column in met}
    alone = {("source", place) for at, (place, _) in enumerate(left) if at not in rows}
    alone |= {("target", place) for at, (place, _) in enumerate(right) if at not in columns}
    return [group for group in _groups(partners, alone) if group[0] and group[1]]


def _groups(partners: dict[tuple[str, int], set[tuple[str, int]]], alone: set[tuple[str, int]]) -> list[Group]:
    groups, seen = [], set()
    for start in partners:
        if start in seen:
            continue
        queue, members = [start], {start}
        while queue:
            fresh = partners[queue.pop()] - members
            members |= fresh
            queue += fresh
        seen |= members
        # One to one, parts that agree have changed their order: 2:1 is not 1:2.
        if len(members) > 2 and not members & alone:
            sides = [sorted(place for side, place in members if side == name) for name in ("source", "target")]
            groups.append((sides[0], sides[1]))
    return groups


def part_pairs(group: Group, source: Side, target: Side) -> list[Pair]:
    """Every figure of a group once: the first of either side together, the rest as further parts of it."""
    before, after = [source.figures[place] for place in group[0]], [target.figures[place] for place in group[1]]
    first, head = before[0], after[0]
    joint = f"“{' … '.join(figure.text for figure in before)}” is written “{' … '.join(figure.text for figure in after)}”"
    pairs = [Pair(source=first, target=head, relation=Relation.REFORMATTED, reason=joint)]
    pairs += [Pair(source=None, target=part, relation=Relation.REFORMATTED, reason=f"part of “{first.text}”") for part in after[1:]]
    return pairs + [Pair(source=part, target=None, relation=Relation.REFORMATTED, reason=f"part of “{head.text}”") for part in before[1:]]
