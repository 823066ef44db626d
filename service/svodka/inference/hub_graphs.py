"""Makes a pulled checkpoint of an encoder-decoder model into graphs that ONNX Runtime runs, its tokenizer beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.inference.bart_checkpoint import read_bart
from svodka.inference.bart_onnx import write_graphs
from svodka.inference.texts import copy_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.protocols import Progress

__all__ = ["LIBRARIES", "write_graphed"]

LIBRARIES = ("onnx", "sentencepiece", "tokenizers", "torch", "transformers")


def write_graphed(checkpoint: Path, *, quantization: str, target: Path, progress: Progress) -> None:
    """Write the graphs into the folder `target`, which exists.

    Raises:
        ModelError: the checkpoint cannot be read, or ONNX Runtime does not run such a model.
    """
    progress("converting", 0, 1)
    write_graphs(*read_bart(checkpoint), quantization, target)
    copy_tokenizer(checkpoint, target)
    progress("converting", 1, 1)
