"""Puts translations first from which the sentence could be told: of some hypotheses, those that have left nothing out.

The method is the reranking of the noisy channel: Yee, Dauphin, Auli 2019, "Simple and Effective Noisy Channel Modeling for Neural Machine
Translation". A model of both directions is its own channel.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svodka.inference.protocols import DEFAULT_SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svodka.inference.protocols import Hypothesis, Search, Translator

__all__ = ["BackwardTranslator"]


class BackwardTranslator:
    """A translator that reads each hypothesis backward: how likely is the sentence as a translation of it?"""

    def __init__(self, translator: Translator, *, weights: Mapping[str, float]) -> None:
        """Rank the hypotheses of `translator`, which translates both ways.

        Args:
            translator: its scores are added up with those of the way back.
            weights: what those of the way back are multiplied with, by direction; in others the search's order stays.
        """
        self._translator = translator
        self._weights = dict(weights)

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        """See `Translator.translate`. Answers with beginnings, whose scores leave those out, stay in the order of the search."""
        weight = self._weights.get(f"{source}-{target}")
        if beginnings or weight is None:
            return self._translator.translate(sentences, source=source, target=target, search=search, beginnings=beginnings)
        found = self._translator.translate(sentences, source=source, target=target, search=replace(search, n_best=search.beam))
        asked = [(at, answer) for at, answers in enumerate(found) if len(answers) > 1 for answer in answers]
        told = self._translator.score(
            [answer.text for _, answer in asked], [sentences[at] for at, _ in asked], source=target, target=source
        )
        ranks = {(at, answer.text): answer.score + weight * backward for (at, answer), backward in zip(asked, told, strict=True)}
        return [
            tuple(sorted(answers, key=lambda answer: -ranks.get((at, answer.text), 0.0))[: search.n_best])
            for at, answers in enumerate(found)
        ]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """See `Translator.score`."""
        return self._translator.score(sentences, translations, source=source, target=target)
