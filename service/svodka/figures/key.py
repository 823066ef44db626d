"""Key figures: those of an article that its reader would miss first."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.extract import extract
from svodka.figures.senses import Sense, own_sense, senses
from svodka.figures.types import Figure, Kind, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["key_figures"]

# How much a kind tells by itself: money moves news, a weekday hardly.
_WEIGHT = {
    Kind.MONEY: 3.0,
    Kind.PERCENT: 2.5,
    Kind.PERCENTAGE_POINT: 2.5,
    Kind.RANGE: 2.0,
    Kind.CARDINAL: 2.0,
    Kind.MEASURE: 2.0,
    Kind.MULTIPLE: 2.0,
    Kind.SCORE: 2.0,
    Kind.RATIO: 1.5,
    Kind.DURATION: 1.0,
    Kind.DATE: 0.8,
    Kind.AGE: 0.7,
    Kind.TIME: 0.5,
    Kind.ORDINAL: 0.5,
    Kind.IDENTIFIER: 0.4,
    Kind.DECADE: 0.3,
    Kind.CENTURY: 0.3,
}
_IN_TITLE = 3.0
_IN_LEAD = 2.0
_REPEATED = 1.0
# The lead: the first sentences, in which news says what happened.
_LEAD = 400


def key_figures(text: str, lang: str, *, title: str = "", figures: Sequence[Figure] | None = None) -> tuple[Figure, ...]:
    """The figures of the article by how much they matter, each value once (its first mention), the weightiest first.

    `figures` are those of `text` where they are known already. A figure that the title repeats gains weight.
    """
    found = extract(text, lang) if figures is None else figures
    in_title = {sense for figure in extract(title, lang) for sense in senses(figure)} if title else set()
    mentions: dict[Sense, list[Figure]] = defaultdict(list)
    for figure in found:
        mentions[own_sense(figure)].append(figure)
    weights = Counter({key: _weight(group, bool(in_title & set(senses(group[0])))) for key, group in mentions.items()})
    ranked = sorted(mentions, key=lambda key: (-weights[key], mentions[key][0].start))
    return tuple(mentions[key][0] for key in ranked)


def _weight(mentions: Sequence[Figure], in_title: bool) -> float:
    first = mentions[0]
    weight = _WEIGHT[first.kind] + _size(first)
    if in_title:
        weight += _IN_TITLE
    if first.start < _LEAD:
        weight += _IN_LEAD * (1 - first.start / _LEAD)
    weight += _REPEATED * math.log2(len(mentions))
    return weight / 2 if first.doubt else weight


_SIZED = {Kind.MONEY, Kind.CARDINAL, Kind.MEASURE, Kind.RANGE}


def _size(figure: Figure) -> float:
    """Large counts matter more, by their order of magnitude; "one" and "two" hardly count."""
    value = figure.value.high if isinstance(figure.value, Range) else figure.value
    if figure.kind not in _SIZED or not isinstance(value, Fraction) or value == 0:
        return 0.0
    if figure.kind is Kind.CARDINAL and abs(value) <= 3:
        return -1.0
    return min(3.0, len(str(abs(int(value)))) / 4)
