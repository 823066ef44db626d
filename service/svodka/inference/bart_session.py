"""Runs the graphs of BART, and of what was made after it: reads texts, and goes on with many hypotheses of each at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.cache import EMBEDDINGS_FILE, ENCODER_FILE, GRAPH_FILE, HEAD_FILES
from svodka.inference.head import Choice, Embeddings, Head
from svodka.inference.memory import Memory
from svodka.inference.onnx_runtime import in_the_callers_thread, onnxruntime
from svodka.inference.padding import UNSEEN, padded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.cores import Cores
    from svodka.inference.head import Next
    from svodka.inference.memory import Layer

__all__ = ["BartSession"]


class BartSession:
    """A prepared model, loaded. Calls from several threads are safe."""

    def __init__(self, folder: Path, cores: Cores) -> None:
        options = in_the_callers_thread()
        providers = ["CPUExecutionProvider"]
        self._encoder = onnxruntime.InferenceSession(folder / ENCODER_FILE, options, providers=providers)
        self._decoder = onnxruntime.InferenceSession(folder / GRAPH_FILE, options, providers=providers)
        told = {name: int(value) for name, value in self._decoder.get_modelmeta().custom_metadata_map.items()}
        self._heads, self._size = told["heads"], told["head_dim"]
        self._kept = [f"{kind}.{layer}" for layer in range(told["layers"]) for kind in ("keys", "values")]
        self._embeddings = Embeddings(folder / EMBEDDINGS_FILE)
        self._places = {side: self._embeddings.beside(f"places.{side}") for side in ("encoder", "decoder")}
        self._scale = self._embeddings.beside("scale")
        self._head = Head(sorted(folder.glob(HEAD_FILES)), self._embeddings, cores)

    @property
    def positions(self) -> int:
        """Tokens of a text, and of an answer, at most."""
        return min(map(len, self._places.values()))

    def let_go(self) -> None:
        """Count what was looked at of the embeddings no more as this process's memory."""
        self._embeddings.let_go()

    def read(self, texts: Sequence[Sequence[int]], begun: Sequence[Sequence[int]], *, count: int) -> tuple[Memory, Next]:
        """Read texts and what their answers begin with; return what is remembered of them, and the likeliest tokens after each.

        Args:
            texts: their tokens.
            begun: those of the answers, one or more.
            count: how many of the likeliest must be told.
        """
        lengths = np.array([len(tokens) for tokens in begun])
        tokens = padded(begun)
        sees = _sees(texts)
        answers = np.arange(len(texts))
        states, new, source = self._read(texts, sees, tokens, answers * tokens.shape[1] + lengths - 1)
        choice = Choice(self._head, [()] * len(texts))
        stored = [np.ascontiguousarray(layer.swapaxes(1, 2)) for layer in new]
        return Memory(stored, lengths, choice, beside=[sees, *source]), choice.next(states, answers, count)

    def go_on(self, memory: Memory, tokens: NDArray[np.int64], *, count: int) -> Next:
        """Add a token to each hypothesis of all answers; return the likeliest after it, `count` or more."""
        layout, (sees, *source) = memory.layout, memory.beside
        table = layout.table
        states, new = self._step(tokens[table], memory.positions[table], memory.sight(), sees, source, memory.stored, layout.own)
        memory.add(new)
        return memory.choice.next(states, layout.places[0], count)

    def log_probabilities(self, texts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]], begun: int) -> list[NDArray[np.float32]]:
        """How likely the tokens of each answer behind the first `begun` are after those before them."""
        before = padded([tokens[:-1] for tokens in answers])
        rows = [place - 1 + number * before.shape[1] for number, own in enumerate(answers) for place in range(begun, len(own))]
        states, _, _ = self._read(texts, _sees(texts), before, np.array(rows))
        asked = np.array([[token] for own in answers for token in own[begun:]])
        _, _, total = self._head.likeliest(states, 1)
        told = (self._head.score(states, asked) - total)[:, 0]
        return np.split(told, np.cumsum([len(own) - begun for own in answers])[:-1])

    def _read(
        self, texts: Sequence[Sequence[int]], sees: NDArray[np.bool_], tokens: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """The states of some rows of answers, what is to be remembered of these, and what is looked at in the texts."""
        read = padded(texts)
        width = read.shape[1]
        found = {
            "embedded": self._embedded("encoder", read, np.arange(width)),
            "sees": _masked(np.broadcast_to(sees[:, None, None, :], (len(texts), 1, width, width))),
        }
        source: list[NDArray[np.float32]] = self._encoder.run([f"source_{name}" for name in self._kept], found)
        answers, length = tokens.shape
        places = np.arange(length)
        before = np.broadcast_to(places[:, None] >= places[None, :], (answers, length, length))
        nothing = [np.zeros((answers, self._heads, 0, self._size), np.float32)] * len(self._kept)
        return *self._step(tokens, places, before, sees, source, nothing, rows), source

    def _step(
        self,
        tokens: NDArray[np.int64],
        positions: NDArray[np.int64],
        own: NDArray[np.bool_],
        sees: NDArray[np.bool_],
        source: Sequence[Layer],
        stored: Sequence[Layer],
        rows: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        answers, new = tokens.shape
        states, *made = self._decoder.run(
            ["states", *(f"new_{name}" for name in self._kept)],
            {
                "embedded": self._embedded("decoder", tokens, positions),
                "sees": _masked(own[:, None]),
                "source": _masked(np.broadcast_to(sees[:, None, None, :], (answers, 1, new, sees.shape[1]))),
                "split": np.array([own.shape[2] - new, new]),
                "rows": rows,
                **dict(zip(self._kept, stored, strict=True)),
                **{f"source_{name}": layer for name, layer in zip(self._kept, source, strict=True)},
            },
        )
        return states, made

    def _embedded(self, side: str, tokens: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._embeddings.of(tokens) * self._scale + self._places[side][positions]


def _sees(texts: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    """Where the tokens of texts stand, shape (texts, tokens of the longest)."""
    lengths = np.array([len(tokens) for tokens in texts])
    return np.arange(lengths.max()) < lengths[:, None]


def _masked(sees: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.where(sees, np.float32(0), UNSEEN)
