"""The context of a figure: what it counts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svodka.figures.types import Figure

__all__ = ["Agreement", "counted_agreement"]

Agreement = float


@cache
def _concepts() -> dict[str, frozenset[tuple[str, str]]]:
    """Lemma → the (concept, class) pairs that it may stand for."""
    table: dict[str, set[tuple[str, str]]] = {}
    for line in files("svodka.figures").joinpath("data/nouns.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            concept, kind, english, russian = line.split("\t")
            for lemma in (*english.split(","), *russian.split(",")):
                table.setdefault(lemma, set()).add((concept, kind))
    return {lemma: frozenset(concepts) for lemma, concepts in table.items()}


def counted_agreement(source: Figure, target: Figure) -> Agreement:
    """1 where both count the same, -1 where they surely count different things, 0 where that is not known."""
    before, after = source.counted, target.counted
    if before is None or after is None:
        return 0.0
    if before == after:
        return 1.0
    table = _concepts()
    left, right = table.get(before), table.get(after)
    if left is None or right is None:
        return 0.0
    if left & right:
        return 1.0
    classes = {kind for _, kind in left} & {kind for _, kind in right}
    return 0.25 if classes else -1.0
