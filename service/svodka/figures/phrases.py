"""Phrases: tables from forms of one or more words to what they mean, matched at a place among the tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from svodka.figures.tokens import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svodka.figures.tokens import Tokens

__all__ = ["Phrases"]

T = TypeVar("T")


class Phrases(Generic[T]):
    """A table of phrases.

    A point in a form may be left out: "кв. м" also stands for "кв м". A point in brackets belongs to the phrase only where the sentence goes
    on: "млн(.)" takes it in "5 млн. рублей", not at the end of "выросло до 5 млн."
    """

    __slots__ = ("_by_first", "_loose")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        by_first: dict[str, dict[tuple[str, ...], T]] = {}
        loose: set[tuple[str, ...]] = set()
        for form, value in entries:
            for words in _variants(split(form.replace("(.)", "."))):
                if form.endswith("(.)") and words[-1] == ".":
                    loose.add(words)
                by_first.setdefault(words[0], {}).setdefault(words[1:], value)
        self._by_first = {first: tuple(sorted(rests.items(), key=lambda item: -len(item[0]))) for first, rests in by_first.items()}
        self._loose = frozenset(loose)

    def __contains__(self, first: str) -> bool:
        return first in self._by_first

    def firsts(self) -> Iterable[str]:
        """The words that a phrase of the table starts with."""
        return self._by_first.keys()

    def match(self, tokens: Tokens, i: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase that starts at `i`, and where it ends."""
        if i >= tokens.size:
            return None
        words = tokens.words
        rests = self._by_first.get(words[i])
        if rests is None:
            return None
        for rest, value in rests:
            if not rest:
                return value, i + 1
            end = i + 1 + len(rest)
            if tuple(words[i + 1 : end]) == rest and not self._ends_sentence(tokens, (words[i], *rest), end):
                return value, end
        return None

    def word(self, word: str) -> T | None:
        """The meaning of a phrase of this one word."""
        return next((value for rest, value in self._by_first.get(word, ()) if not rest), None)

    def before(self, tokens: Tokens, end: int, longest: int = 4) -> tuple[T, int] | None:
        """The meaning of the longest phrase that ends just before `end`, and where it starts."""
        for start in range(max(0, end - longest), end):
            found = self.match(tokens, start)
            if found is not None and found[1] == end:
                return found[0], start
        return None

    def _ends_sentence(self, tokens: Tokens, form: tuple[str, ...], end: int) -> bool:
        return form in self._loose and (end >= tokens.size or tokens.capital(end))


def _variants(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A form with and without each of its points."""
    if not words:
        return [()]
    tails = _variants(words[1:])
    kept = [(words[0], *tail) for tail in tails]
    return kept + tails if words[0] == "." else kept
