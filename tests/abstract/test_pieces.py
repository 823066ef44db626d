"""Packing sentences into what a model takes; a token is a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.abstract.pieces import pieces


def _words(*lengths: int) -> list[str]:
    return [" ".join(["word"] * length) for length in lengths]


def _count(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((3, 4, 3), [(0, 3)]),
        ((5, 5, 1), [(0, 1), (1, 3)]),  # no scrap at the end
        ((4, 4, 4, 4, 4), [(0, 2), (2, 3), (3, 5)]),
        ((11,), [(0, 1)]),
        ((3, 3, 12, 3), [(0, 2), (2, 3), (3, 4)]),
        ((10, 10), [(0, 1), (1, 2)]),
        ((6, 6, 6), [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_sentences_go_into_even_pieces(lengths: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    assert [(piece.first, piece.end) for piece in pieces(_words(*lengths), count_tokens=_count, limit=10)] == expected


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(1, 25))
def test_no_sentence_is_lost_and_no_piece_of_several_is_over_the_limit(lengths: list[int], limit: int) -> None:
    sentences = _words(*lengths)
    found = pieces(sentences, count_tokens=_count, limit=limit)
    assert [at for piece in found for at in range(piece.first, piece.end)] == list(range(len(sentences)))
    for piece in found:
        assert piece.text == " ".join(sentences[piece.first : piece.end])
        assert piece.tokens == _count(piece.text)
        assert piece.tokens <= limit or piece.end == piece.first + 1
