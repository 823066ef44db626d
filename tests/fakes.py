"""Deterministic models for tests of everything that is not a model."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

from svodka.figures import extract, render
from svodka.inference.entries import ModelEntry
from svodka.inference.protocols import DEFAULT_SEARCH, Hypothesis, Search
from svodka.repair import Ladder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


class ToldEncoder:
    """Texts lie as far from all others as it is told: 0 where it is not told."""

    def __init__(self, angles: Mapping[str, float] | None = None) -> None:
        self._angles = dict(angles or {})

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = np.array([self._angles.get(text, 0.0) for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


class FakeTranslator:
    """Gives the answers that it is told, best first; any other sentence comes back after its target language: "[ru] The sentence."

    A beginning is gone on with as `continuations` tell; at any other it stops short. Where nothing may be repeated, `steady` tells.
    """

    def __init__(
        self,
        answers: Mapping[str, Sequence[str]] | None = None,
        continuations: Mapping[str, str] | None = None,
        steady: Mapping[str, str] | None = None,
        scores: Mapping[str, float] | None = None,
    ) -> None:
        self._answers = dict(answers or {})
        self._steady = dict(steady or {})
        self._scores = dict(scores or {})
        self._continuations = dict(continuations or {})
        self.asked: list[tuple[str, str, str]] = []  # (sentence, source, target)
        self.begun: list[str] = []
        self.calls = 0

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        self.calls += 1
        if search.no_repeat:
            return [(Hypothesis(text=self._steady.get(sentence, sentence), score=-2.0, finished=True),) for sentence in sentences]
        self.asked += [(sentence, source, target) for sentence in sentences]
        self.begun += beginnings
        if beginnings:
            known = self._continuations
            return [(Hypothesis(text=begun + known.get(begun, ""), score=-0.1, finished=begun in known),) for begun in beginnings]
        return [self._hypotheses(sentence, target)[: search.n_best] for sentence in sentences]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """As told; of others, the shorter the likelier."""
        return [self._scores.get(translation, -float(len(translation))) for translation in translations]

    def _hypotheses(self, sentence: str, target: str) -> tuple[Hypothesis, ...]:
        if not sentence.strip():
            return (Hypothesis(text=sentence, score=0.0, finished=True),)
        texts = self._answers.get(sentence, (f"[{target}] {sentence}",))
        return tuple(Hypothesis(text=text, score=-0.1 * (rank + 1), finished=True) for rank, text in enumerate(texts))


class TemplateTranslator:
    """Knows sentences by their frames: "The firm paid {} for {}." is «Фирма заплатила {} за {}.», whatever figures stand in the gaps.

    Every answer goes through `damage`, which is told how many sentences were translated before it.
    """

    def __init__(self, frames: Mapping[str, str], damage: Callable[[str, int], str] = lambda text, _: text) -> None:
        self._frames = {re.compile(re.escape(source).replace(r"\{\}", "(.+?)")): target for source, target in frames.items()}
        self._damage = damage
        self.count = 0

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        begun = beginnings or [""] * len(sentences)
        texts = [self._translated(sentence, source, target, beginning) for sentence, beginning in zip(sentences, begun, strict=True)]
        return [(Hypothesis(text=text, score=-0.5, finished=True),) for text in texts]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        return [-1.0] * len(translations)

    def _translated(self, sentence: str, source: str, target: str, beginning: str) -> str:
        found = next(((match, frame) for known, frame in self._frames.items() if (match := known.fullmatch(sentence))), None)
        whole = sentence if found is None else found[1].format(*(_localised(gap, source, target) for gap in found[0].groups()))
        damaged = self._damage(whole, self.count)
        self.count += 1
        return beginning + damaged[len(beginning) :] if beginning else damaged


def _localised(text: str, source: str, target: str) -> str:
    for figure in reversed(extract(text, source)):
        text = f"{text[: figure.start]}{render(figure, target)}{text[figure.end :]}"
    return text


def ladder(translator: object, beam: int = 4, angles: Mapping[str, float] | None = None) -> Ladder:
    """A ladder whose encoder is told how far texts lie from each other."""
    return Ladder(translator, ToldEncoder(angles), beam=beam)


class FakeGenerator:
    """Answers every prompt with what stands between its first colon and its line break, in capitals; a token is a word."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.max_tokens: list[int] = []
        self.beginnings: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self,
        prompts: Sequence[str],
        *,
        search: Search,
        max_tokens: Sequence[int],
        beginnings: Sequence[str] = (),
    ) -> list[list[Hypothesis]]:
        self.prompts += prompts
        self.max_tokens += max_tokens
        self.beginnings += beginnings
        texts = [prompt.split(": ", 1)[1].split("\n", 1)[0].upper() for prompt in prompts]
        return [
            [Hypothesis(text=f"{text}{'!' * rank}", score=-float(rank), finished=True) for rank in range(search.n_best)] for text in texts
        ]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        self.prompts += prompts
        return [-float(len(answer)) for answer in answers]


class ToldGenerator:
    """Writes of every text what it is told, best first, "✂" at the end where it was cut off; a token is a word."""

    def __init__(self, tell: Callable[[str], Sequence[str]]) -> None:
        self._tell = tell
        self.prompts: list[str] = []
        self.searches: list[Search] = []
        self.max_tokens: list[int] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self,
        prompts: Sequence[str],
        *,
        search: Search,
        max_tokens: Sequence[int],
        beginnings: Sequence[str] = (),
    ) -> list[list[Hypothesis]]:
        self.prompts += prompts
        self.searches.append(search)
        self.max_tokens += max_tokens
        return [
            [
                Hypothesis(text=text.removesuffix("✂"), score=-0.1 * (rank + 1), finished=bool(text) and not text.endswith("✂"))
                for rank, text in enumerate(self._tell(prompt)[: search.n_best])
            ]
            for prompt in prompts
        ]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        return [0.0] * len(prompts)


_LICENCE = {"name": "MIT", "url": "https://example.org/licence", "commercial_use": True, "notice": "A fake."}


def summariser_entry(*, most: int = 600, **fields: object) -> ModelEntry:
    """The catalogue's entry for a fake summariser that takes `most` tokens."""
    limits = {"max_input_tokens": most, "min_output_tokens": 12, "max_output_tokens": 90}
    source = {"kind": "hub", "repo": "a/fake", "revision": "main"}
    return ModelEntry.model_validate(
        {"task": "summarise", "description": "a fake", "languages": ("en", "ru"), "source": source, "licence": _LICENCE, "limits": limits}
        | fields
    )
