"""Second step: the sentences of a text, with their offsets; none of them cuts a figure."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import sentencex

from svodka.types import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.figures.types import Figure

__all__ = ["split"]


def split(text: str, language: str, figures: Sequence[Figure] = ()) -> tuple[Sentence, ...]:
    """The sentences of a text in order; white space between them belongs to none.

    Boundaries that would fall inside one of `figures` ("31 дек. | 2023 г.") or before a sentence that goes on in lower case
    ("«Поехали!» | — сказал он", "$1.5 bn. | on Monday") are not taken.
    """
    boundaries = sorted({0, len(text), *_boundaries(text, language)})
    inside = _figure_interiors(figures)
    kept = [boundary for boundary in boundaries if boundary not in inside and (boundary == 0 or not _goes_on(text, boundary))]
    return tuple(sentence for start, end in itertools.pairwise(kept or [0]) if (sentence := _trim(text, start, end)))


def _boundaries(text: str, language: str) -> Iterator[int]:
    for sentence in sentencex.get_sentence_boundaries(language, text):
        yield sentence["start_index"]
        yield sentence["end_index"]


def _figure_interiors(figures: Sequence[Figure]) -> set[int]:
    return {offset for figure in figures for offset in range(figure.start + 1, figure.end)}


def _goes_on(text: str, boundary: int) -> bool:
    before = text[max(0, boundary - 3) : boundary]
    if "\n\n" in before or text.startswith("\n", boundary):
        return False
    for character in itertools.islice(text, boundary, boundary + 8):
        if character.isalnum():
            return character.islower()
    return False


def _trim(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start=start, end=end, text=text[start:end]) if end > start else None
