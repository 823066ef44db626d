"""Of what a figure is told: "$15 an hour" is no «15 долларов в день»."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from svodka.figures.tables import LANGUAGES, table
from svodka.figures.types import SETTLED, Kind, Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.figures.side import Side
    from svodka.figures.types import Figure

__all__ = ["misrated"]

_KINDS = frozenset({Kind.CARDINAL, Kind.MONEY, Kind.MEASURE, Kind.MULTIPLE, Kind.PERCENT})
# What is counted stands between: "5 million barrels of oil a day".
_BETWEEN = r"(?:\s+[^\W\d_]+){0,3}?\s+"
_LINKS = {"en": r"(?:a|an|per|each|every)", "ru": r"(?:в|за|на|каждый|каждую|каждые)"}
# "A year ago", "a day after the vote" and "a share of the market" are no rates.
_BEYOND = {"en": r"(?!\s+(?:ago|earlier|before|later|after|old|of)\b|-)", "ru": r"(?!\s+(?:до|назад|раньше|спустя)\b|-)"}


def misrated(pairs: Sequence[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where what a figure is told of became something else."""
    if source.lang not in LANGUAGES or target.lang not in LANGUAGES:
        return list(pairs)
    return [_judged(pair, source, target) for pair in pairs]


def _judged(pair: Pair, source: Side, target: Side) -> Pair:
    if pair.relation not in SETTLED or pair.source is None or pair.target is None:
        return pair
    before, after = _rate(source, pair.source), _rate(target, pair.target)
    if before is None or after is None or before[0] == after[0]:
        return pair
    return pair.contradicted(f"“{before[1]}” became “{after[1]}”")


def _rate(side: Side, figure: Figure) -> tuple[str, str] | None:
    """Of what a figure is told, and the stretch of text that tells it."""
    found = _pattern(side.lang).match(side.text, figure.end) if figure.kind in _KINDS else None
    return found and (_things(side.lang)[found[1].lower()], side.text[figure.start : found.end()])


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    return re.compile(rf"{_BETWEEN}{_LINKS[lang]}\s+({'|'.join(_things(lang))})\b{_BEYOND[lang]}", re.IGNORECASE)


@cache
def _things(lang: str) -> dict[str, str]:
    """The words of a language for what rates are told of."""
    place = LANGUAGES.index(lang)
    return {word: thing for thing, *spelled in table("rates") for word in spelled[place].split(",")}
