"""Runs the graph of a Gemma 3 by ONNX Runtime: reads prompts, and goes on with many hypotheses of each at once.

What was read is remembered once for all hypotheses of an answer: they share the places of its memory, and each sees those of its own
ancestors. Nothing is copied when the search drops a hypothesis or doubles one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["GemmaSession", "Memory", "Next"]

_UNSEEN = np.float32(-1e9)  # what makes a share of the softmax nothing
_REFINED = 16  # of the likeliest tokens, whose probabilities a graph at 8 bits tells more exactly
_STEPS_AHEAD = 16  # for which memory is taken at once
_NEVER = np.float32(np.finfo(np.float32).tiny)  # a probability that has become 0 in float32 has no logarithm


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The likeliest next tokens of the hypotheses of each answer, shapes (answers, hypotheses, n)."""

    tokens: NDArray[np.int64]
    log_probabilities: NDArray[np.float64]


class Memory:
    """Keys and values of all tokens of some answers, and which hypothesis sees which."""

    def __init__(self, stored: Sequence[NDArray[np.float32]], lengths: NDArray[np.int64]) -> None:
        """Take what the graph made of prompts, keys and values by turns, which are filled up behind with what nobody sees."""
        answers, places, _ = stored[0].shape
        self._stored = list(stored)
        self._positions = np.tile(np.arange(places), (answers, 1))
        self._sees = (self._positions < lengths[:, None])[:, None, :]
        self._used = places
        self._steps = lengths.copy()  # the position of the next token

    @property
    def stored(self) -> list[NDArray[np.float32]]:
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
        self._sees = np.take_along_axis(self._sees, parents[:, :, None], axis=1)
        if self._used + parents.shape[1] > self._positions.shape[1]:
            self._make_room(_STEPS_AHEAD * parents.shape[1])

    def sight(self, window: int | None = None) -> NDArray[np.bool_]:
        """What the hypotheses see, of the memory and then of their own new tokens; shape (answers, hypotheses, places + hypotheses)."""
        sees = self._sees
        if window is not None:
            sees = sees & (self._steps[:, None, None] - self._positions[:, None, :] < window)
        answers, hypotheses, _ = sees.shape
        own = np.broadcast_to(np.eye(hypotheses, dtype=bool), (answers, hypotheses, hypotheses))
        return np.concatenate([sees, own], axis=2)

    def add(self, new: Sequence[NDArray[np.float32]]) -> None:
        """Remember the new tokens, one of each hypothesis, as the graph made them."""
        hypotheses = new[0].shape[1]
        places = slice(self._used, self._used + hypotheses)
        for layer, added in zip(self._stored, new, strict=True):
            layer[:, places] = added
        self._positions[:, places] = self._steps[:, None]
        self._sees[:, :, places] = np.eye(hypotheses, dtype=bool)
        self._used += hypotheses
        self._steps += 1

    def _make_room(self, places: int) -> None:
        """Move what any hypothesis still sees to the front, and add free places behind."""
        seen = self._sees.any(axis=1)
        used = int(seen.sum(axis=1).max())
        order = np.argsort(~seen, axis=1, kind="stable")[:, :used]
        for number, layer in enumerate(self._stored):
            self._stored[number] = _moved(layer, order, places)
        self._positions = np.pad(np.take_along_axis(self._positions, order, axis=1), ((0, 0), (0, places)))
        self._sees = np.pad(np.take_along_axis(self._sees, order[:, None, :], axis=2), ((0, 0), (0, 0), (0, places)))
        self._used = used


class GemmaSession:
    """A prepared model, loaded. Calls from several threads are safe."""

    def __init__(self, graph: Path, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that wait by spinning take the cores from whatever else runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # What a wide batch took is given back behind it.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        told = {name: int(value) for name, value in self._session.get_modelmeta().custom_metadata_map.items()}
        self._heads, self._width, self._window = told["heads"], told["head_dim"], told["window"]
        self._vocabulary = told["vocabulary"]
        self.positions: int = told["positions"]  # tokens of a prompt and its answer at most
        self._kept = [f"{kind}.{layer}" for layer in range(told["layers"]) for kind in ("keys", "values")]

    def read(self, prompts: Sequence[Sequence[int]], *, count: int) -> tuple[Memory, Next]:
        """Read prompts; return what is remembered of them, and the likeliest tokens after each, `count` or more."""
        lengths = np.array([len(prompt) for prompt in prompts])
        tokens = np.zeros((len(prompts), int(lengths.max())), np.int64)
        for row, prompt in zip(tokens, prompts, strict=True):
            row[: len(prompt)] = prompt
        rows = np.arange(len(prompts)) * tokens.shape[1] + lengths - 1
        likeliest, chances, *kept = self._read(tokens, rows, count, "likeliest", "chances")
        return Memory(kept, lengths), _next(likeliest, chances, answers=len(prompts))

    def go_on(self, memory: Memory, tokens: NDArray[np.int64], *, count: int) -> Next:
        """Add a token to each hypothesis, shape (answers, hypotheses); return the likeliest after it, `count` or more."""
        local = memory.sight(self._window)
        wanted = ["likeliest", "chances", *(f"new_{name}" for name in self._kept)]
        likeliest, chances, *new = self._session.run(
            wanted,
            {
                "tokens": tokens,
                "positions": memory.positions,
                "local": self._masked(local),
                "whole": self._masked(memory.sight()),
                "split": np.array([local.shape[2] - tokens.shape[1], tokens.shape[1]]),
                "rows": np.arange(tokens.size),
                "count": self._count(count),
                **dict(zip(self._kept, memory.stored, strict=True)),
            },
        )
        memory.add(new)
        return _next(likeliest, chances, answers=len(tokens))

    def log_probabilities(self, tokens: Sequence[int], places: Sequence[int]) -> NDArray[np.float32]:
        """How likely the tokens at `places`, of which none is the first, are after those before them."""
        before = np.array([tokens[: max(places)]])
        likeliest, chances, all_chances = self._read(
            before, np.array(places) - 1, _REFINED, "likeliest", "chances", "all_chances", keep=False
        )
        asked = np.array([tokens[place] for place in places])
        own = all_chances[np.arange(len(places)), asked]
        rows, columns = np.nonzero(likeliest == asked[:, None])
        own[rows] = chances[rows, columns]
        return np.log(np.maximum(own, _NEVER))  # type: ignore[no-any-return]

    def _read(
        self, tokens: NDArray[np.int64], rows: NDArray[np.int64], count: int, *wanted: str, keep: bool = True
    ) -> list[NDArray[np.float32]]:
        answers, length = tokens.shape
        places = np.arange(length)
        behind = places[:, None] - places[None, :]
        nothing = np.zeros((answers, 0, self._width), np.float32)
        kept = [f"new_{name}" for name in self._kept] if keep else []
        found: list[NDArray[np.float32]] = self._session.run(
            [*wanted, *kept],
            {
                "tokens": tokens,
                "positions": np.tile(places, (answers, 1)),
                "local": self._masked(np.tile((behind >= 0) & (behind < self._window), (answers, 1, 1))),
                "whole": self._masked(np.tile(behind >= 0, (answers, 1, 1))),
                "split": np.array([0, length]),
                "rows": rows,
                "count": self._count(count),
                **dict.fromkeys(self._kept, nothing),
            },
        )
        return found

    def _masked(self, sees: NDArray[np.bool_]) -> NDArray[np.float32]:
        return np.repeat(np.where(sees, np.float32(0), _UNSEEN), self._heads, axis=1)

    def _count(self, count: int) -> NDArray[np.int64]:
        return np.array([min(max(count, _REFINED), self._vocabulary)])


def _moved(layer: NDArray[np.float32], order: NDArray[np.int64], places: int) -> NDArray[np.float32]:
    answers, used = order.shape
    moved = np.zeros((answers, used + places, layer.shape[2]), np.float32)
    moved[:, :used] = layer[np.arange(answers)[:, None], order]
    return moved


def _next(likeliest: NDArray[np.float32], chances: NDArray[np.float32], *, answers: int) -> Next:
    tokens = likeliest.reshape(answers, -1, likeliest.shape[1]).astype(np.int64)
    return Next(tokens=tokens, log_probabilities=np.log(np.maximum(chances, _NEVER)).astype(np.float64).reshape(tokens.shape))
