"""Searches the answers of a decoder-only model with ONNX Runtime: prompts in, n-best continuations with scores out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from svodka.inference.beams import Beams
from svodka.inference.cache import GRAPH_FILE, TOKENIZER_FILE
from svodka.inference.gemma_session import GemmaSession
from svodka.inference.groups import groups
from svodka.inference.prompts import Decoding, PromptTokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svodka.inference.gemma_session import Memory, Next
    from svodka.inference.protocols import Hypothesis, Search

__all__ = ["OnnxGenerator"]

_T = TypeVar("_T")

_SCORED_TOGETHER = 128  # tokens of an answer: each has the probabilities of the whole vocabulary


class OnnxGenerator:
    """A prepared model. Safe to call from several threads."""

    def __init__(self, folder: Path, *, threads: int, decoding: Decoding | None = None) -> None:
        self._decoding = decoding or Decoding()
        self._tokenizer = PromptTokenizer(folder / TOKENIZER_FILE, end_tokens=self._decoding.end_tokens)
        self._model = GemmaSession(folder / GRAPH_FILE, threads=threads)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return self._tokenizer.count(text)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        search: Search,
        max_tokens: Sequence[int],
        beginnings: Sequence[str] = (),
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`.

        Raises:
            ValueError: a prompt and its answer may have more tokens than the model has positions.
        """
        if not 1 <= search.n_best <= search.beam:
            raise ValueError(f"n_best must be from 1 to the beam {search.beam}, not {search.n_best}")
        begun, encoded = self._tokenizer.encode_begun(prompts, beginnings)
        sizes = [len(tokens) + limit for tokens, limit in zip(encoded, max_tokens, strict=True)]
        if max(sizes, default=0) > self._model.positions:
            raise ValueError(
                f"a prompt and its answer have {max(sizes)} tokens at most, and the model has {self._model.positions} positions"
            )
        answers: dict[int, list[Hypothesis]] = {}
        for group in groups(sizes, beam=search.beam, budget=self._decoding.batch_tokens):
            begins = [self._begin(search, max_tokens[index]) for index in group]
            self._search(begins, [encoded[index] for index in group])
            for index, beams in zip(group, begins, strict=True):
                found = [(answer.tokens, answer.mean) for answer in beams.best(search.n_best)]
                answers[index] = self._tokenizer.hypotheses(found, limit=max_tokens[index], beginning=begun[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        end = self._tokenizer.end(self._decoding.end_tokens[0])
        scores: list[float] = []
        for prompt, answer in zip(prompts, answers, strict=True):
            asked, whole = len(self._tokenizer.encode(prompt)), [*self._tokenizer.encode(prompt, answer), end]
            places = range(asked, len(whole))
            some = [places[start : start + _SCORED_TOGETHER] for start in range(0, len(places), _SCORED_TOGETHER)]
            scores.append(float(np.concatenate([self._model.log_probabilities(whole, part) for part in some]).mean()))
        return scores

    def _begin(self, search: Search, limit: int) -> Beams:
        return Beams(
            width=search.beam,
            ends=self._tokenizer.ends,
            limit=limit,
            length_penalty=self._decoding.length_penalty,
            no_repeat=search.no_repeat,
        )

    def _search(self, begun: Sequence[Beams], prompts: Sequence[Sequence[int]]) -> None:
        """Search the answers to some prompts together until each is over."""
        running = list(begun)
        memory, told = self._model.read(prompts, count=max(beams.asks for beams in running))
        while running := _advanced(running, memory, told):
            width = max(len(beams.hypotheses) for beams in running)
            tokens = np.array([[hypothesis[-1] for hypothesis in _filled(beams.hypotheses, width)] for beams in running])
            told = self._model.go_on(memory, tokens, count=max(beams.asks for beams in running))


def _advanced(running: Sequence[Beams], memory: Memory, told: Next) -> list[Beams]:
    """Take a step with each; return those that are not over, which the memory then follows."""
    parents: list[list[int]] = []
    going_on: list[int] = []
    for number, beams in enumerate(running):
        rows = slice(len(beams.hypotheses))
        own = beams.advance(told.tokens[number, rows], told.log_probabilities[number, rows])
        if not beams.over:
            parents.append(own)
            going_on.append(number)
    if going_on:
        width = max(len(own) for own in parents)
        memory.follow(np.array([_filled(own, width) for own in parents]), going_on)
    return [running[number] for number in going_on]


def _filled(some: Sequence[_T], width: int) -> list[_T]:
    """As many as `width`: where there are fewer, the first stands for those that are not, and nobody asks for what it finds there."""
    return [*some, *[some[0]] * (width - len(some))]
