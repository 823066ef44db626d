"""Sentences of a translation find those that they render; in the tests, sentences that share words are near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder
from svodka.compare.align import align

# Sentences are separated by bars; the links that are to come are told as the numbers of sentences on either side.
CASES = {
    "one to one": ("a b | c d | e f", "a b | c d | e f", "1-1 1-1 1-1"),
    "one becomes two": ("a b c d | e f g", "a b | c d | e f g", "1-2 1-1"),
    "two become one": ("a b | c d | e f g", "a b c d | e f g", "2-1 1-1"),
    "one is lost": ("a b | c d | e f", "a b | e f", "1-1 1-0 1-1"),
    "one is added": ("a b | e f", "a b | c d | e f", "1-1 0-1 1-1"),
    "the first is lost": ("a b | c d | e f", "c d | e f", "1-0 1-1 1-1"),
    "the last is added": ("a b | c d", "a b | c d | e f", "1-1 1-1 0-1"),
    "nothing there": ("a b | c d", "", "1-0 1-0"),
    "nothing asked": ("", "a b", "0-1"),
}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


@pytest.mark.parametrize(("sources", "targets", "expected"), CASES.values(), ids=CASES)
def test_links(sources: str, targets: str, expected: str) -> None:
    links = align(_split(sources), _split(targets), FakeEncoder(1024))
    assert " ".join(f"{len(link.sources)}-{len(link.targets)}" for link in links) == expected


@given(st.lists(st.text("abcdef ", min_size=1, max_size=12), max_size=8), st.lists(st.text("abcdef ", min_size=1, max_size=12), max_size=8))
def test_every_sentence_of_both_sides_stands_once_and_in_order(sources: list[str], targets: list[str]) -> None:
    links = align(sources, targets, FakeEncoder())
    assert [index for link in links for index in link.sources] == list(range(len(sources)))
    assert [index for link in links for index in link.targets] == list(range(len(targets)))
