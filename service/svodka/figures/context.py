"""The context of a figure: what it counts, in either language."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from svodka.figures.tables import table

if TYPE_CHECKING:
    from svodka.figures.types import Figure

__all__ = ["counted_agreement", "counts_like"]

Concept = tuple[str, str]


@cache
def _concepts() -> dict[str, frozenset[Concept]]:
    """Lemma → the (concept, class) pairs that it may stand for."""
    found: dict[str, set[Concept]] = {}
    for concept, kind, english, russian in table("nouns"):
        for lemma in (*english.split(","), *russian.split(",")):
            found.setdefault(lemma, set()).add((concept, kind))
    return {lemma: frozenset(concepts) for lemma, concepts in found.items()}


def counted_agreement(source: Figure, target: Figure) -> float:
    """1 where both count the same thing, -1 where they surely count different things, 0 where that is not known.

    Between stand a general word for a special one ("people" for "students": 0.5) and two special words of one class ("men" for
    "women": -0.5), which may or may not name the same.
    """
    before, after = source.counted, target.counted
    if before is None or after is None:
        return 0.0
    return 1.0 if before == after else _agreement(before, after)


@lru_cache(maxsize=4096)
def _agreement(before: str, after: str) -> float:
    left, right = _concepts().get(before), _concepts().get(after)
    if left is None or right is None:
        return 0.0
    if left & right:
        return 1.0
    common = {kind for _, kind in left} & {kind for _, kind in right}
    if any(concept in common for concept, _ in left | right):
        return 0.5
    return -0.5 if common else -1.0


def counts_like(counted: str | None, other: str | None) -> bool:
    """Whether two counted nouns name the same thing, as far as is known."""
    return counted is not None and other is not None and (counted == other or _agreement(counted, other) == 1.0)
