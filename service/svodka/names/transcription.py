"""How Russian writes a name of an English text: the likeliest spelling, by a model of pairs of letters.

The model is a joint trigram (Bisani and Ney, "Joint-sequence models for grapheme-to-phoneme conversion", 2008): a name and its
transcription are one sequence of pairs, "ch" with «ч», each of which depends on the two pairs before it. It was learnt from the names
of parallel news text by `training/names.py`.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from svodka.figures.tables import table
from svodka.names.dictionary import is_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LONGEST_CHUNK", "ORDER", "TABLE", "Chunk", "bare_letters", "transcribe"]

TABLE = "transcription.en-ru"
ORDER = 3
LONGEST_CHUNK = 2  # letters of a name that one pair holds at most
_LONGEST_NAME = 40  # letters; what is longer is no name
_KEPT = 10  # spellings of a beginning that are followed further
_JUDGED = 10  # whole spellings that the dictionary is asked about
_KNOWN = 4.0  # nats that it is worth to be a name of the Russian dictionary; found on names that were held out
_DROPPED = 2.0  # nats that it costs to leave a consonant out; found likewise
_UNSEEN = 1e-6
_LATIN_CONSONANTS, _CYRILLIC_CONSONANTS = frozenset("bcdfgjklmnpqrstvwxz"), frozenset("бвгджзклмнпрстфхцчшщ")
_OPEN, _CLOSE = "^", "$"


class Chunk(NamedTuple):
    """Letters of a name, and those that stand for them; the first and the last hold the marks of begin and end too."""

    latin: str
    cyrillic: str


_History = tuple[Chunk, ...]  # the pairs before one, the nearest last


class _Model:
    """Counts of pairs behind others, and what is found from them."""

    def __init__(self, counts: Mapping[_History, int]) -> None:
        self._behind: dict[_History, Counter[Chunk]] = defaultdict(Counter)
        for run, count in counts.items():
            for size in range(len(run)):
                self._behind[run[len(run) - 1 - size : -1]][run[-1]] += count
        self._totals = {before: followers.total() for before, followers in self._behind.items()}
        self.score = lru_cache(maxsize=50_000)(self._score)

    @cached_property
    def spellings(self) -> Mapping[str, Sequence[Chunk]]:
        """All pairs, by their Latin letters."""
        found: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in self._behind[()]:
            found[chunk.latin].append(chunk)
        return found

    def _score(self, before: _History, chunk: Chunk) -> float:
        """The log-probability of a pair behind others, less what a consonant costs that is not written."""
        return math.log(self._chance(before, chunk)) - _DROPPED * _drops_consonant(chunk)

    def _chance(self, before: _History, chunk: Chunk) -> float:
        """Smoothed as by Witten and Bell."""
        shorter = self._chance(before[1:], chunk) if before else _UNSEEN
        followers = self._behind.get(before)
        if not followers:
            return shorter
        return (followers.get(chunk, 0) + len(followers) * shorter) / (self._totals[before] + len(followers))


def _drops_consonant(chunk: Chunk) -> bool:
    return not _LATIN_CONSONANTS.isdisjoint(chunk.latin) and _CYRILLIC_CONSONANTS.isdisjoint(chunk.cyrillic)


def bare_letters(name: str) -> str:
    """A name in small letters without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(letter))


@lru_cache(maxsize=10_000)
def transcribe(name: str) -> str | None:
    """Return how Russian writes a name of an English text, in the nominative; None for what has other letters than Latin ones.

    Of the likeliest spellings a name that the Russian dictionary knows comes first: "Giovanni" is «Джованни».
    """
    bare = bare_letters(name)
    if not (bare.isascii() and bare.isalpha() and len(bare) <= _LONGEST_NAME):
        return None
    found = _spellings(f"{_OPEN}{bare}{_CLOSE}")
    if not found:
        return None
    return max(found, key=lambda spelling: found[spelling] + _KNOWN * is_name(spelling)).capitalize()


def _spellings(name: str) -> dict[str, float]:
    """The likeliest spellings of a name between its marks, and their log-probabilities."""
    model = _model()
    begun: list[dict[tuple[str, _History], float]] = [{} for _ in range(len(name) + 1)]
    begun[0]["", ()] = 0.0
    for at in range(len(name)):
        likeliest = sorted(begun[at].items(), key=lambda item: -item[1])[:_KEPT]
        for size in range(1, min(LONGEST_CHUNK, len(name) - at) + 1):
            reached = begun[at + size]
            for chunk in model.spellings.get(name[at : at + size], ()):
                for (spelled, before), score in likeliest:
                    state = spelled + chunk.cyrillic, (*before, chunk)[-ORDER + 1 :]
                    reached[state] = max(reached.get(state, -math.inf), score + model.score(before, chunk))
    whole: dict[str, float] = {}
    for (spelled, _), score in sorted(begun[-1].items(), key=lambda item: -item[1]):
        whole.setdefault(spelled.strip(_OPEN + _CLOSE), score)
    return {spelled: whole[spelled] for spelled in list(whole)[:_JUDGED] if spelled}


@cache
def _model() -> _Model:
    counts: dict[_History, int] = {}
    for *letters, count in table(TABLE, "svodka.names"):
        counts[tuple(map(Chunk, letters[::2], letters[1::2]))] = int(count)
    return _Model(counts)
