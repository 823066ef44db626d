"""How texts of different lengths are put side by side. A leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["UNSEEN", "padded"]

UNSEEN = np.float32(-1e9)  # what makes a share of the softmax nothing


def padded(texts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """A row a text; no token that counts sees what fills it up behind."""
    rows = np.zeros((len(texts), max(map(len, texts))), np.int64)
    for row, tokens in zip(rows, texts, strict=True):
        row[: len(tokens)] = tokens
    return rows
