"""Which of several translations of a sentence says most of what the others say: a slip of one search is seldom one of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sacrebleu.metrics.chrf import CHRF

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["agreement"]

_FEWEST = 3  # two texts agree with each other as one agrees with the other


def agreement(texts: Sequence[str]) -> list[float]:
    """For each text its mean chrF, 0 to 100, against every other as a reference; all 0 where there are fewer than three.

    The text with the most has the least Bayes risk (Kumar and Byrne, 2004, "Minimum Bayes-Risk Decoding for Statistical Machine
    Translation") where all are equally likely and chrF (Popović, 2015) is what is gained.
    """
    if len(texts) < _FEWEST:
        return [0.0] * len(texts)
    metric = CHRF()
    return [
        sum(metric.sentence_score(text, [other]).score for place, other in enumerate(texts) if place != at) / (len(texts) - 1)
        for at, text in enumerate(texts)
    ]
