"""Reads a summary's sentences against the article: which of its sentences each one renders, and all that speaks against it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from svodka import guard
from svodka.adequacy import loops
from svodka.figures.exchange import crossed
from svodka.figures.side import Side
from svodka.figures.surroundings import Surroundings
from svodka.figures.types import value_text
from svodka.figures.unnumbered import misworded
from svodka.summarise import whole_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from svodka.abstract.lines import Line
    from svodka.figures.types import Comparison, Figure, Pair
    from svodka.inference.protocols import Encoder
    from svodka.types import Article

    Stated = tuple[str, str, str | None]

__all__ = ["Reader"]

# What it adds to the nearness of two sentences (cosine of their embeddings) that all figures of the one stand in the other.
_SHARED = 0.1


class Reader:
    """Reads sentences against one article. Headlines, by-lines and captions are rendered by nothing where there are whole sentences."""

    def __init__(self, article: Article, encoder: Encoder) -> None:
        self._article = article
        self._encoder = encoder
        self._open = np.flatnonzero(whole_sentences(article))
        self._vectors = encoder.encode([article.sentences[at].text for at in self._open])
        self._ends = [sentence.end for sentence in article.sentences]
        self._surroundings = article.evidence.surroundings(article.language)
        self._stated: list[set[Stated]] = [set() for _ in article.sentences]
        for figure in article.figures:
            self._stated[self._sentence_of(figure)].add(_stated(figure))

    def read(self, lines: Sequence[Line]) -> list[Line]:
        """The lines in order, with all that there is to know of them; quoted ones are known already."""
        written = [line for line in lines if not line.quoted]
        if not written:
            return list(lines)
        nearness = iter(self._encoder.encode([line.text for line in written]) @ self._vectors.T)
        return [line if line.quoted else self._read(line, next(nearness)) for line in lines]

    def nearest(self, text: str, candidates: Sequence[Line], others: Sequence[str]) -> Line | None:
        """The candidate nearest in meaning to a text, of those that are nearer to it than to any of the others."""
        if not candidates:
            return None
        vectors = self._encoder.encode([text, *(candidate.text for candidate in candidates), *others])
        near = vectors[1 : len(candidates) + 1] @ np.delete(vectors, slice(1, len(candidates) + 1), axis=0).T
        passing = [(float(row[0]), -at) for at, row in enumerate(near) if row[0] == row.max()]
        return candidates[-max(passing)[1]] if passing else None

    def _read(self, line: Line, near: NDArray[np.float32]) -> Line:
        text = line.text
        check = guard.check_summary(self._article, text, self._article.language)
        sources = self._sources(near, check)
        rendered = " ".join(self._article.sentences[at].text for at in sources)
        language = self._article.language
        faults = list(line.faults)
        if loops(text) and not loops(rendered):
            faults.append("the sentence repeats itself")
        faults += (f"{first.text} and {second.text} changed places" for first, second in self._crossed(text, check))
        if magnitudes := misworded(rendered, text, source_lang=language, target_lang=language):
            faults.append(magnitudes)
        return replace(line, sources=sources, wrong=guard.complaints(check), faults=tuple(faults))

    def _crossed(self, text: str, check: Comparison) -> Iterator[tuple[Figure, Figure]]:
        """Figures of a sentence that hold each other's role in the one of the article's that both are from."""
        found = [pair.target for pair in check.pairs if pair.target]
        around = Surroundings(Side(text=text, lang=self._article.language, figures=found), same_language=True)
        by_sentence: dict[int, list[Pair]] = defaultdict(list)
        for pair in check.pairs:
            if pair.source:
                by_sentence[self._sentence_of(pair.source)].append(pair)
        for pairs in by_sentence.values():
            yield from crossed(pairs, self._surroundings, around)

    def _sources(self, near: NDArray[np.float32], check: Comparison) -> tuple[int, ...]:
        """The nearest sentence in meaning and figures, then those that hold the figures that it does not."""
        told = {_stated(pair.target) for pair in check.pairs if pair.target}
        shares = np.array([len(told & self._stated[at]) / max(1, len(told)) for at in self._open], dtype=np.float32)
        sources = [int(self._open[np.argmax(near + _SHARED * shares)])]
        for pair in check.pairs:
            if pair.source is not None and not any(_stated(pair.source) in self._stated[at] for at in sources):
                sources.append(self._sentence_of(pair.source))
        return tuple(sources)

    def _sentence_of(self, figure: Figure) -> int:
        return bisect_right(self._ends, figure.start)


def _stated(figure: Figure) -> Stated:
    return figure.kind.value, value_text(figure.value), figure.unit
