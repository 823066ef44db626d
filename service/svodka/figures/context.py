"""The context of a figure: what it counts, and which names stand near it, in whatever language."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from svodka.figures.senses import Sense, own_sense
from svodka.figures.sound import consonants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.figures.side import Family, Side
    from svodka.figures.types import Figure

__all__ = ["Surroundings", "counted_agreement", "counts_like", "nearer"]

Concept = tuple[str, str]


@cache
def _concepts() -> dict[str, frozenset[Concept]]:
    """Lemma → the (concept, class) pairs that it may stand for."""
    table: dict[str, set[Concept]] = {}
    for line in files("svodka.figures").joinpath("data/nouns.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            concept, kind, english, russian = line.split("\t")
            for lemma in (*english.split(","), *russian.split(",")):
                table.setdefault(lemma, set()).add((concept, kind))
    return {lemma: frozenset(concepts) for lemma, concepts in table.items()}


def counted_agreement(source: Figure, target: Figure) -> float:
    """1 where both count the same thing, -1 where they surely count different things, 0 where that is not known.

    Between stand a general word for a special one ("people" for "students": 0.5) and two special words of one class ("men" for
    "women": -0.5), which may or may not name the same.
    """
    before, after = source.counted, target.counted
    if before is None or after is None:
        return 0.0
    return 1.0 if before == after else _agreement(before, after)


@lru_cache(maxsize=4096)
def _agreement(before: str, after: str) -> float:
    left, right = _concepts().get(before), _concepts().get(after)
    if left is None or right is None:
        return 0.0
    if left & right:
        return 1.0
    common = {kind for _, kind in left} & {kind for _, kind in right}
    if any(concept in common for concept, _ in left | right):
        return 0.5
    return -0.5 if common else -1.0


def counts_like(counted: str | None, other: str | None) -> bool:
    """Whether two counted nouns name the same thing, as far as is known."""
    return counted is not None and other is not None and (counted == other or _agreement(counted, other) == 1.0)


_CLAUSE = re.compile(r"[.;!?…]\s")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*")
_REACH = 60


def nearer(text: str, first: Figure, second: Figure) -> dict[str, bool]:
    """The names around two figures of a text: whether each stands nearer to the first of them. Names are keyed by how they sound."""
    left, right = _names(text, first), _names(text, second)
    far = float(_REACH)
    return {name: left.get(name, far) < right.get(name, far) for name in left | right if left.get(name, far) != right.get(name, far)}


def _names(text: str, figure: Figure) -> dict[str, float]:
    """The names of the figure's sentence by how they sound, with their distance in characters."""
    names: dict[str, float] = {}
    for start, end, word in _sentence_words(text, figure):
        sound = consonants(word) if word[0].isupper() else ""
        if len(sound) >= 2:
            names[sound] = min(float(_distance(start, end, figure)), names.get(sound, float(_REACH)))
    return names


class Surroundings:
    """The telling words of a text: what they stand nearest to.

    Within one language a word tells by its stem; across languages only names do, by how they sound.
    """

    def __init__(self, side: Side, *, same_language: bool) -> None:
        self.side, self.same_language = side, same_language
        self._owners: dict[Family, dict[str, set[Sense]]] = {}

    def owners(self, family: Family) -> dict[str, set[Sense]]:
        """Each telling word near a figure of the family, with the values that it stands nearest to."""
        if family not in self._owners:
            owners: dict[str, set[Sense]] = defaultdict(set)
            for figure in self.side.families.get(family, ()):
                for anchor in self.owned(figure):
                    owners[anchor].add(own_sense(figure))
            self._owners[family] = owners
        return self._owners[family]

    def owned(self, figure: Figure) -> dict[str, str]:
        """The telling words that stand nearer to the figure than to the others of its family: anchor → word."""
        first, last = _bounds(self.side.text, figure)
        near = [other for other in self.side.within(first, last) if (other.kind, other.unit) == (figure.kind, figure.unit)]
        words = {}
        for start, end, word in _sentence_words(self.side.text, figure):
            anchor = self._anchor(word)
            if anchor and all(_distance(start, end, figure) <= _distance(start, end, other) for other in near):
                words[anchor] = word
        return words

    def _anchor(self, word: str) -> str:
        if not self.same_language:
            sound = consonants(word) if word[0].isupper() else ""
            return sound if len(sound) >= 2 else ""
        return _stem(word)


def _sentence_words(text: str, figure: Figure) -> Iterator[tuple[int, int, str]]:
    """The words of the figure's sentence, within reach."""
    first, last = _bounds(text, figure)
    for match in _WORD.finditer(text, first, last):
        if match.end() <= figure.start or match.start() >= figure.end:
            yield match.start(), match.end(), match[0]


def _bounds(text: str, figure: Figure) -> tuple[int, int]:
    """Where the figure's sentence begins and ends, no further than the reach."""
    first = max(0, figure.start - _REACH)
    for edge in _CLAUSE.finditer(text, first, figure.start):
        first = edge.end()
    last = min(len(text), figure.end + _REACH)
    end = _CLAUSE.search(text, figure.end, last)
    return first, end.start() if end else last


def _distance(start: int, end: int, figure: Figure) -> int:
    return max(figure.start - end, start - figure.end, 0)


@cache
def _dull() -> frozenset[str]:
    """Stems that stand beside any figure and tell nothing of it: "rose", "said", «составил»."""
    return frozenset(files("svodka.figures").joinpath("data/dull.txt").read_text("utf-8").split())


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """The start of a word that tells what a figure is about; empty for a word that does not."""
    stem = word.lower()[:6]
    return stem if len(stem) >= 4 and not any(stem[:length] in _dull() for length in range(3, 7)) else ""
