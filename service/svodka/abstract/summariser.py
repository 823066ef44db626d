"""The way of a summary that a model writes: pieces, drafts, the sentences that there is room for, and what the article says to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.abstract.drafts import Writer
from svodka.abstract.editor import Editor
from svodka.abstract.pieces import pieces
from svodka.abstract.reader import Reader
from svodka.summarise import ExtractiveSummariser
from svodka.types import Outcome, OwnSummary, Policy, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.abstract.lines import Line
    from svodka.abstract.pieces import Piece
    from svodka.inference.entries import ModelEntry
    from svodka.inference.protocols import Encoder
    from svodka.inference.translator import CountingGenerator
    from svodka.types import Article, Length

__all__ = ["AbstractiveSummariser"]


class AbstractiveSummariser:
    """Summarises articles of one language by a model, whose every figure is held against the article.

    What is too long or too short for the model is summarised by the article's own sentences, and so is what it cannot say right.
    """

    def __init__(self, model: ModelEntry, generator: CountingGenerator, encoder: Encoder, *, language: str) -> None:
        self._limits = model.limits
        self._writer = Writer(model, generator, language)
        self._encoder = encoder
        self._extractive = ExtractiveSummariser(encoder)

    def summarise(self, article: Article, length: Length, *, policy: Policy = Policy.REPAIR) -> OwnSummary:
        """See `Summariser.summarise`. Under REPORT the model's best answer stays as it is, and its faults are told.

        Raises:
            InvalidRequest: no sentence fits the length.
            Cancelled, DeadlineExceeded: as `Call.check`.
        """
        editor = Editor(article, length, policy, Reader(article, self._encoder), self._extractive)
        lines = editor.read(editor.within(self._drafted(article, editor)))
        if policy is not Policy.REPORT:
            lines = editor.correct_whole(editor.within(editor.correct(lines)))
        return OwnSummary(
            summary=Summary.of(article.language, ((line.text, tuple(sorted(line.sources))) for line in lines)),
            repairs=editor.repairs(lines),
            faults=tuple(_faults(article.language, lines)),
        )

    def _drafted(self, article: Article, editor: Editor) -> list[Line]:
        """What the model writes of each piece in turn, and the article's own sentences for those that are not for it."""
        sentences = [" ".join(sentence.text.split()) for sentence in article.sentences]
        found = pieces(sentences, count_tokens=self._writer.count_tokens, limit=self._limits.max_input_tokens)
        unfit = {number: why for number, piece in enumerate(found) if (why := self._unfit(piece))}
        drafts = iter(self._writer.write([piece.text for number, piece in enumerate(found) if number not in unfit]))
        lines: list[Line] = []
        for number, piece in enumerate(found):
            if number in unfit:
                lines += editor.extract(number, piece, unfit[number], Outcome.SKIPPED)
            else:
                lines += editor.draft(number, piece, next(drafts))
        return lines

    def _unfit(self, piece: Piece) -> str:
        """Why a piece is nothing for the model; empty where it is."""
        if piece.tokens > self._limits.max_input_tokens:
            return f"a sentence has {piece.tokens} tokens and the model takes {self._limits.max_input_tokens}"
        if piece.tokens <= self._limits.min_output_tokens:
            return f"a text of {piece.tokens} tokens is no longer than the model's shortest summary"
        return ""


def _faults(language: str, lines: Sequence[Line]) -> list[str]:
    return [f"article-{language}, sentence {number}: {fault}" for number, line in enumerate(lines, start=1) for fault in line.faults]
