"""Runs the graphs of a Gemma 3 by ONNX Runtime: reads prompts, and goes on with many hypotheses of each at once.

What was read is remembered once for all hypotheses of an answer: they share the places of its memory, and each sees those of its own
ancestors. Nothing is copied when the search drops a hypothesis or doubles one: the next tokens take the places of what no hypothesis sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.cache import EMBEDDINGS_FILE, GRAPH_FILE, head_file
from svodka.inference.gemma_head import Choice, Embeddings, Head
from svodka.inference.onnx_runtime import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.gemma_head import Next

    # Keys or values of a layer, in as many bits as the graph remembers them in.
    Layer = NDArray[np.float32] | NDArray[np.float16]

__all__ = ["GemmaSession", "Memory"]

_UNSEEN = np.float32(-1e9)  # what makes a share of the softmax nothing
_MEMORY_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_PLACES_AHEAD = 16  # that memory is taken for at once


class Memory:
    """Keys and values of all tokens of some answers, which hypothesis sees which, and what the next are chosen from."""

    def __init__(self, stored: Sequence[Layer], lengths: NDArray[np.int64], choice: Choice) -> None:
        """Take what the graph made of prompts, keys and values by turns, which are filled up behind with what nobody sees."""
        self.choice = choice
        answers, places, _ = stored[0].shape
        self._stored = list(stored)
        self._positions = np.tile(np.arange(places), (answers, 1))
        self._sees = (self._positions < lengths[:, None])[:, None, :]
        self._steps = lengths.copy()  # the position of the next token

    @property
    def stored(self) -> list[Layer]:
        """Keys and values of each layer by turns, shape (answers, places, width)."""
        return self._stored

    @property
    def positions(self) -> NDArray[np.int64]:
        """Where the next tokens stand, shape (answers, hypotheses)."""
        return np.repeat(self._steps[:, None], self._sees.shape[1], axis=1)

    def follow(self, parents: NDArray[np.int64], going_on: Sequence[int]) -> None:
        """Go on with some of the answers.

        Args:
            parents: of the answers that go on, the number of the hypothesis that each new one continues, shape (answers, hypotheses).
            going_on: their numbers.
        """
        if len(going_on) < len(self._steps):
            for number, layer in enumerate(self._stored):  # one by one: all at once would take the memory twice
                self._stored[number] = layer[going_on]
            self._positions, self._steps, self._sees = self._positions[going_on], self._steps[going_on], self._sees[going_on]
            self.choice.go_on(going_on)
        self._sees = np.take_along_axis(self._sees, parents[:, :, None], axis=1)

    def sight(self, window: int | None = None) -> NDArray[np.bool_]:
        """What the hypotheses see, of the memory and then of their own new tokens; shape (answers, hypotheses, places + hypotheses)."""
        sees = self._sees
        if window is not None:
            sees = sees & (self._steps[:, None, None] - self._positions[:, None, :] < window)
        answers, hypotheses, _ = sees.shape
        own = np.broadcast_to(np.eye(hypotheses, dtype=bool), (answers, hypotheses, hypotheses))
        return np.concatenate([sees, own], axis=2)

    def add(self, new: Sequence[Layer]) -> None:
        """Remember the new tokens, one of each hypothesis, as the graph made them, in place of what no hypothesis sees."""
        answers, hypotheses, _ = new[0].shape
        free = ~self._sees.any(axis=1)
        if (missing := hypotheses - int(free.sum(axis=1).min())) > 0:
            self._make_room(missing + _PLACES_AHEAD)
            free = ~self._sees.any(axis=1)
        places = np.argsort(~free, axis=1, kind="stable")[:, :hypotheses]
        for layer, added in zip(self._stored, new, strict=True):
            layer[np.arange(answers)[:, None], places] = added
        np.put_along_axis(self._positions, places, self._steps[:, None], axis=1)
        np.put_along_axis(self._sees, places[:, None, :], np.eye(hypotheses, dtype=bool), axis=2)
        self._steps += 1

    def _make_room(self, places: int) -> None:
        """Add free places behind."""
        for number, layer in enumerate(self._stored):
            answers, before, width = layer.shape
            wider = np.zeros((answers, before + places, width), layer.dtype)
            wider[:, :before] = layer
            self._stored[number] = wider
        self._positions = np.pad(self._positions, ((0, 0), (0, places)))
        self._sees = np.pad(self._sees, ((0, 0), (0, 0), (0, places)))


class GemmaSession:
    """A prepared model, loaded. Calls from several threads are safe."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # that of the caller
        options.inter_op_num_threads = 1
        # What a wide batch took is given back behind it.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(folder / GRAPH_FILE, options, providers=["CPUExecutionProvider"])
        told = {name: int(value) for name, value in self._session.get_modelmeta().custom_metadata_map.items()}
        self._heads_of_token, self._width, self._window = told["heads"], told["head_dim"], told["window"]
        self.positions: int = told["positions"]  # tokens of a prompt and its answer at most
        self._kept = [f"{kind}.{layer}" for layer in range(told["layers"]) for kind in ("keys", "values")]
        remembered = next(told.type for told in self._session.get_inputs() if told.name == self._kept[0])
        self._nothing = np.zeros((1, 0, self._width), _MEMORY_TYPES[remembered])
        self._embeddings = embeddings = Embeddings(folder / EMBEDDINGS_FILE)
        self._head = Head(folder / head_file(), embeddings, options)
        self._short = {
            path.name.split(".")[1]: Head(path, embeddings, options) for path in sorted(folder.glob(head_file("*")))
        }  # by language

    def let_go(self) -> None:
        """Count what was looked at of the embeddings no more as this process's memory."""
        self._embeddings.let_go()

    def listed(self, language: str) -> frozenset[int] | None:
        """The tokens that answers in a language are made of, apart from names; None: any."""
        return None if language not in self._short else self._short[language].listed

    def read(
        self, prompts: Sequence[Sequence[int]], *, count: int, language: str = "", more: Sequence[Sequence[int]] = ()
    ) -> tuple[Memory, Next]:
        """Read prompts; return what is remembered of them, and the likeliest tokens after each, `count` or more.

        Args:
            prompts: their tokens.
            count: how many must be told.
            language: of the answers, which are then made of what is `listed` for it.
            more: tokens that each answer may have besides.
        """
        lengths = np.array([len(prompt) for prompt in prompts])
        tokens = _padded(prompts)
        states, *kept = self._read(tokens, np.arange(len(prompts)) * tokens.shape[1] + lengths - 1)
        choice = Choice(self._short.get(language, self._head), more or [()] * len(prompts))
        return Memory(kept, lengths, choice), choice.next(states, count)

    def go_on(self, memory: Memory, tokens: NDArray[np.int64], *, count: int) -> Next:
        """Add a token to each hypothesis, shape (answers, hypotheses); return the likeliest after it, `count` or more."""
        local = memory.sight(self._window)
        states, *new = self._session.run(
            ["states", *(f"new_{name}" for name in self._kept)],
            {
                "embedded": self._embeddings.of(tokens),
                "positions": memory.positions,
                "local": self._masked(local),
                "whole": self._masked(memory.sight()),
                "split": np.array([local.shape[2] - tokens.shape[1], tokens.shape[1]]),
                "rows": np.arange(tokens.size),
                **dict(zip(self._kept, memory.stored, strict=True)),
            },
        )
        memory.add(new)
        return memory.choice.next(states, count)

    def log_probabilities(self, texts: Sequence[Sequence[int]], places: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """How likely the tokens of each text at its `places`, of which none is the first, are after those before them."""
        read = _padded([tokens[: max(own)] for tokens, own in zip(texts, places, strict=True)])
        rows = [place - 1 + number * read.shape[1] for number, own in enumerate(places) for place in own]
        asked = np.array([[tokens[place]] for tokens, own in zip(texts, places, strict=True) for place in own])
        states, *_ = self._read(read, np.array(rows))
        _, _, total = self._head.likeliest(states, 1)
        told = (self._head.score(states, asked) - total)[:, 0]
        return np.split(told, np.cumsum([len(own) for own in places])[:-1])

    def _read(self, tokens: NDArray[np.int64], rows: NDArray[np.int64]) -> list[NDArray[np.float32]]:
        answers, length = tokens.shape
        places = np.arange(length)
        behind = places[:, None] - places[None, :]
        nothing = self._nothing.repeat(answers, axis=0)
        found: list[NDArray[np.float32]] = self._session.run(
            ["states", *(f"new_{name}" for name in self._kept)],
            {
                "embedded": self._embeddings.of(tokens),
                "positions": np.tile(places, (answers, 1)),
                "local": self._masked(np.tile((behind >= 0) & (behind < self._window), (answers, 1, 1))),
                "whole": self._masked(np.tile(behind >= 0, (answers, 1, 1))),
                "split": np.array([0, length]),
                "rows": rows,
                **dict.fromkeys(self._kept, nothing),
            },
        )
        return found

    def _masked(self, sees: NDArray[np.bool_]) -> NDArray[np.float32]:
        return np.repeat(np.where(sees, np.float32(0), _UNSEEN), self._heads_of_token, axis=1)


def _padded(texts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """A row a text; no token that counts sees what fills it up behind."""
    rows = np.zeros((len(texts), max(map(len, texts))), np.int64)
    for row, tokens in zip(rows, texts, strict=True):
        row[: len(tokens)] = tokens
    return rows
