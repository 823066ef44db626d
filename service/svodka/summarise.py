"""Third step: the summary in the article's own language. Here, of its sentences: by what they say, where they stand and their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from svodka.errors import InvalidRequest
from svodka.types import OwnSummary, Policy, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from svodka.inference.protocols import Encoder
    from svodka.types import Article, Length

__all__ = ["ExtractiveSummariser", "Summariser", "SummariserByLanguage", "whole_sentences"]

# Weights of what makes a sentence worth keeping; each term is scaled to 0…1 over the article.
_CENTRALITY, _POSITION, _TITLE, _FIGURES = 1.0, 0.8, 0.6, 1.0
# How much a sentence that repeats a chosen one loses (maximal marginal relevance, Carbonell and Goldstein 1998).
_REDUNDANCY = 0.7
# The position term halves after this many sentences: news tells first what matters most.
_LEAD = 4
# Shorter ones are by-lines and captions; longer ones do not translate well.
_FEW_WORDS, _MANY_WORDS = 6, 45
_AWKWARD = 0.6
_KEY_FIGURES = 10
_ENDS = (".", "!", "?", "…", "»", "”", '"', "'", ")")


class Summariser(Protocol):
    """Summarises an article in its own language."""

    def summarise(self, article: Article, length: Length, *, policy: Policy = Policy.REPAIR) -> OwnSummary:
        """At least one sentence, within the length; `policy` says what to do about figures that do not agree with the article.

        Raises:
            InvalidRequest: no sentence fits the length.
        """
        ...


class SummariserByLanguage:
    """A summariser for each of some languages, and one for the others."""

    def __init__(self, summarisers: Mapping[str, Summariser], otherwise: Summariser) -> None:
        self._summarisers = dict(summarisers)
        self._otherwise = otherwise

    def summarise(self, article: Article, length: Length, *, policy: Policy = Policy.REPAIR) -> OwnSummary:
        """See `Summariser.summarise`."""
        return self._summarisers.get(article.language, self._otherwise).summarise(article, length, policy=policy)


class ExtractiveSummariser:
    """Sentences nearest to the article's centre in embedding space, without saying a thing twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def summarise(self, article: Article, length: Length, *, policy: Policy = Policy.REPAIR) -> OwnSummary:  # noqa: ARG002
        """See `Summariser.summarise`; figures of the article's own sentences agree with it under any policy."""
        chosen = self.choose(article, length)
        told = ((" ".join(article.sentences[index].text.split()), (index,)) for index in chosen)
        return OwnSummary(summary=Summary.of(article.language, told))

    def choose(self, article: Article, length: Length) -> tuple[int, ...]:
        """Indices into `article.sentences`, ascending, at least one; takes time linear in the article's sentences.

        Raises:
            InvalidRequest: not even the shortest sentence fits the length.
        """
        _refuse_if_nothing_fits(article, length)
        texts = [sentence.text for sentence in article.sentences]
        vectors = self._encoder.encode([*texts, article.title] if article.title else texts)
        title = vectors[-1] if article.title else None
        vectors = vectors[: len(texts)]
        return _choose(vectors, _score(article, vectors, title), whole_sentences(article), [len(text) for text in texts], length)


def whole_sentences(article: Article) -> NDArray[np.bool_]:
    """Which sentences may be chosen: whole ones, where there are any. Headlines, by-lines and captions end without a stop."""
    whole = np.array([sentence.text != article.title and sentence.text.endswith(_ENDS) for sentence in article.sentences])
    return whole if whole.any() else np.ones_like(whole)


def _refuse_if_nothing_fits(article: Article, length: Length) -> None:
    shortest = min(len(sentence.text) for sentence, allowed in zip(article.sentences, whole_sentences(article), strict=True) if allowed)
    if length.max_characters is not None and shortest > length.max_characters:
        raise InvalidRequest.field(
            "length.max_characters", f"{length.max_characters} is too few: the shortest sentence of the article has {shortest} characters"
        )


def _score(article: Article, vectors: NDArray[np.float32], title: NDArray[np.float32] | None) -> NDArray[np.float32]:
    centre = vectors.mean(axis=0)
    score = _CENTRALITY * _scaled(vectors @ centre)
    score += _POSITION * (0.5 ** (np.arange(len(vectors), dtype=np.float32) / _LEAD))
    if title is not None:
        score += _TITLE * _scaled(vectors @ title)
    score += _FIGURES * _scaled(_figure_weights(article))
    words = np.array([len(sentence.text.split()) for sentence in article.sentences])
    return np.asarray(np.where((words < _FEW_WORDS) | (words > _MANY_WORDS), score * _AWKWARD, score), dtype=np.float32)


def _figure_weights(article: Article) -> NDArray[np.float32]:
    weights = np.zeros(len(article.sentences), dtype=np.float32)
    ends = [sentence.end for sentence in article.sentences]
    for rank, figure in enumerate(article.ranked[:_KEY_FIGURES]):
        weights[np.searchsorted(ends, figure.start, side="right")] += 1 / (1 + rank)
    return weights


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(values.max() - values.min())
    return (values - values.min()) / spread if spread > 0 else np.zeros_like(values)


def _choose(
    vectors: NDArray[np.float32], score: NDArray[np.float32], open_: NDArray[np.bool_], sizes: list[int], length: Length
) -> tuple[int, ...]:
    room = length.max_characters if length.max_characters is not None else sum(sizes) + len(sizes)
    chosen: list[int] = []
    nearest = np.zeros(len(vectors), dtype=np.float32)
    while len(chosen) < length.max_sentences:
        # A sentence after the first costs the space before it too.
        open_ = open_ & (np.array(sizes) + bool(chosen) <= room)
        if not open_.any():
            break
        best = int(np.argmax(np.where(open_, score - _REDUNDANCY * nearest, -np.inf)))
        chosen.append(best)
        open_[best] = False
        room -= sizes[best] + (len(chosen) > 1)
        nearest = np.maximum(nearest, _scaled(vectors @ vectors[best]))
    return tuple(sorted(chosen))
