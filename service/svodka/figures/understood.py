"""Units that one text leaves to the reader: «с 5 до 7%», «на пять лет, другой — на четыре»."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.senses import SPANS, own_sense
from svodka.figures.types import Date, Figure, Kind, Pair, Relation

if TYPE_CHECKING:
    from svodka.figures.match import Indexed
    from svodka.figures.side import Side

__all__ = ["understood_pairs"]

_UNITED = {Kind.PERCENT, Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.AGE}
# Kinds whose unit may also be named before: "five years, the other four".
_EITHER_WAY = {Kind.DURATION, Kind.AGE, Kind.DATE}
_REACH = 60
# The others say it at once: «с 5 до 7%», "a hundred and 200 dollars".
_NEXT = 10


def understood_pairs(left: Indexed, right: Indexed, source: Side, target: Side) -> list[tuple[int, int, Pair]]:
    """A bare number and the same number with a unit, where the bare one stands beside another figure of that unit."""
    found = [(row, column, _pair(before, after)) for row, before, column, after in _bare(left, right, source, target)]
    rows, columns = {row for row, _, _ in found}, {column for _, column, _ in found}
    rest = [item for item in right if item[0] not in columns], [item for item in left if item[0] not in rows]
    return found + [(row, column, _pair(before, after)) for column, after, row, before in _bare(*rest, target, source)]


def _bare(bare: Indexed, united: Indexed, own: Side, other: Side) -> list[tuple[int, Figure, int, Figure]]:
    """Bare numbers of one text, each with the first figure of the other that says its unit."""
    waiting: dict[Fraction, list[tuple[int, Figure]]] = defaultdict(list)
    for place, figure in united:
        if (number := _number(figure)) is not None:
            waiting[number].append((place, figure))
    met = []
    for place, figure in bare:
        if isinstance(figure.value, Fraction) and (figure.kind is Kind.CARDINAL or _is_scale(figure)):
            for candidate in waiting.get(figure.value, ()):
                if _names_its_unit(figure, candidate[1], own, other):
                    met.append((place, figure, *candidate))
                    waiting[figure.value].remove(candidate)
                    break
    return met


_CROWNS = ("CZK", "SEK", "NOK", "DKK", "ISK", "XXK")
_RIALS = ("IRR", "SAR", "QAR", "OMR", "YER", "XXR")
_PESOS = ("MXN", "ARS", "CLP", "COP", "XXP")
_DINARS = ("RSD", "IQD", "XXD")
_SHILLINGS = ("KES", "UGX", "TZS", "SOS")
_COINS = {
    **dict.fromkeys(("крона", "crown", "krona", "krone"), _CROWNS),
    **dict.fromkeys(("риал", "rial", "riyal"), _RIALS),
    **dict.fromkeys(("песо", "peso"), _PESOS),
    **dict.fromkeys(("динар", "dinar"), _DINARS),
    **dict.fromkeys(("шиллинг", "shilling"), _SHILLINGS),
}
_SCALE_ADJECTIVE = re.compile("(?:тысяч|миллион|миллиард|триллион)н", re.IGNORECASE)


def _is_scale(figure: Figure) -> bool:
    """Whether a number does without its currency: "its $30 billion debt pile" is «30-миллиардный долг»."""
    return _SCALE_ADJECTIVE.search(figure.text) is not None


def _number(figure: Figure) -> Fraction | None:
    """What is left of a figure whose unit, or month, goes without saying."""
    if figure.kind in _UNITED and isinstance(figure.value, Fraction):
        return figure.value
    if isinstance(figure.value, Date) and figure.value == Date(month=figure.value.month, day=figure.value.day) and figure.value.day:
        return Fraction(figure.value.day)
    return None


def _names_its_unit(bare: Figure, united: Figure, own: Side, other: Side) -> bool:
    """Whether a neighbour of the bare number, which the other text states too, says the unit."""
    if united.kind is Kind.MONEY and _is_scale(bare):
        return True
    if bare.counted:
        # "Five unexpected hours" counts hours; «400 крон» counts crowns of one country or another.
        return united.unit is not None and united.unit in (SPANS.get(bare.counted), *_COINS.get(bare.counted, ()))
    first, last = (bare.start - _REACH, bare.end + _REACH) if united.kind in _EITHER_WAY else (bare.end, bare.end + _NEXT)
    near = [figure for figure in own.within(first, last) if own_sense(figure) in other.stated]
    if isinstance(united.value, Date):
        # "May 3 and 4" for «3 и 4 мая».
        return any(isinstance(figure.value, Date) and figure.value.month == united.value.month for figure in near)
    return any((figure.kind, figure.unit) == (united.kind, united.unit) for figure in near)


def _pair(source: Figure, target: Figure) -> Pair:
    united = target if source.kind in (Kind.CARDINAL, Kind.ORDINAL) else source
    unit = "the month" if united.kind is Kind.DATE else united.unit or united.kind.value
    reason = f"“{source.text}” is written “{target.text}”: {unit} is understood"
    return Pair(source=source, target=target, relation=Relation.REFORMATTED, reason=reason)
