"""The seams between models and the rest: what an encoder, a generator and a translator promise. A leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DEFAULT_SEARCH", "AnswerShape", "Encoder", "Generator", "Hypothesis", "Progress", "Search", "Translator", "unseen"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """One answer of a model."""

    text: str
    score: float  # mean log-probability of a token: 0 is certain, lower is worse; comparable within one sentence
    finished: bool  # False where the model ran into the length limit before it ended its answer, or said nothing at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """How wide an answer is searched for, and how many different ones are asked. What is asked alike can be searched for together."""

    beam: int = 4  # hypotheses that are kept at each step
    n_best: int = 1  # answers at most, from 1 to the beam
    no_repeat: int = 0  # so many tokens never come twice in the same order; 0: they may
    direction: str = ""  # such as "en-ru", for models that are told it apart from the text or write some languages with fewer tokens


DEFAULT_SEARCH = Search()


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerShape:
    """What holds for all answers of a model."""

    length_penalty: float = 1.0  # the power of the length that the sum of log-probabilities is divided by in the search; 1: their mean
    min_tokens: int = 0  # an answer does not end before so many


class Progress(Protocol):
    """Is told how far a long piece of work has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `stage` has done `done` of `total` of its work."""
        ...


def unseen(stage: str, done: int, total: int) -> None:
    """A `Progress` that nobody looks at."""


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how near their meanings are."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row for each text, in order: shape (n, d)."""
        ...


class Generator(Protocol):
    """Continues prompts."""

    def generate(
        self,
        prompts: Sequence[str],
        *,
        search: Search,
        max_tokens: Sequence[int],
        beginnings: Sequence[str] = (),
    ) -> list[list[Hypothesis]]:
        """Return for each prompt, in order, at least one and at most `search.n_best` different answers, best first.

        `max_tokens` bounds the answer to each prompt. Where `beginnings` are given, one a prompt, each answer begins with its own (which
        may be empty) and goes on from there; its score is that of what the model added.
        """
        ...

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """Return for each prompt the mean log-probability of a token of the answer that stands beside it; `direction` as in `Search`."""
        ...


class Translator(Protocol):
    """Translates sentences, one by one and without context."""

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        """Return for each sentence, in order, at least one and at most `search.n_best` different translations, best first.

        Where `beginnings` are given, one a sentence, each translation begins with its own.
        """
        ...

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """Return for each sentence how likely the translation beside it is: as `Hypothesis.score`."""
        ...
