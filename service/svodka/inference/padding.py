"""How texts, or hypotheses, of which some have more than others, are put side by side. A leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["UNSEEN", "Layout", "padded"]

UNSEEN = np.float32(-1e9)  # what makes a share of the softmax nothing


def padded(texts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """A row a text; no token that counts sees what fills it up behind."""
    rows = np.zeros((len(texts), max(map(len, texts))), np.int64)
    for row, tokens in zip(rows, texts, strict=True):
        row[: len(tokens)] = tokens
    return rows


class Layout:
    """Rows that stand one behind the other, so many of each answer, and a table that has a line for each answer."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        """Take how many rows each answer has, one or more."""
        self._counts = counts
        self.begins: NDArray[np.int64] = np.cumsum(counts) - counts  # the first row of each answer

    @property
    def width(self) -> int:
        """The most rows that an answer has."""
        return int(self._counts.max())

    @property
    def table(self) -> NDArray[np.int64]:
        """Which row stands where, shape (answers, most): where an answer has fewer, its first fills the line up."""
        places = np.arange(self.width)
        return self.begins[:, None] + np.where(places < self._counts[:, None], places, 0)

    @property
    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of each row, its line and where in the line it stands."""
        lines = np.repeat(np.arange(len(self._counts)), self._counts)
        return lines, np.arange(len(lines)) - self.begins[lines]

    @property
    def own(self) -> NDArray[np.int64]:
        """Where each row stands in the table, whose lines are put one behind the other."""
        lines, places = self.places
        return lines * self.width + places

    @property
    def lasts(self) -> NDArray[np.int64]:
        """The last row of each answer."""
        return self.begins + self._counts - 1
