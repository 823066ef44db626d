"""Adds a trained change of weights to the weights of its base.

For each two-dimensional weight `NAME`, `NAME.q4` holds two 4-bit values a byte, low nibble first, and `NAME.scale` a float16 for each group
of 64 along the flattened weight: change = (nibble - 8) * scale. For the others `NAME.delta` is the change itself. A weight without an entry
is unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from svodka.errors import ModelDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Delta"]

_GROUP = 64
_ZERO = 8


class Delta:
    """A file of changes, asked for by the names of the weights."""

    def __init__(self, path: Path) -> None:
        try:
            self._entries = load_file(path)
        except (OSError, SafetensorError) as error:
            raise ModelDamaged(f"{path} is not a safetensors file: {error}") from error
        self._path = path

    @property
    def names(self) -> frozenset[str]:
        """Names of the weights that change."""
        return frozenset(entry.rsplit(".", 1)[0] for entry in self._entries)

    def add_to(self, name: str, weight: NDArray[np.float32]) -> None:
        """Add the change of a weight, if it has one, in place.

        Raises:
            ModelDamaged: the change has another shape than the weight.
        """
        if f"{name}.q4" in self._entries:
            change = self._unpack(name)
        elif f"{name}.delta" in self._entries:
            change = self._entries[f"{name}.delta"].astype(np.float32)
        else:
            return
        if change.size != weight.size:
            raise ModelDamaged(f"{self._path}: {name} has {change.size} values, and its base {weight.size}")
        weight += change.reshape(weight.shape)

    def _unpack(self, name: str) -> NDArray[np.float32]:
        packed = self._entries[f"{name}.q4"].reshape(-1)
        scales = self._entries[f"{name}.scale"].astype(np.float32)
        nibbles = np.empty(packed.size * 2, dtype=np.float32)
        nibbles[0::2] = packed & 0x0F
        nibbles[1::2] = packed >> 4
        if nibbles.size != scales.size * _GROUP:
            raise ModelDamaged(f"{self._path}: {name} has {nibbles.size} values and {scales.size} scales of {_GROUP} values each")
        change: NDArray[np.float32] = (nibbles.reshape(-1, _GROUP) - _ZERO) * scales.reshape(-1, 1)
        return change
