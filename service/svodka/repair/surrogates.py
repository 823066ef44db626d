"""Figures that a translator copies reliably, to stand in for those that it gets wrong.

Small models tear brackets and tags apart; a short number in the place of a long one comes through, and the words around it agree with it.
So a stand-in is a figure too: of the same kind where that reads naturally, and with a number that asks of its noun what the real one asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures import render
from svodka.figures.types import Clock, Date, Figure, Kind, Range, Score, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Surrogate", "stand_ins"]

# By what a number asks of a Russian noun: «31 корабль», «23 корабля», «17 кораблей».
_ONE, _FEW, _MANY = (31, 41, 51, 61), (23, 24, 32, 34), (17, 15, 19, 16, 18)
_TEENS, _SCALED = range(11, 15), 1_000_000
_PLAIN = 4  # thousands: no year, and no number that sentences are full of
_LETTER = "A"
Made = tuple[Kind, Value, str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Surrogate:
    """A figure of a sentence, the one that stands in for it, and how that is written there."""

    real: Figure
    figure: Figure
    written: str


def stand_ins(figures: Iterable[Figure], lang: str, taken: Iterable[Figure], *, plain: bool = False) -> list[Surrogate] | None:
    """Stand-ins for figures of a sentence in `lang`, in order, no two alike and none like what else it states (`taken`).

    `plain` ones are bare numbers of four digits, which come through best and read worst. None where a figure has no stand-in.
    """
    used = {str(figure.value) for figure in taken}
    found: list[Surrogate] = []
    for real in figures:
        number = next((number for number in _numbers(real, plain=plain) if str(number) not in used), None)
        make = _bare if plain and real.kind is not Kind.IDENTIFIER else _MAKERS.get(real.kind)
        if number is None or make is None:
            return None
        used.add(str(number))
        kind, value, unit = make(real, number)
        figure = replace(real, kind=kind, value=value, unit=unit, qualifier=None, precision=None, doubt=None)
        found.append(Surrogate(real=real, figure=figure, written=render(figure, lang)))
    return found


def _numbers(real: Figure, *, plain: bool) -> Sequence[int]:
    if plain:
        return [_PLAIN * 1000 + number for number in _small_numbers(real)]
    return _small_numbers(real)


def _bare(_real: Figure, number: int) -> Made:
    return Kind.CARDINAL, Fraction(number), None


def _small_numbers(real: Figure) -> Sequence[int]:
    value = real.value
    if not isinstance(value, Fraction) or value.denominator != 1 or value >= _SCALED:
        return _MANY
    last, teens = abs(value.numerator) % 10, abs(value.numerator) % 100 in _TEENS
    if last == 1 and not teens:
        return _ONE
    return _FEW if last in {2, 3, 4} and not teens else _MANY


def _same(real: Figure, number: int) -> Made:
    return real.kind, Fraction(number), real.unit


def _percent(_real: Figure, number: int) -> Made:
    return Kind.PERCENT, Fraction(number), None


def _date(real: Figure, number: int) -> Made:
    """ "on Monday, 14 August 2023" as "on 17 May", "in August 2023" as "in 2017"."""
    date = real.value
    if isinstance(date, Date) and date.day is None and date.weekday is None:
        return Kind.DATE, Date(year=2000 + number), None
    return Kind.DATE, Date(month=5, day=number % 30), None


def _clock(_real: Figure, number: int) -> Made:
    return Kind.TIME, Clock(hour=number % 24, minute=30), None


def _range(real: Figure, number: int) -> Made:
    """A range as one number of what its ends are."""
    of = real.value.of if isinstance(real.value, Range) else Kind.CARDINAL
    if of in {Kind.DATE, Kind.TIME}:
        return _date(real, number) if of is Kind.DATE else _clock(real, number)
    return of, Fraction(number), real.unit


def _score(_real: Figure, number: int) -> Made:
    return Kind.SCORE, Score(points=(number % 10, 1)), None


def _identifier(_real: Figure, number: int) -> Made:
    return Kind.IDENTIFIER, f"{_LETTER}-{number}", None


_MAKERS: dict[Kind, Callable[[Figure, int], Made]] = {
    Kind.CARDINAL: _same,
    Kind.ORDINAL: _same,
    Kind.PERCENT: _same,
    Kind.PERCENTAGE_POINT: _percent,
    Kind.MONEY: lambda _real, number: (Kind.MONEY, Fraction(number), "USD"),
    Kind.MEASURE: lambda _real, number: (Kind.MEASURE, Fraction(number), "km"),
    Kind.DURATION: _same,
    Kind.AGE: _same,
    Kind.RATIO: _percent,
    Kind.DATE: _date,
    Kind.TIME: _clock,
    Kind.RANGE: _range,
    Kind.SCORE: _score,
    Kind.IDENTIFIER: _identifier,
}
