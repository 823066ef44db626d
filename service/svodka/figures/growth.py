"""Shares against folds: what rose by 200% is three times as much, and what fell by a third is no third of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.types import Figure, Kind, Pair, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SHARES", "folds_after_fall", "folds_after_rise", "outgrown"]

# Kinds that tell a share of something: "fell by 50%", "fell by half".
SHARES = frozenset({Kind.PERCENT, Kind.RATIO})


def folds_after_rise(share: Fraction) -> Fraction:
    """How many times as much there is after a rise by a share of it."""
    return 1 + share


def folds_after_fall(share: Fraction) -> Fraction | None:
    """How many times less there is after a fall by a share; None where nothing is left."""
    return 1 / (1 - share) if 0 < share < 1 else None


def outgrown(pair: Pair, told: Mapping[str, str]) -> tuple[Relation, str] | None:
    """What is wrong with a share that became folds, or the other way round; None where they agree, or the pair is no such.

    Args:
        pair: two figures that met.
        told: the bearings of the share, by axis (see `svodka.figures.bearings`).
    """
    found = {figure.kind: figure for figure in (pair.source, pair.target) if figure}
    part = next((found[kind] for kind in SHARES & found.keys()), None)
    fold = found.get(Kind.MULTIPLE)
    if part is None or fold is None or not isinstance(part.value, Fraction) or not isinstance(fold.value, Fraction) or fold.value <= 0:
        return None
    share = part.value / 100 if part.kind is Kind.PERCENT else part.value
    folds = max(fold.value, 1 / fold.value)
    # "A third as much" is «втрое меньше».
    agrees = {
        "rise": fold.value == folds_after_rise(share),
        "fall": folds == folds_after_fall(share),
        "share": fold.value == share or (part.kind is Kind.RATIO and folds * share == 1),
    }
    meant = _meant(part, told)
    if agrees[meant]:
        return None
    if meant == "share" and any(agrees.values()):
        return Relation.UNCERTAIN, f"“{part.text}” is “{fold.text}” only of a change, and none is told"
    return Relation.CHANGED, f"“{part.text}” is not “{fold.text}”" + ("" if meant == "share" else f" of a {meant}")


def _meant(share: Figure, told: Mapping[str, str]) -> str:
    """Whether a share is what was added, what was taken away, or what there is."""
    if told.get("step") == "by" and "course" in told:
        return told["course"]
    outcome = told.get("measure") if share.kind is Kind.PERCENT else None
    return {"more": "rise", "less": "fall"}.get(outcome or "", "share")
