"""Beam search without the model: from what it says of the next token to the answers that are likeliest as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Beams", "Found"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An answer that a search ended with."""

    tokens: tuple[int, ...]  # the one that ends it included, unless it ran into the limit
    mean: float  # log-probability of a token
    rank: float  # what answers are ordered by: the sum of log-probabilities, over a power of the length


class Beams:
    """The hypotheses of one answer.

    A step takes the likeliest continuations of all of them. One that ends is put aside if it is among the first `width`; the others go on,
    `width` at most. The search is over when `width` answers have ended, or at the limit, where the first `width` count as they are.
    These are the rules of transformers with `early_stopping`, and of CTranslate2.
    """

    def __init__(
        self, *, width: int, ends: frozenset[int], limit: int, least: int = 0, length_penalty: float = 1.0, no_repeat: int = 0
    ) -> None:
        """Begin with an empty answer.

        Args:
            width: hypotheses that are kept.
            ends: tokens that end an answer.
            limit: tokens of an answer at most.
            least: tokens of an answer at least, the one that ends it not counted.
            length_penalty: as in `AnswerShape`.
            no_repeat: as in `Search`.
        """
        self._width = width
        self._ends = ends
        self._limit = limit
        self._least = least
        self._length_penalty = length_penalty
        self._no_repeat = no_repeat
        self._ended: list[Found] = []
        self._sums = np.zeros(1)
        self.hypotheses: list[tuple[int, ...]] = [()]
        self.over = False

    @property
    def asks(self) -> int:
        """How many of each hypothesis' likeliest next tokens `advance` needs to be told."""
        barred = max((len(self._barred(hypothesis)) for hypothesis in self.hypotheses), default=0)
        return self._width + len(self._ends) + barred

    def advance(self, tokens: NDArray[np.int64], log_probabilities: NDArray[np.float64]) -> list[int]:
        """Take a step; return for each hypothesis that goes on the number of the one that it continues.

        Args:
            tokens: the likeliest next tokens of each hypothesis, shape (hypotheses, n).
            log_probabilities: of these tokens, the same shape.
        """
        sums = self._sums[:, None] + self._without_barred(tokens, log_probabilities)
        at_limit = len(self.hypotheses[0]) + 1 >= self._limit
        parents: list[int] = []
        going_on: list[tuple[int, ...]] = []
        kept: list[float] = []
        for rank, place in enumerate(np.argsort(-sums, axis=None, kind="stable")):
            parent, choice = divmod(int(place), sums.shape[1])
            total = float(sums[parent, choice])
            if total == -np.inf or len(going_on) == self._width:
                break
            token = int(tokens[parent, choice])
            answer = (*self.hypotheses[parent], token)
            if rank < self._width and (token in self._ends or at_limit):
                self._ended.append(self._found(answer, total))
            elif token not in self._ends:
                parents.append(parent)
                going_on.append(answer)
                kept.append(total)
        self.over = at_limit or len(self._ended) >= self._width or not going_on
        self.hypotheses, self._sums = going_on, np.array(kept)
        return parents

    def best(self, count: int) -> list[Found]:
        """The best answers that have ended, best first."""
        return sorted(self._ended, key=lambda found: -found.rank)[:count]

    def _found(self, answer: tuple[int, ...], total: float) -> Found:
        return Found(tokens=answer, mean=total / len(answer), rank=total / len(answer) ** self._length_penalty)

    def _without_barred(self, tokens: NDArray[np.int64], log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        early = len(self.hypotheses[0]) < self._least
        if not self._no_repeat and not early:
            return log_probabilities
        left = log_probabilities.copy()
        if early:
            for end in self._ends:
                left[tokens == end] = -np.inf
        for row, hypothesis in enumerate(self.hypotheses):
            left[row][np.isin(tokens[row], self._barred(hypothesis))] = -np.inf
        return left

    def _barred(self, hypothesis: Sequence[int]) -> list[int]:
        """What would make a run of `no_repeat` tokens come a second time."""
        size = self._no_repeat
        if not size or len(hypothesis) < size:
            return []
        begun = tuple(hypothesis[len(hypothesis) - size + 1 :])
        runs = (tuple(hypothesis[place : place + size]) for place in range(len(hypothesis) - size + 1))
        return sorted({run[-1] for run in runs if run[:-1] == begun})
