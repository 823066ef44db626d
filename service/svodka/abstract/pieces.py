"""An article in pieces that a model takes: whole sentences, as even as can be, so that the last one is no scrap."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["Piece", "pieces"]

_SPACE = " "


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Sentences [first, end) of an article as one text of so many tokens."""

    first: int
    end: int
    text: str
    tokens: int


def pieces(sentences: Sequence[str], *, count_tokens: Callable[[str], int], limit: int) -> list[Piece]:
    """All sentences in order, none cut; a sentence that alone is over the limit is a piece by itself."""
    lengths = [count_tokens(sentence) for sentence in sentences]
    found: list[Piece] = []
    for over, run in itertools.groupby(range(len(sentences)), key=lambda at: lengths[at] > limit):
        places = list(run)
        if over:
            found += (Piece(first=at, end=at + 1, text=sentences[at], tokens=lengths[at]) for at in places)
        else:
            found += _even(places[0], places[-1] + 1, sentences, lengths, count_tokens, limit)
    return found


def _even(
    first: int, end: int, sentences: Sequence[str], lengths: Sequence[int], count_tokens: Callable[[str], int], limit: int
) -> list[Piece]:
    """As few pieces as fit, of about equal length; more and more of them until each does, at the latest when each is one sentence."""
    whole = _piece(range(first, end), sentences, count_tokens)
    for count in range(math.ceil(whole.tokens / limit), end - first):
        tried = [_piece(group, sentences, count_tokens) for group in _groups(first, end, lengths, count)]
        if all(piece.tokens <= limit for piece in tried):
            return tried
    return [whole] if end - first == 1 else [_piece([at], sentences, count_tokens) for at in range(first, end)]


def _groups(first: int, end: int, lengths: Sequence[int], count: int) -> Iterator[list[int]]:
    """The sentences by where their middles lie, the whole divided into so many equal stretches."""
    middles = [after - length / 2 for after, length in zip(itertools.accumulate(lengths[first:end]), lengths[first:end], strict=True)]
    stretch = sum(lengths[first:end]) / count
    for _, group in itertools.groupby(range(first, end), key=lambda at: int(middles[at - first] / stretch)):
        yield list(group)


def _piece(places: Iterable[int], sentences: Sequence[str], count_tokens: Callable[[str], int]) -> Piece:
    chosen = list(places)
    text = _SPACE.join(sentences[at] for at in chosen)
    return Piece(first=chosen[0], end=chosen[-1] + 1, text=text, tokens=count_tokens(text))
