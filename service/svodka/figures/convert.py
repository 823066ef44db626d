"""Units that measure the same dimension, so that "190 miles" meets «305 км»."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from svodka.figures.tables import table
from svodka.figures.types import Figure, Kind

__all__ = ["Amount", "amount"]

_CONVERTED_KINDS = {Kind.MEASURE, Kind.DURATION, Kind.AGE}
# "300 km" said of 305.8 km: a converted value is rounded to what reads well, never further than this.
_LOOSEST = Fraction(1, 20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """How a unit stands to the base unit of its dimension."""

    dimension: str
    factor: Fraction
    offset: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A measured figure in the base unit of its dimension, and how far a conversion of it may stray."""

    dimension: str
    value: Fraction
    tolerance: Fraction


@cache
def _units() -> dict[str, Unit]:
    return {
        symbol: Unit(dimension=dimension, factor=Fraction(factor), offset=Fraction(offset))
        for symbol, dimension, factor, offset in table("conversion")
    }


def amount(figure: Figure) -> Amount | None:
    """The figure in base units; None where it measures nothing that converts."""
    if figure.kind not in _CONVERTED_KINDS or not isinstance(figure.value, Fraction):
        return None
    symbol = figure.unit or ("year" if figure.kind is Kind.AGE else "")
    unit = _units().get(symbol)
    if unit is None:
        return None
    value = figure.value * unit.factor + unit.offset
    return Amount(dimension=unit.dimension, value=value, tolerance=_leeway(figure) * unit.factor)


def _leeway(figure: Figure) -> Fraction:
    """Half a unit of the last digit that is not a filling zero ("190" → 5), within reason."""
    value = figure.value if isinstance(figure.value, Fraction) else Fraction(0)
    stated = figure.precision or Fraction(0)
    half = Fraction(1, 2)
    if value.denominator == 1 and value:
        magnitude = abs(value.numerator)
        while magnitude % 10 == 0:
            magnitude, half = magnitude // 10, half * 10
        return max(stated, min(half, abs(value) * _LOOSEST))
    return stated
