"""The seams between models and the rest: what an encoder, a generator and a translator promise. A leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Encoder", "Generator", "Hypothesis", "Translator"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """One answer of a model."""

    text: str
    score: float  # mean log-probability of a token: 0 is certain, lower is worse; comparable within one sentence
    finished: bool  # False where the model ran into the length limit before it ended its answer, or said nothing at all


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how near their meanings are."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row for each text, in order: shape (n, d)."""
        ...


class Generator(Protocol):
    """Continues prompts."""

    def generate(self, prompts: Sequence[str], *, beam: int = 1, n_best: int = 1, max_tokens: Sequence[int]) -> list[list[Hypothesis]]:
        """Return for each prompt, in order, at least one and at most `n_best` different answers, best first.

        `max_tokens` bounds the answer to each prompt.
        """
        ...


class Translator(Protocol):
    """Translates sentences, one by one and without context."""

    def translate(
        self, sentences: Sequence[str], *, source: str, target: str, n_best: int = 1, beam: int = 4
    ) -> list[tuple[Hypothesis, ...]]:
        """Return for each sentence, in order, at least one and at most `n_best` different translations, best first."""
        ...
