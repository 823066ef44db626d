"""Which figure of a translation is wrong, and which figure of the sentence belongs there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka import guard
from svodka.figures.types import Kind

if TYPE_CHECKING:
    from svodka.figures.types import Comparison, Figure

__all__ = ["Corrections", "corrections"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrections:
    """`swaps` are (wrong figure of the translation, right figure of the sentence), in the order of the translation.

    `lost` have no place in the translation, `extra` no counterpart in the sentence.
    """

    swaps: tuple[tuple[Figure, Figure], ...]
    lost: tuple[Figure, ...]
    extra: tuple[Figure, ...]


def corrections(check: Comparison) -> Corrections:
    """What would have to change in a translation for its figures to agree."""
    wrong = [pair for pair in check.pairs if guard.is_wrong(pair)]
    met = [(pair.target, pair.source) for pair in wrong if pair.target and pair.source]
    swaps = [(target, source) for target, source in met if _may_stand_for(target, source)]
    lost = [source for target, source in met if not _may_stand_for(target, source)]
    lost += [pair.source for pair in wrong if pair.target is None and pair.source is not None]
    extra = [pair.target for pair in wrong if pair.source is None and pair.target is not None]
    for figure in list(extra):
        # "On Monday" that became «5 мая» is a loss and an addition to the check; there is one place for one figure.
        kin = [other for other in lost if _kin(figure, other)]
        if len(kin) == 1 and sum(_kin(other, kin[0]) for other in extra) == 1:
            swaps.append((figure, kin[0]))
            lost.remove(kin[0])
            extra.remove(figure)
    return Corrections(swaps=tuple(sorted(swaps, key=lambda swap: swap[0].start)), lost=tuple(lost), extra=tuple(extra))


_MEASURED = frozenset({Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.PERCENT, Kind.PERCENTAGE_POINT, Kind.RANGE})


_SHARES = frozenset({Kind.RATIO, Kind.MULTIPLE})


def _may_stand_for(target: Figure, source: Figure) -> bool:
    """Whether the figure that the check met is likely the one that went wrong: «Один билет» is not what became of "half price"."""
    return target.kind is source.kind or not {target.kind, source.kind} & _SHARES


def _kin(figure: Figure, other: Figure) -> bool:
    return figure.kind is other.kind or {figure.kind, other.kind} <= _MEASURED
