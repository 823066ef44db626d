"""Packs a change of weights at 4 bits, in the format that `svodka.inference.delta` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["pack", "packed_change"]

_GROUP, _ZERO, _LOWEST, _HIGHEST = 64, 8, -8, 7
# The scale that fits a group best lies near where its furthest value just fits the range, mostly below: cutting that one is worth it.
_SHARES = np.linspace(0.6, 1.05, 16, dtype=np.float32)


def packed_change(changes: Iterable[tuple[str, NDArray[np.float32]]]) -> dict[str, NDArray[np.generic]]:
    """The entries of a file of changes: two-dimensional ones at 4 bits, others as float16; what did not change is left out."""
    entries: dict[str, NDArray[np.generic]] = {}
    for name, change in changes:
        if not change.any():
            continue
        if change.ndim == 2 and change.size % _GROUP == 0:
            entries[f"{name}.q4"], entries[f"{name}.scale"] = pack(change)
        else:
            entries[f"{name}.delta"] = change.astype(np.float16)
    return entries


def pack(change: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Two 4-bit values a byte, low nibble first, and the scale of each group of 64 with the least squared error."""
    groups = change.reshape(-1, _GROUP)
    furthest = np.take_along_axis(groups, np.abs(groups).argmax(axis=1, keepdims=True), axis=1)
    best_scale = np.zeros((len(groups), 1), dtype=np.float32)
    best_error = np.full((len(groups), 1), np.inf, dtype=np.float32)
    for share in _SHARES:
        # The range reaches one further below zero than above: the furthest value goes there, whatever its sign, by the scale's.
        fitted = _refitted(groups, furthest * share / _LOWEST)
        error = np.square(groups - _quantised(groups, fitted) * fitted).sum(axis=1, keepdims=True)
        better = error < best_error
        best_scale, best_error = np.where(better, fitted, best_scale), np.where(better, error, best_error)
    nibbles = (_quantised(groups, best_scale) + _ZERO).astype(np.uint8).reshape(-1)
    packed: NDArray[np.uint8] = nibbles[0::2] | np.left_shift(nibbles[1::2], 4, dtype=np.uint8)
    return packed, best_scale.astype(np.float16).reshape(-1)


def _refitted(groups: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scale that fits best once each value is rounded by the given one, as float16 can hold it."""
    values = _quantised(groups, scale)
    power = np.square(values).sum(axis=1, keepdims=True)
    fitted = np.divide((values * groups).sum(axis=1, keepdims=True), power, out=np.zeros_like(scale), where=power > 0)
    rounded: NDArray[np.float32] = fitted.astype(np.float16).astype(np.float32)
    return rounded


def _quantised(groups: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    values = np.divide(groups, scale, out=np.zeros_like(groups), where=scale != 0)
    return np.clip(np.rint(values), _LOWEST, _HIGHEST)
