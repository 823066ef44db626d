"""Where the tensors of a safetensors file lie, so that one can be used where it is, without a copy. A leaf."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

__all__ = ["mapped", "placed"]

_TYPES = {"I8": np.int8, "F32": np.float32, "I64": np.int64}
_HEADER_SIZE = 8  # bytes that tell the header's length


def placed(path: Path) -> dict[str, tuple[int, int]]:
    """Where each tensor lies: its first byte and its length in bytes."""
    header, begin = _header(path)
    spans = {name: told["data_offsets"] for name, told in header.items()}
    return {name: (begin + start, end - start) for name, (start, end) in spans.items()}


def mapped(path: Path, name: str) -> NDArray[Any]:
    """A tensor of type int8, float32 or int64, read from the disk as it is looked at."""
    header, begin = _header(path)
    told = header[name]
    return np.memmap(path, _TYPES[told["dtype"]], "r", begin + told["data_offsets"][0], tuple(told["shape"]))


def _header(path: Path) -> tuple[dict[str, Any], int]:
    with path.open("rb") as file:
        size = int.from_bytes(file.read(_HEADER_SIZE), "little")
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    return header, _HEADER_SIZE + size
