"""Runs the graphs of a Gemma 3 by ONNX Runtime: reads prompts, and goes on with many hypotheses of each at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.cache import EMBEDDINGS_FILE, GRAPH_FILE, HEAD_FILES, head_file
from svodka.inference.head import Choice, Embeddings, Head
from svodka.inference.memory import Memory
from svodka.inference.onnx_runtime import in_the_callers_thread, onnxruntime
from svodka.inference.padding import UNSEEN, Layout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.cores import Cores
    from svodka.inference.head import Next
    from svodka.inference.memory import Layer

__all__ = ["GemmaSession"]

_MEMORY_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


class GemmaSession:
    """A prepared model, loaded. Calls from several threads are safe."""

    def __init__(self, folder: Path, cores: Cores) -> None:
        self._session = onnxruntime.InferenceSession(folder / GRAPH_FILE, in_the_callers_thread(), providers=["CPUExecutionProvider"])
        told = {name: int(value) for name, value in self._session.get_modelmeta().custom_metadata_map.items()}
        self._heads_of_token, self._width, self._window = told["heads"], told["head_dim"], told["window"]
        self.positions: int = told["positions"]  # tokens of a prompt and its answer at most
        self._kept = [f"{kind}.{layer}" for layer in range(told["layers"]) for kind in ("keys", "values")]
        remembered = next(told.type for told in self._session.get_inputs() if told.name == self._kept[0])
        self._nothing = np.zeros((1, 0, self._width), _MEMORY_TYPES[remembered])
        self._embeddings = embeddings = Embeddings(folder / EMBEDDINGS_FILE)
        self._head = Head(sorted(folder.glob(HEAD_FILES)), embeddings, cores)
        self._short = {
            path.name.split(".")[1]: Head([path], embeddings, cores) for path in sorted(folder.glob(head_file("*")))
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
        layout = Layout(lengths)
        states, new = self._read(prompts, layout, layout.lasts)
        choice = Choice(self._short.get(language, self._head), more or [()] * len(prompts))
        return Memory(new, lengths, choice), choice.next(states, np.arange(len(prompts)), count)

    def go_on(self, memory: Memory, tokens: NDArray[np.int64], *, count: int) -> Next:
        """Add a token to each hypothesis of all answers; return the likeliest after it, `count` or more."""
        layout = memory.layout
        states, new = self._step(
            tokens, memory.positions, layout, memory.sight(self._window), memory.sight(), memory.stored, np.arange(len(tokens))
        )
        memory.add(new)
        return memory.choice.next(states, layout.places[0], count)

    def log_probabilities(self, texts: Sequence[Sequence[int]], places: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """How likely the tokens of each text at its `places`, of which none is the first, are after those before them."""
        read = [tokens[: max(own)] for tokens, own in zip(texts, places, strict=True)]
        layout = Layout(np.array([len(tokens) for tokens in read]))
        rows = [begin + place - 1 for begin, own in zip(layout.begins, places, strict=True) for place in own]
        asked = np.array([[tokens[place]] for tokens, own in zip(texts, places, strict=True) for place in own])
        states, _ = self._read(read, layout, np.array(rows))
        _, _, total = self._head.likeliest(states, 1)
        told = (self._head.score(states, asked) - total)[:, 0]
        return np.split(told, np.cumsum([len(own) for own in places])[:-1])

    def _read(self, texts: Sequence[Sequence[int]], layout: Layout, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], list[Layer]]:
        """The states of some of the texts' tokens, counted through all texts, and what is to be remembered of them."""
        places = np.arange(layout.width)
        behind = places[:, None] - places[None, :]
        local, whole = (np.tile(sees, (len(texts), 1, 1)) for sees in ((behind >= 0) & (behind < self._window), behind >= 0))
        nothing = [self._nothing.repeat(len(texts), axis=0)] * len(self._kept)
        return self._step(np.concatenate(texts), layout.places[1], layout, local, whole, nothing, rows)

    def _step(
        self,
        tokens: NDArray[np.int64],
        positions: NDArray[np.int64],
        layout: Layout,
        local: NDArray[np.bool_],
        whole: NDArray[np.bool_],
        stored: Sequence[Layer],
        rows: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], list[Layer]]:
        states, *new = self._session.run(
            ["states", *(f"new_{name}" for name in self._kept)],
            {
                "embedded": self._embeddings.of(tokens),
                "positions": positions[None],
                "table": layout.table,
                "own": layout.own,
                "local": self._masked(local),
                "whole": self._masked(whole),
                "split": np.array([whole.shape[2] - layout.width, layout.width]),
                "rows": rows,
                **dict(zip(self._kept, stored, strict=True)),
            },
        )
        return states, new

    def _masked(self, sees: NDArray[np.bool_]) -> NDArray[np.float32]:
        return np.repeat(np.where(sees, np.float32(0), UNSEEN), self._heads_of_token, axis=1)
