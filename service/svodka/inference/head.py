"""Says from the states of a model's body what comes next: among all tokens, or those that answers in a language are made of.

Russian answers are made of a sixth of the tokens that an English and Russian model knows, and of names that their source has. A head that
knows that sixth takes a sixth of the time, and the names of the source are scored beside it, token by token. Its other words are not: an
answer cannot leave them untranslated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from svodka.inference.onnx_runtime import in_the_callers_thread, onnxruntime
from svodka.inference.placed import MappedTensors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.cores import Cores

__all__ = ["Choice", "Embeddings", "Head", "Next"]

_REFINED = 16  # of the likeliest tokens, whose probabilities a head at 8 bits tells more exactly
_LEAST = 1e-8  # what is left of the probability for all other tokens, at least
_NOBODY = -1  # in place of a token


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The likeliest next tokens of each hypothesis of all answers in any order, shapes (hypotheses, n)."""

    tokens: NDArray[np.int64]
    log_probabilities: NDArray[np.float64]


class Embeddings:
    """The vectors of all tokens, where they lie on the disk."""

    def __init__(self, file: Path) -> None:
        """Open the file; where they are rounded to whole numbers, each vector has a step."""
        self._weights = MappedTensors(file)
        self._rows = self._weights["embeddings"]
        self._steps = self._weights["embeddings.steps"][:, 0] if "embeddings.steps" in self._weights else None
        self.bias = self._weights["bias"] if "bias" in self._weights else None  # noqa: SIM401  of each token's score; it has no get

    def of(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """A vector for each token, along a new last axis."""
        rows = self._rows[tokens].astype(np.float32)
        return rows if self._steps is None else rows * self._steps[tokens][..., None]

    def products(self, tokens: NDArray[np.int64], states: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of the vectors of some tokens with the state that each row of them, shape (o, n), belongs to."""
        told: NDArray[np.float32] = np.matmul(self._rows[tokens].astype(np.float32), states[:, :, None])[:, :, 0]
        return told if self._steps is None else told * self._steps[tokens]

    def beside(self, name: str) -> NDArray[np.float32]:
        """A copy of what else lies in the file."""
        kept: NDArray[np.float32] = self._weights[name].copy()
        return kept

    def let_go(self) -> None:
        """See `MappedTensors.let_go`."""
        self._weights.let_go()


class Head:
    """A head, in one graph or two, and the embeddings that it was made from. Calls from several threads are safe."""

    def __init__(self, graphs: Sequence[Path], embeddings: Embeddings, cores: Cores) -> None:
        """Load the graphs, of which each knows other tokens."""
        options, providers = in_the_callers_thread(), ["CPUExecutionProvider"]
        self._sessions = [onnxruntime.InferenceSession(graph, options, providers=providers) for graph in graphs]
        self._known = min(int(session.get_modelmeta().custom_metadata_map["tokens"]) for session in self._sessions)
        self._cores = cores
        weights = MappedTensors(graphs[0].with_suffix(".safetensors"))
        self.embeddings = embeddings
        self.listed = frozenset(weights["tokens"].tolist()) if "tokens" in weights else None  # the tokens it knows; None: all

    def likeliest(self, states: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
        """The likeliest tokens after each state, `count` or more if it knows as many, their scores, and what all scores come to.

        The latter is the logarithm of the sum of their exponentials, shape (o, 1).
        """
        asked = min(max(count, _REFINED), self._known)
        inputs = {"states": states, "count": np.array([asked])}

        def told(session: onnxruntime.InferenceSession) -> list[NDArray[Any]]:
            found: list[NDArray[Any]] = session.run(["likeliest", "scores", "totals"], inputs)
            return found

        tokens, coarse, totals = (np.concatenate(some, axis=1) for some in zip(*self._cores.all_of(told, self._sessions), strict=True))
        if len(self._sessions) > 1:
            best = np.argsort(-coarse, axis=1, kind="stable")[:, :asked]
            tokens, coarse = np.take_along_axis(tokens, best, axis=1), np.take_along_axis(coarse, best, axis=1)
        scores = self.score(states, tokens)
        coarse_total = np.logaddexp.reduce(totals, axis=1, keepdims=True)
        others = np.maximum(1 - np.exp(coarse - coarse_total).sum(axis=1, keepdims=True), _LEAST)
        return tokens, scores, coarse_total + np.log(others + np.exp(scores - coarse_total).sum(axis=1, keepdims=True))

    def score(self, states: NDArray[np.float32], tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores of some tokens after each state, without rounding the state: that is most of what 8 bits lose; shapes (o, n)."""
        scores = self.embeddings.products(tokens, states)
        return scores if self.embeddings.bias is None else scores + self.embeddings.bias[tokens]


class Choice:
    """What the next tokens of some answers are chosen from: those that a head knows, and of each answer some more."""

    def __init__(self, head: Head, more: Sequence[Sequence[int]]) -> None:
        """Take a head, and tokens for each answer that are none of those that it knows."""
        self._head = head
        self._more = np.full((len(more), max(map(len, more), default=0)), _NOBODY)
        for row, tokens in zip(self._more, more, strict=True):
            row[: len(tokens)] = tokens
        self._vectors = head.embeddings.of(self._more)

    def go_on(self, answers: Sequence[int]) -> None:
        """Forget all but some answers."""
        self._more, self._vectors = self._more[answers], self._vectors[answers]

    def join(self, other: Choice) -> None:
        """Take the answers of another choice with the same head behind the own."""
        width = max(self._more.shape[1], other._more.shape[1])
        own, its = (np.pad(more, ((0, 0), (0, width - more.shape[1])), constant_values=_NOBODY) for more in (self._more, other._more))
        self._more = np.concatenate([own, its])
        self._vectors = self._head.embeddings.of(self._more)

    def next(self, states: NDArray[np.float32], answers: NDArray[np.int64], count: int) -> Next:
        """The likeliest after each state, `count` or more; `answers` says which answer's hypothesis it is."""
        found, scores, total = self._head.likeliest(states, count)
        if self._more.shape[1]:
            more = self._more[answers]
            beside = np.matmul(self._vectors[answers], states[:, :, None])[:, :, 0]
            beside = np.where(more == _NOBODY, -np.inf, beside)
            found = np.concatenate([found, more], axis=1)
            scores = np.concatenate([scores, beside], axis=1)
            total = np.logaddexp(total, np.logaddexp.reduce(beside, axis=1, keepdims=True))
        return Next(tokens=found, log_probabilities=scores.astype(np.float64) - total)
