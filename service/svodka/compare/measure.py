"""Renditions of one text, side by side and in numbers: what every comparison ends in, whoever translated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from svodka import guard
from svodka.call import current
from svodka.compare import scores
from svodka.compare.passages import cells, rows
from svodka.compare.types import Compared, Passage, Totals
from svodka.figures.types import CheckVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from svodka.compare.types import Cell, Rendition, Score
    from svodka.inference.protocols import Encoder

__all__ = ["measure"]

_SPACE = " "
# Texts that are embedded between two looks at whether the answer is still wanted.
_BLOCK = 32


def measure(
    sentences: Sequence[str],
    renditions: Sequence[Rendition],
    *,
    languages: tuple[str, str],
    encoder: Encoder | None,
    reference: Rendition | None = None,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[tuple[Passage, ...], tuple[Compared, ...]]:
    """The passages of a text and each rendition with its cells and totals, in their order.

    Args:
        sentences: of the text.
        renditions: what is compared.
        languages: of the text and of its translations.
        encoder: measures similarity; None: it is not measured.
        reference: what chrF and BLEU are measured against, where there is one.
        watch: is told how many texts of how many have been embedded.
    """
    indices = rows(len(sentences), [rendition.beads for rendition in (*renditions, *([reference] if reference else []))])
    sources = [_SPACE.join(sentences[index] for index in passage) for passage in indices]
    told = [cell.text for cell in cells(indices, reference.beads, sentences)] if reference else None
    columns = [cells(indices, rendition.beads, sentences) for rendition in renditions]
    if encoder is not None:
        columns = _with_similarity(sources, columns, encoder, watch)
    compared = []
    for rendition, column in zip(renditions, columns, strict=True):
        current().check()
        scored = column if told is None else _with_chrf(column, told)
        reasons = tuple(_reasons(rendition, languages))
        compared.append(
            Compared(
                rendition=rendition,
                cells=tuple(scored),
                totals=_totals(scored, told),
                verdict=guard.verdict(reasons, rendition.repairs),
                reasons=reasons,
            )
        )
    passages = tuple(
        Passage(sentences=passage, text=source, reference=told[at] if told is not None else None)
        for at, (passage, source) in enumerate(zip(indices, sources, strict=True))
    )
    return passages, tuple(compared)


def _with_similarity(
    sources: Sequence[str], columns: Sequence[Sequence[Cell]], encoder: Encoder, watch: Callable[[int, int], None]
) -> list[list[Cell]]:
    """Every text is embedded once, however many translations have it."""
    wanted = [*sources, *(cell.text for column in columns for cell in column)]
    texts = sorted({text for text in wanted if text.strip()}, key=len)
    vectors: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(texts), _BLOCK):
        current().check()
        block = texts[start : start + _BLOCK]
        vectors.update(zip(block, encoder.encode(block), strict=True))
        watch(start + len(block), len(texts))

    def near(source: str, text: str) -> float | None:
        return float(np.dot(vectors[source], vectors[text])) if source in vectors and text in vectors else None

    return [[replace(cell, similarity=near(source, cell.text)) for source, cell in zip(sources, column, strict=True)] for column in columns]


def _with_chrf(column: Sequence[Cell], references: Sequence[str]) -> list[Cell]:
    return [
        replace(cell, chrf=scores.sentence_chrf(cell.text, told)) if told else cell for cell, told in zip(column, references, strict=True)
    ]


def _totals(column: Sequence[Cell], references: Sequence[str] | None) -> Totals:
    verdicts = Counter(cell.verdict for cell in column)
    similar = [cell.similarity for cell in column if cell.similarity is not None]
    judged = [(cell.text, told) for cell, told in zip(column, references, strict=True) if told] if references is not None else []
    return Totals(
        passages=len(column),
        wrong=verdicts[CheckVerdict.MISMATCH],
        uncertain=verdicts[CheckVerdict.UNCERTAIN],
        faulty=sum(1 for cell in column if cell.faults),
        relations=Counter(pair.relation for cell in column for pair in cell.pairs),
        wrong_share=scores.mean([float(cell.verdict is CheckVerdict.MISMATCH) for cell in column]),
        similarity=scores.mean(similar) if similar else None,
        chrf=_judged(scores.chrf, judged),
        bleu=_judged(scores.bleu, judged),
    )


def _judged(score: Callable[[Sequence[str], Sequence[str]], Score], judged: Sequence[tuple[str, str]]) -> Score | None:
    return score([text for text, _ in judged], [told for _, told in judged]) if judged else None


def _reasons(rendition: Rendition, languages: tuple[str, str]) -> Iterable[str]:
    for bead in rendition.beads:
        where = f"sentence {bead.sources[0] + 1}" if bead.sources else "added"
        for pair in bead.pairs:
            if guard.is_wrong(pair):
                yield f"{'-'.join(languages)}, {where}: {guard.complaint(pair)}"
        for fault in bead.faults:
            yield f"{'-'.join(languages)}, {where}: {fault}"
