"""Which sentences of a translation say what which sentences of the text say: a monotonic alignment by meaning.

The dynamic programme is that of Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993), with the cost of Thompson
and Koehn, "Vecalign: Improved Sentence Alignment in Linear Time and Space" (2019): a distance of embeddings, measured against the distance
of sentences that have nothing to do with each other.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svodka.inference.protocols import Encoder

    Matrix = NDArray[np.float32]

__all__ = ["Link", "align"]

# Sentences of the text and of the translation that one step takes.
_STEPS = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1))
# A pair of strangers costs 1, one of twins 0; two sentences that nothing answers cost a little less than strangers.
_ALONE = 0.45


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Sentences by index; one side may be empty."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]


def align(sources: Sequence[str], targets: Sequence[str], encoder: Encoder) -> list[Link]:
    """Links in order, in which every sentence of both sides stands once: 1-1, 1-2, 2-1, 1-0 or 0-1. Takes time in their product."""
    if not sources or not targets:
        return [Link(sources=(at,), targets=()) for at in range(len(sources))] + [
            Link(sources=(), targets=(at,)) for at in range(len(targets))
        ]
    costs = _costs(sources, targets, encoder)
    best = np.full((len(sources) + 1, len(targets) + 1), np.inf)
    taken = np.zeros(best.shape, dtype=np.int8)
    best[0, 0] = 0.0
    for row in range(len(sources) + 1):
        for column in range(len(targets) + 1):
            for number, (down, right) in enumerate(_STEPS):
                if down > row or right > column:
                    continue
                step = _ALONE if not (down and right) else float(costs[down, right][row - down, column - right])
                if (cost := best[row - down, column - right] + step) < best[row, column]:
                    best[row, column], taken[row, column] = cost, number
    return _walked(taken)


def _walked(taken: NDArray[np.int8]) -> list[Link]:
    row, column = taken.shape[0] - 1, taken.shape[1] - 1
    links: list[Link] = []
    while row or column:
        down, right = _STEPS[taken[row, column]]
        links.append(Link(sources=tuple(range(row - down, row)), targets=tuple(range(column - right, column))))
        row, column = row - down, column - right
    return links[::-1]


def _costs(sources: Sequence[str], targets: Sequence[str], encoder: Encoder) -> dict[tuple[int, int], Matrix]:
    """The cost of each step that takes sentences of both sides, by the first sentence of either."""
    left, right = _vectors(sources, encoder), _vectors(targets, encoder)
    strange = float(np.mean(1.0 - left[1] @ right[1].T)) or 1.0
    # A pair of pairs would hide which is which; a step over more sentences costs for each of them.
    return {
        (down, across): max(down, across) * _distances(left[down], right[across]) / strange for down, across in _STEPS if down and across
    }


def _vectors(sentences: Sequence[str], encoder: Encoder) -> dict[int, Matrix]:
    """Of the sentences, and of each two neighbours together."""
    rows = encoder.encode([*sentences, *(f"{first} {second}" for first, second in itertools.pairwise(sentences))])
    return {1: rows[: len(sentences)], 2: rows[len(sentences) :]}


def _distances(left: Matrix, right: Matrix) -> Matrix:
    return np.asarray(1.0 - left @ right.T, dtype=np.float32)
