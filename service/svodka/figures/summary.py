"""The support that an article gives to the figures of its summary."""

from __future__ import annotations

from collections import defaultdict

from svodka.figures.context import counted_agreement
from svodka.figures.leftover import Side, added
from svodka.figures.match import Indexed, near_pairs
from svodka.figures.relation import same
from svodka.figures.senses import Sense, parts, senses
from svodka.figures.types import Date, Figure, Mode, Pair, Range, Relation
from svodka.figures.wording import describe

__all__ = ["support"]


def support(source: Side, target: Side) -> list[Pair]:
    """Every figure of the summary with the figure of the article that it repeats."""
    index: dict[Sense, list[Figure]] = defaultdict(list)
    for figure in source.figures:
        for sense in senses(figure):
            index[sense].append(figure)
    return [_supported(figure, index, source, target) for figure in target.figures]


def _supported(figure: Figure, index: dict[Sense, list[Figure]], source: Side, target: Side) -> Pair:
    equals = list({id(found): found for sense in senses(figure) for found in index.get(sense, ())}.values())
    if equals:
        best = max(equals, key=lambda found: (counted_agreement(found, figure), senses(found)[0] == senses(figure)[0]))
        if counted_agreement(best, figure) >= 0:
            return same(best, figure)
        reason = f"{describe(figure)} stands in the article for “{best.counted}”, not for “{figure.counted}”"
        return Pair(source=None, target=figure, relation=Relation.UNSUPPORTED, reason=reason)
    everything: Indexed = list(enumerate(source.figures))
    for _, _, pair in near_pairs(everything, [(0, figure)], Mode.SUMMARY):
        return pair
    return _part_of(figure, source) or added(figure, source, target)


def _part_of(figure: Figure, source: Side) -> Pair | None:
    """ "In August" is supported by "on Aug. 9, 2014"; "up to 50" by "30–50"."""
    wanted = {senses(part)[0] for part in parts(figure)}
    for whole in source.figures:
        if isinstance(whole.value, Date | Range) and wanted <= {sense for part in parts(whole) for sense in senses(part)}:
            reason = f"“{figure.text}” is part of “{whole.text}”"
            return Pair(source=whole, target=figure, relation=Relation.REFORMATTED, reason=reason)
    return None
