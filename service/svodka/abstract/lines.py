"""The sentences of a summary in the making, and those of them that a length has room for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svodka import figures
from svodka.types import Article, Sentence, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.abstract.pieces import Piece
    from svodka.summarise import ExtractiveSummariser
    from svodka.types import Length

__all__ = ["Line", "chosen_of", "within"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence that may stand in the summary.

    `place` is where: its piece of the article, and its number there. `sources` are the article's sentences that it renders, by index,
    nearest first; `wrong` are figures that do not agree with the article, `faults` anything else that speaks against it. `quoted` tells the
    article's own sentences.
    """

    place: tuple[int, int]
    text: str
    sources: tuple[int, ...] = ()
    wrong: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    quoted: bool = False

    @property
    def against(self) -> tuple[str, ...]:
        """Every reason not to take it."""
        return self.wrong + self.faults


def within(lines: Sequence[Line], article: Article, length: Length, extractive: ExtractiveSummariser) -> list[Line]:
    """All lines, where there is room for them; else those that say most, each whole; none where not even one fits."""
    room = length.max_characters
    fitting = [line for line in lines if room is None or len(line.text) <= room]
    if not fitting:
        return []
    summary = Summary.of(article.language, [(line.text, ()) for line in fitting])
    if len(fitting) <= length.max_sentences and (room is None or len(summary.text) <= room):
        return fitting
    found = Article(
        title=article.title,
        text=summary.text,
        language=article.language,
        figures=tuple(figures.extract(summary.text, article.language)),
        sentences=tuple(Sentence(start=sentence.start, end=sentence.end, text=sentence.text) for sentence in summary.sentences),
    )
    return [fitting[index] for index in extractive.choose(found, length)]


def chosen_of(piece: Piece, article: Article, length: Length, extractive: ExtractiveSummariser) -> list[int]:
    """The sentences of a piece that say most, by their indices in the article; none where not even one fits."""
    room = length.max_characters
    fitting = [at for at in range(piece.first, piece.end) if room is None or len(article.sentences[at].text) <= room]
    if not fitting:
        return []
    sentences = tuple(article.sentences[at] for at in fitting)
    inside = tuple(figure for figure in article.figures if any(one.start <= figure.start < one.end for one in sentences))
    return [fitting[index] for index in extractive.choose(replace(article, sentences=sentences, figures=inside), length)]
