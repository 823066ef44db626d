"""A second translation of the same source as a witness: it tells pairs that do not belong together, and finds them their own.

Collections of news sentences have stretches in which the two sides were shuffled against each other. Where a system has translated the same
sources, its translations share words with the right targets and with no others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from training.data import Pair, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Witness"]

_GROUP = 4  # letters that are compared together: longer than endings, shorter than words
_SHORT = 30  # characters: two good translations of "Weight" may well share nothing
_CERTAIN = 0.3  # two good translations of a sentence share at least this much nearly always, translations of two sentences never
_CANDIDATES = 8
_COMMON = 200  # words that stand in more targets than this say nothing


class Witness:
    """Translations of sources by one who saw each source alone."""

    def __init__(self, pairs: Iterable[Pair], *, least_agreement: float) -> None:
        self._least = least_agreement
        self._translations = {(pair.source_lang, folded(pair.source)): pair.target for pair in pairs}

    def contradicts(self, pair: Pair) -> bool:
        """Tell whether the pair's target has next to nothing in common with the known translation of its source."""
        known = self._known(pair)
        return known is not None and min(len(known), len(pair.target)) >= _SHORT and agreement(known, pair.target) < self._least

    def realigned(self, pairs: Sequence[Pair]) -> Iterator[Pair]:
        """Pair the sources of shuffled pairs with whichever of the targets is their translation beyond doubt."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, pair in enumerate(pairs):
            for word in set(folded(pair.target).split()):
                places[word].append(place)
        for pair in pairs:
            known = self._known(pair)
            if known is None:
                continue
            found = Counter(place for word in set(folded(known).split()) if len(places[word]) <= _COMMON for place in places[word])
            scored = [(agreement(known, pairs[place].target), place) for place, _ in found.most_common(_CANDIDATES)]
            best, place = max(scored, default=(0.0, 0))
            if best >= _CERTAIN:
                yield replace(pair, target=pairs[place].target)

    def _known(self, pair: Pair) -> str | None:
        return self._translations.get((pair.source_lang, folded(pair.source)))


def agreement(one: str, other: str) -> float:
    """Share of letter groups that two sentences have in common."""
    first, second = _groups(one), _groups(other)
    return 2 * len(first & second) / max(1, len(first) + len(second))


def _groups(text: str) -> set[str]:
    text = folded(text)
    return {text[at : at + _GROUP] for at in range(len(text) - _GROUP + 1)}
