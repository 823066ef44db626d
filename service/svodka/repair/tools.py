"""What rungs work with: a translator in one direction, and how wide it searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from svodka.inference.protocols import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Hypothesis, Translator
    from svodka.repair.candidate import Case, Proposal
    from svodka.types import Term

__all__ = ["Rung", "Tools"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """A translator in one direction; every call takes the sentences of all cases together, so that they run as one batch."""

    translator: Translator
    source_lang: str
    target_lang: str
    beam: int
    terms: tuple[Term, ...] = ()

    def translate(self, sentences: Sequence[str], *, n_best: int, beginnings: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        """See `Translator.translate`."""
        if not sentences:
            return []
        return self.translator.translate(
            sentences,
            source=self.source_lang,
            target=self.target_lang,
            search=Search(beam=self.beam, n_best=min(n_best, self.beam)),
            beginnings=beginnings,
        )

    def score(self, sentences: Sequence[str], translations: Sequence[str]) -> list[float]:
        """See `Translator.score`."""
        if not sentences:
            return []
        return self.translator.score(sentences, translations, source=self.source_lang, target=self.target_lang)


class Rung(Protocol):
    """One way to come to better candidates."""

    @property
    def name(self) -> str:
        """As the response and the metric name it."""
        ...

    @property
    def shortens(self) -> bool:
        """Whether what it proposes leaves out a part of the sentence: good for a summary, not for a translation."""
        ...

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """Return for each case, in order, proposals that may pass; none where this rung cannot help."""
        ...
