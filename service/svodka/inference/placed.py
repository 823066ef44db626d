"""Files that are read where they lie, without a copy, and the places of tensors in those of safetensors. A leaf."""

from __future__ import annotations

import json
import mmap
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

__all__ = ["MappedTensors", "placed"]

_TYPES = {"U8": np.uint8, "I8": np.int8, "F32": np.float32, "I64": np.int64}
_HEADER_SIZE = 8  # bytes that tell the header's length


def placed(path: Path) -> dict[str, tuple[int, int]]:
    """Where each tensor lies: its first byte and its length in bytes."""
    header, begin = _header(path)
    spans = {name: told["data_offsets"] for name, told in header.items()}
    return {name: (begin + start, end - start) for name, (start, end) in spans.items()}


class MappedTensors:
    """The tensors of a safetensors file, read from the disk as they are looked at."""

    def __init__(self, path: Path) -> None:
        self._header, self._begin = _header(path)
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._bytes: NDArray[np.uint8] = np.frombuffer(self._map, np.uint8)

    def __contains__(self, name: str) -> bool:
        return name in self._header

    def __getitem__(self, name: str) -> NDArray[Any]:
        told = self._header[name]
        start, end = (self._begin + offset for offset in told["data_offsets"])
        return self._bytes[start:end].view(_TYPES[told["dtype"]]).reshape(told["shape"])

    def let_go(self) -> None:
        """Count what was looked at no more as memory of this process; it is still in the system's cache of files."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    with path.open("rb") as file:
        size = int.from_bytes(file.read(_HEADER_SIZE), "little")
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    return header, _HEADER_SIZE + size
