"""Percent against folds: what rose by 200% is three times as much, and only 200% of something is twice as much."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.types import Kind, Pair, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["folds_after_fall", "folds_after_rise", "outgrown"]


def folds_after_rise(percent: Fraction) -> Fraction:
    """How many times as much there is after a rise by so many percent."""
    return 1 + percent / 100


def folds_after_fall(percent: Fraction) -> Fraction | None:
    """How many times less there is after a fall by so many percent; None where nothing is left."""
    return 100 / (100 - percent) if 0 < percent < 100 else None


def outgrown(pair: Pair, told: Mapping[str, str]) -> tuple[Relation, str] | None:
    """What is wrong with percent that became folds, or the other way round; None where they agree, or the pair is no such.

    Args:
        pair: two figures that met.
        told: the bearings of the figure in percent, by axis (see `svodka.figures.bearings`).
    """
    found = {figure.kind: figure for figure in (pair.source, pair.target) if figure}
    if found.keys() != {Kind.PERCENT, Kind.MULTIPLE}:
        return None
    percent, fold = found[Kind.PERCENT], found[Kind.MULTIPLE]
    if not isinstance(percent.value, Fraction) or not isinstance(fold.value, Fraction) or fold.value <= 0:
        return None
    risen = _is_told(told, course="rise", measure="more")
    fallen = _is_told(told, course="fall", measure="less")
    agrees = {
        "rise": fold.value == folds_after_rise(percent.value),
        "fall": max(fold.value, 1 / fold.value) == folds_after_fall(percent.value),
        "share": fold.value == percent.value / 100,
    }
    meant = "rise" if risen else "fall" if fallen else "share"
    if agrees[meant]:
        return None
    if meant == "share" and any(agrees.values()):
        return Relation.UNCERTAIN, f"“{percent.text}” is “{fold.text}” only of a change, and none is told"
    return Relation.CHANGED, f"“{percent.text}” is not “{fold.text}”" + ("" if meant == "share" else f" of a {meant}")


def _is_told(told: Mapping[str, str], *, course: str, measure: str) -> bool:
    return told.get("measure") == measure or (told.get("course") == course and told.get("step") == "by")
