"""Numbers fused with what they number: "двадцатидевятилетний", "полмиллиона", and the second half alone, as in "300-километровый"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Compound", "Compounds", "Tail"]

_ROOM = {"unit": 10, "teen": 100, "ten": 100, "hundred": 1000, "scale": 10**6, "mixed": 10**6, "half": 10**6}
_LEFT = {"unit": 1, "teen": 1, "ten": 10, "hundred": 100, "scale": 1000, "mixed": 1, "half": 1}
_LONGEST = 60  # letters: no compound of the press is longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """What a second half says: its kind of figure (with "count", "scale" and "age-or-duration" besides the kinds) and its unit."""

    kind: str
    unit: str
    stem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Compound:
    """A fused number: a value and a second half; `rest` is a plain word instead ("полмиллиона" → "миллиона")."""

    value: Fraction
    tail: Tail | None = None
    rest: str = ""


class Compounds:
    """The compounds of a language; a language without them has empty tables."""

    __slots__ = ("_cache", "_endings", "_stems", "_tails")

    def __init__(self, stems: Mapping[str, tuple[Fraction, str]], tails: Mapping[str, Tail], endings: frozenset[str]) -> None:
        self._stems = stems
        self._tails = tails
        self._endings = endings
        self._cache: dict[str, Compound | None] = {}

    def starts(self, word: str) -> bool:
        """Whether a word is a compound, or a first half that a hyphen may join to a second ("пол-литра")."""
        return word in self._stems or self.read(word) is not None

    def tail(self, word: str) -> Tail | None:
        """The second half that a word is: "километрового"."""
        for cut in range(min(3, len(word) - 3), -1, -1):
            stem = word[: len(word) - cut]
            found = self._tails.get(stem)
            if found is not None and word[len(stem) :] in self._endings:
                return found
        return None

    def read(self, word: str) -> Compound | None:
        """The number that a word starts with, and the rest of it; None where the rest is nothing known."""
        if word not in self._cache:
            if len(self._cache) > 50_000:
                self._cache.clear()
            self._cache[word] = self._read(word) if len(word) <= _LONGEST else None
        return self._cache[word]

    def _read(self, word: str) -> Compound | None:
        value, room, at = Fraction(0), 10**6, 0
        while True:
            found = self._head(word, at, room)
            if found is None:
                return None
            stem, part, slot = found
            value += part
            room, at = _LEFT[slot], at + len(stem)
            tail = self.tail(word[at:])
            if tail is not None:
                return Compound(value=value, tail=tail)
            if slot == "half" and len(word) - at >= 3:
                return Compound(value=value, rest=word[at:])

    def _head(self, word: str, at: int, room: int) -> tuple[str, Fraction, str] | None:
        for length in range(min(14, len(word) - at), 2, -1):
            stem = word[at : at + length]
            found = self._stems.get(stem)
            if found is not None and _ROOM[found[1]] <= room:
                return stem, found[0], found[1]
        return None
