"""What a sentence says of each of its like figures: 15 died, 30 were hurt."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from svodka.figures.tables import LANGUAGES, table
from svodka.figures.types import SETTLED, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svodka.figures.side import Side
    from svodka.figures.types import Figure, Pair

__all__ = ["Roles", "miscast", "roles"]

# Axis → where a figure starts → its role on that axis.
Roles = dict[str, dict[int, str]]

# Where a figure starts → the word that tells its role.
_Told = dict[int, re.Match[str]]

# Where a sentence has one figure of the kind, and one role on the axis, it is that figure's; elsewhere the word may be of something else.
_ALONE = {
    "fate": {Kind.CARDINAL},
    "end": {Kind.SCORE},
    "term": {Kind.DURATION},
    "verdict": {Kind.DURATION},
    "deal": {Kind.PERCENT, Kind.MONEY},
    "budget": {Kind.MONEY},
    "worth": {Kind.MONEY},
    "limit": {Kind.MONEY, Kind.PERCENT, Kind.MEASURE},
}

_BASE = "base"
_COMPARED = {
    "en": re.compile(r"\b(?:compared (?:with|to)|against|versus|vs|instead of|rather than|(?:up|down) from)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:по сравнению с|против|вместо)\b", re.IGNORECASE),
}
_NEAR = 15  # characters: "compared with about $12m"


@cache
def _axes(lang: str) -> Mapping[str, re.Pattern[str]]:
    """For each axis any word that tells a role on it, in a group named after the role."""
    found: dict[str, list[str]] = defaultdict(list)
    for axis, role, *words in table("roles"):
        spelled = words[LANGUAGES.index(lang)].replace(",", "|").replace("*", r"\w*")
        found[axis].append(rf"(?P<{role}>{spelled})")
    return {axis: re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE) for axis, spelled in found.items()}


def roles(side: Side, family: Sequence[Figure]) -> Roles:
    """The roles of figures of one kind and unit.

    A sentence with as many roles of an axis as figures tells them in one order, whether the verb comes before what it counts or behind:
    «погибли 15, пострадали 30». Of any other sentence nothing is known.
    """
    told: Roles = defaultdict(dict)
    if side.lang not in LANGUAGES or len(family) < 2:
        return told
    for figures, bounds in _by_sentence(side, family):
        for axis, words in _axes(side.lang).items():
            found = [str(match.lastgroup) for match in words.finditer(side.text, *bounds) if not _within(match, figures)]
            if len(figures) == len(found) == len(set(found)):
                told[axis] |= {figure.start: role for figure, role in zip(figures, found, strict=True)}
        told[_BASE] |= _weighed(side, figures, bounds)
    return told


def _weighed(side: Side, figures: Sequence[Figure], bounds: tuple[int, int]) -> dict[int, str]:
    """Which of two figures the other is compared with: the one right behind the only word that says so."""
    words = list(_COMPARED[side.lang].finditer(side.text, *bounds)) if len(figures) == 2 else []
    if len(words) != 1:
        return {}
    based = [figure for figure in figures if 0 <= figure.start - words[0].end() <= _NEAR]
    if not based:
        return {}
    return {figure.start: _BASE if figure is based[0] else "compared" for figure in figures}


def miscast(pairs: Sequence[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where a figure that stands alone has another role in the other text: "12 were hurt" and «погибли 12»."""
    if source.lang not in LANGUAGES or target.lang not in LANGUAGES:
        return list(pairs)
    told = [(before, after) for axis in _ALONE if (before := _alone(source, axis)) and (after := _alone(target, axis))]
    return [_recast(pair, told) for pair in pairs] if told else list(pairs)


def _recast(pair: Pair, told: Iterable[tuple[_Told, _Told]]) -> Pair:
    if pair.relation not in SETTLED or pair.source is None or pair.target is None:
        return pair
    for before, after in told:
        was, became = before.get(pair.source.start), after.get(pair.target.start)
        if was and became and was.lastgroup != became.lastgroup:
            return pair.contradicted(f"“{was[0]}” became “{became[0]}”")
    return pair


def _alone(side: Side, axis: str) -> _Told:
    """What is told on an axis of figures that are the only ones of their sentences, by words that are the only ones there."""
    told: _Told = {}
    for figures, bounds in _by_sentence(side, [figure for figure in side.figures if figure.kind in _ALONE[axis]]):
        if len(figures) == 1:
            words = _axes(side.lang)[axis].finditer(side.text, *bounds)
            found = {str(word.lastgroup): word for word in words if not _within(word, figures)}
            if len(found) == 1:
                told[figures[0].start] = found.popitem()[1]
    return told


def _by_sentence(side: Side, figures: Sequence[Figure]) -> Iterator[tuple[list[Figure], tuple[int, int]]]:
    """Figures by the sentence in which they stand, and where that begins and ends."""
    bounds = [0, *side.edges, len(side.text)]
    for place, members in groupby(figures, key=lambda figure: bisect_right(side.edges, figure.start)):
        yield list(members), (bounds[place], bounds[place + 1])


def _within(match: re.Match[str], figures: Sequence[Figure]) -> bool:
    """Whether a word is part of one of the figures, which stand in the order of the text."""
    before = bisect_left(figures, match.end(), key=lambda figure: figure.start)
    return before > 0 and figures[before - 1].end > match.start()
