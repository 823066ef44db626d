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

    A point in a form may be left out: "кв. м" also stands for "кв м". A point in brackets belongs to the phrase only
    where the sentence goes on: "млн(.)" takes it in "5 млн. рублей", not at the end of "выросло до 5 млн."
    """

    __slots__ = ("_alone", "_longer", "_loose")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        by_first: dict[str, dict[tuple[str, ...], T]] = {}
        loose: set[tuple[str, ...]] = set()
        for form, value in entries:
            for words in _variants(split(form.replace("(.)", "."))):
                if form.endswith("(.)") and words[-1] == ".":
                    loose.add(words)
                by_first.setdefault(words[0], {}).setdefault(words[1:], value)
        self._alone = {first: rests[()] for first, rests in by_first.items() if () in rests}
        self._longer = {first: _by_second(rests) for first, rests in by_first.items() if len(rests) > (() in rests)}
        self._loose = frozenset(loose)

    def __contains__(self, first: str) -> bool:
        return first in self._alone or first in self._longer

    def firsts(self) -> Iterable[str]:
        """The words that a phrase of the table starts with."""
        return self._alone.keys() | self._longer.keys()

    def seconds(self, first: str) -> Iterable[str]:
        """The words that follow a first word in the phrases of the table."""
        return self._longer.get(first, {}).keys()

    def match(self, tokens: Tokens, i: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase that starts at `i`, and where it ends."""
        words = tokens.words
        end = i + 1
        if end > tokens.size:
            return None
        first = words[i]
        longer = self._longer.get(first)
        if longer is not None and end < tokens.size:
            for rest, value in longer.get(words[end], ()):
                stop = end + len(rest)
                if tuple(words[end:stop]) == rest and not self._ends_sentence(tokens, (first, *rest), stop):
                    return value, stop
        value_alone = self._alone.get(first)
        return None if value_alone is None else (value_alone, end)

    def word(self, word: str) -> T | None:
        """The meaning of a phrase of this one word."""
        return self._alone.get(word)

    def before(self, tokens: Tokens, end: int, longest: int = 4) -> tuple[T, int] | None:
        """The meaning of the longest phrase that ends just before `end`, and where it starts."""
        for start in range(max(0, end - longest), end):
            found = self.match(tokens, start)
            if found is not None and found[1] == end:
                return found[0], start
        return None

    def _ends_sentence(self, tokens: Tokens, form: tuple[str, ...], end: int) -> bool:
        return form in self._loose and (end >= tokens.size or tokens.capital(end))


def _by_second(rests: dict[tuple[str, ...], T]) -> dict[str, tuple[tuple[tuple[str, ...], T], ...]]:
    """The longer phrases of one first word by their second, the longest first."""
    grouped: dict[str, list[tuple[tuple[str, ...], T]]] = {}
    for rest, value in sorted(rests.items(), key=lambda item: -len(item[0])):
        if rest:
            grouped.setdefault(rest[0], []).append((rest, value))
    return {second: tuple(entries) for second, entries in grouped.items()}


def _variants(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A form with and without each of its points."""
    if not words:
        return [()]
    tails = _variants(words[1:])
    kept = [(words[0], *tail) for tail in tails]
    return kept + tails if words[0] == "." else kept
