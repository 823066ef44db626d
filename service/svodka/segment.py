"""Second step: the sentences of a text, with their offsets; none of them cuts a figure."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import razdel
import sentencex

from svodka.figures.types import Kind
from svodka.types import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence, Set

    from svodka.figures.types import Figure

__all__ = ["split"]

# A quotation of more than one sentence stays whole while it is short: «Мы готовы. Поехали!» — сказал он.
_QUOTATION = re.compile(r"«[^«»\n]{1,200}»|“[^“”\n]{1,200}”")
# Not a dash, with which speech begins in Russian, nor what may be a minus.
_LIST_MARK = re.compile(r"(?:[-*](?=\s+[^\s\d])|[•▪●‣])\s+")
_UNFINISHED = (",", ";", ":", "-", "–", "—", "(", "/")  # a line that ends so goes on in the next
# Where text is wrapped, a line ends because the next word had no room. One that leaves more than this share of the longest line empty
# ends for another reason, as a headline does; and what has lines longer than any editor wraps at is not wrapped. Of what has short lines
# alone nothing is known.
_FULL_SHARE = 0.7
_NARROWEST_WRAP, _WIDEST_WRAP = 40, 120
_TEMPORAL = frozenset({Kind.DATE, Kind.TIME})


def split(text: str, language: str, figures: Sequence[Figure] = ()) -> tuple[Sentence, ...]:
    """The sentences of a text in order; white space between them, and the mark of a list's item, belong to none.

    A blank line always ends a sentence, as does a line break before the mark of a list's item, and one behind a line without a stop
    that was not broken for want of room: a headline, a byline. Boundaries that would fall inside one of `figures`
    ("31 дек. | 2023 г."), inside a short quotation, or before a sentence that goes on in lower case ("$1.5 bn. | on Monday") are not taken.
    """
    protected = {offset for start, end in (*_figure_spans(text, figures), *_quotations(text)) for offset in range(start + 1, end)}
    sentences: list[Sentence] = []
    for start, end in _blocks(text, protected):
        starts = sorted(start + boundary for boundary in _SPLITTERS[language](text[start:end]))
        kept = [at for at in starts if start < at < end and at not in protected and not _goes_on(text, at)]
        sentences += (sentence for a, b in itertools.pairwise([start, *kept, end]) if (sentence := _trim(text, a, b)))
    return tuple(sentences)


def _blocks(text: str, protected: Set[int]) -> Iterator[tuple[int, int]]:
    """Paragraphs, and in them what line breaks set apart."""
    lines = text.split("\n")
    longest = max(map(len, lines))
    wrapped = longest <= _WIDEST_WRAP or any(line.lstrip()[:1].islower() for line in lines)
    start = at = 0
    for line, following in itertools.pairwise(lines):
        at += len(line) + 1  # where the next line begins
        room = longest if wrapped else None
        if not following.strip() or (at not in protected and _sets_apart(line.rstrip(), following.lstrip(), room)):
            yield start, at
            start = at
    yield start, len(text)


def _sets_apart(line: str, following: str, width: int | None) -> bool:
    """Whether the break between two lines ends a sentence that has no stop; `width` is the longest line's where text may be wrapped."""
    if not line or _LIST_MARK.match(following):
        return True
    if line.endswith(_UNFINISHED) or _goes_on(following, 0):
        return False
    if width is None:
        return True
    return width >= _NARROWEST_WRAP and len(line) + 1 + len(following.split(maxsplit=1)[0]) <= _FULL_SHARE * width


def _english(paragraph: str) -> Iterator[int]:
    return (sentence["start_index"] for sentence in sentencex.get_sentence_boundaries("en", paragraph))


def _russian(paragraph: str) -> Iterator[int]:
    return (sentence.start for sentence in razdel.sentenize(paragraph))


# The library that does best for each language; both give starts of sentences.
_SPLITTERS: dict[str, Callable[[str], Iterator[int]]] = {"en": _english, "ru": _russian}


def _figure_spans(text: str, figures: Sequence[Figure]) -> Iterator[tuple[int, int]]:
    for figure in figures:
        yield figure.start, figure.end
    for first, second in itertools.pairwise(figures):
        # "The vote begins at 9 a.m. Monday."
        if {first.kind, second.kind} <= _TEMPORAL and text[first.end : second.start].isspace():
            yield first.start, second.end


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _QUOTATION.finditer(text))


def _goes_on(text: str, boundary: int) -> bool:
    for character in itertools.islice(text, boundary, boundary + 8):
        if character.isalnum():
            return character.islower()
    return False


def _trim(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    if (mark := _LIST_MARK.match(text, start, end)) and not text[text.rfind("\n", 0, start) + 1 : start].strip():
        start = mark.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start=start, end=end, text=text[start:end]) if end > start else None
