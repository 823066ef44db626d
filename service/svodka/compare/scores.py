"""Scores of whole translations, with intervals by bootstrap: Koehn, "Statistical Significance Tests for Machine Translation" (2004)."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from svodka.compare.types import Score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["LEAST", "bleu", "chrf", "mean", "sentence_chrf"]

# With fewer passages an interval would promise more than it can hold.
LEAST = 30
_RESAMPLES, _SEED = 1_000, 12_345
_ENDS = (2.5, 97.5)
# Resamples that are summed at once: bounds the memory.
_BLOCK = 100


def mean(values: Sequence[float]) -> Score:
    """The mean of a value of each passage; there is at least one."""
    return _scored(np.array(values, dtype=np.float64)[:, None], lambda sums: float(sums[0] / len(values)))


def sentence_chrf(text: str, reference: str) -> float:
    """chrF of one passage, 0 to 100."""
    return float(CHRF().sentence_score(text, [reference]).score)


def chrf(texts: Sequence[str], references: Sequence[str]) -> Score:
    """Corpus chrF, 0 to 100."""
    return _metric(CHRF(), texts, references)


def bleu(texts: Sequence[str], references: Sequence[str]) -> Score:
    """Corpus BLEU, 0 to 100, with sacrebleu's standard tokens; the effective order where a text is as short as a sentence."""
    return _metric(BLEU(effective_order=len(texts) < LEAST), texts, references)


def _metric(metric: BLEU | CHRF, texts: Sequence[str], references: Sequence[str]) -> Score:
    # The statistics of each passage, which add up: what sacrebleu's own bootstrap resamples.
    statistics = np.array(metric._extract_corpus_statistics(texts, [references]), dtype=np.float64)
    return _scored(statistics, lambda sums: float(metric._compute_score_from_stats(sums.tolist()).score))


def _scored(statistics: NDArray[np.float64], score: Callable[[NDArray[np.float64]], float]) -> Score:
    value = score(statistics.sum(axis=0))
    if len(statistics) < LEAST:
        return Score(value=value)
    counts = _counts(len(statistics))
    resampled = [score(sums) for at in range(0, _RESAMPLES, _BLOCK) for sums in counts[at : at + _BLOCK].astype(np.float64) @ statistics]
    low, high = np.percentile(resampled, _ENDS)
    # Where all passages are alike the resamples are too, and tell nothing.
    return Score(value=value, low=float(low), high=float(high)) if low < high else Score(value=value)


@functools.lru_cache(maxsize=1)
def _counts(size: int) -> NDArray[np.uint16]:
    """How often each passage is drawn in each resample: the same for every score, so that translations can be told apart."""
    drawn = np.random.default_rng(_SEED).multinomial(size, np.full(size, 1.0 / size), size=_RESAMPLES)
    return drawn.astype(np.uint16)
