"""What a summarization model writes of texts, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka import figures, segment
from svodka.call import current
from svodka.inference.protocols import Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.inference.entries import ModelEntry
    from svodka.inference.protocols import Hypothesis
    from svodka.inference.translator import CountingGenerator

__all__ = ["Draft", "Writer"]

_BEAM = 4
# So many texts are asked for at once; between them the call may end.
_TOGETHER = 8
# What the model adds to a text: its beginning, its end, the languages.
_SPARE_TOKENS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One hypothesis: its sentences; `cut` where the model did not end the last of them itself."""

    sentences: tuple[str, ...]
    cut: bool

    @property
    def whole(self) -> tuple[str, ...]:
        """The sentences that the model ended. Of a cut one not even its end says so: "It cost $3." was to be "$3.5 billion"."""
        return self.sentences[:-1] if self.cut else self.sentences


class Writer:
    """A model as the catalogue describes it, in one of its languages."""

    def __init__(self, model: ModelEntry, generator: CountingGenerator, language: str) -> None:
        self._generator = generator
        self._prefix = model.prefix
        self._language = language
        self._most_tokens = model.limits.max_output_tokens
        # A model that must be told languages goes from one into the same.
        self._search = Search(
            beam=_BEAM, n_best=_BEAM, no_repeat=model.no_repeat, direction=f"{language}-{language}" if model.codes else ""
        )

    def count_tokens(self, text: str) -> int:
        """How long a text is for the model, with all that is added to it."""
        return self._generator.count_tokens(f"{self._prefix}{text}") + _SPARE_TOKENS

    def write(self, texts: Sequence[str]) -> list[tuple[Draft, ...]]:
        """The hypotheses for each text, best first; at least one each, which may have no sentences.

        Raises:
            Cancelled, DeadlineExceeded: as `Call.check`.
        """
        written: list[tuple[Draft, ...]] = []
        for start in range(0, len(texts), _TOGETHER):
            current().check()
            asked = [f"{self._prefix}{text}" for text in texts[start : start + _TOGETHER]]
            answers = self._generator.generate(asked, search=self._search, max_tokens=[self._most_tokens] * len(asked))
            written += (tuple(self._drafts(hypotheses)) for hypotheses in answers)
        return written

    def _drafts(self, hypotheses: Sequence[Hypothesis]) -> Iterator[Draft]:
        for hypothesis in hypotheses:
            text = " ".join(hypothesis.text.split())
            sentences = segment.split(text, self._language, figures.extract(text, self._language))
            yield Draft(sentences=tuple(sentence.text for sentence in sentences), cut=not hypothesis.finished)
