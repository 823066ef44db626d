"""Deterministic models for tests of everything that is not a model."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.protocols import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


class FakeEncoder:
    """Texts that share words are near: each word points in a direction of its own."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()) or [""]:
                row[zlib.crc32(word.encode()) % self._dimensions] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True) if len(texts) else rows


class FakeTranslator:
    """Gives the answers that it is told, best first; any other sentence comes back after its target language: "[ru] The sentence." """

    def __init__(self, answers: Mapping[str, Sequence[str]] | None = None) -> None:
        self._answers = dict(answers or {})
        self.asked: list[tuple[str, str, str]] = []  # (sentence, source, target)

    def translate(
        self, sentences: Sequence[str], *, source: str, target: str, n_best: int = 1, beam: int = 4
    ) -> list[tuple[Hypothesis, ...]]:
        self.asked += [(sentence, source, target) for sentence in sentences]
        return [self._hypotheses(sentence, target)[:n_best] for sentence in sentences]

    def _hypotheses(self, sentence: str, target: str) -> tuple[Hypothesis, ...]:
        if not sentence.strip():
            return (Hypothesis(text=sentence, score=0.0, finished=True),)
        texts = self._answers.get(sentence, (f"[{target}] {sentence}",))
        return tuple(Hypothesis(text=text, score=-0.1 * (rank + 1), finished=True) for rank, text in enumerate(texts))


class FakeGenerator:
    """Answers every prompt with what stands between its first colon and its line break, in capitals; a token is a word."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.max_tokens: list[int] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(self, prompts: Sequence[str], *, beam: int = 1, n_best: int = 1, max_tokens: Sequence[int]) -> list[list[Hypothesis]]:
        self.prompts += prompts
        self.max_tokens += max_tokens
        texts = [prompt.split(": ", 1)[1].split("\n", 1)[0].upper() for prompt in prompts]
        return [[Hypothesis(text=f"{text}{'!' * rank}", score=-float(rank), finished=True) for rank in range(n_best)] for text in texts]
