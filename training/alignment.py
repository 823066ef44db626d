"""Which word of a language stands for which of another, learnt from sentence pairs: model 1 of P. F. Brown et al., 1993, "The Mathematics
of Statistical Machine Translation".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Link", "align_words"]

_ROUNDS = 6
_LONGEST = 80  # words: the links of a sentence grow with the square of them
_NULL = ""  # what a word without a counterpart stands for


class Link(NamedTuple):
    """A word and one that translates it.

    Attributes:
        forth: the probability of `target` where `source` stands.
        back: the share of all `target` that stands for `source`.
        count: how often the one stands for the other, by expectation.
    """

    source: str
    target: str
    forth: float
    back: float
    count: float


def align_words(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Iterator[Link]:
    """Every link between words of the sources and of the targets, by probability, and not in any order. Each pair is a sentence's words."""
    sources: dict[str, int] = {_NULL: 0}
    targets: dict[str, int] = {}
    left, right, place, places = [], [], [], 0
    for source, target in pairs:
        if not (0 < len(source) <= _LONGEST and 0 < len(target) <= _LONGEST):
            continue
        rows = np.array([0, *(sources.setdefault(word, len(sources)) for word in source)], dtype=np.int32)
        columns = np.array([targets.setdefault(word, len(targets)) for word in target], dtype=np.int32)
        left.append(np.tile(rows, len(columns)))
        right.append(np.repeat(columns, len(rows)))
        place.append(np.repeat(np.arange(places, places + len(columns), dtype=np.int32), len(rows)))
        places += len(columns)
    if not left:
        return
    codes, link = np.unique(np.concatenate(left).astype(np.int64) * len(targets) + np.concatenate(right), return_inverse=True)
    of_source, of_target = codes // len(targets), codes % len(targets)
    forth, counts = _expected(link.astype(np.int32), np.concatenate(place), of_source)
    back = counts / np.bincount(of_target, counts)[of_target]
    source_words, target_words = list(sources), list(targets)
    for row in np.flatnonzero(of_source):
        yield Link(source_words[of_source[row]], target_words[of_target[row]], float(forth[row]), float(back[row]), float(counts[row]))


def _expected(
    link: NDArray[np.int32], place: NDArray[np.int32], of_source: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By expectation and maximisation: the probability of each link's target by its source, and the expected count of the link."""
    forth = np.ones(len(of_source))
    counts = forth
    for _ in range(_ROUNDS):
        share = forth[link]
        share /= np.bincount(place, share)[place]
        counts = np.bincount(link, share, minlength=len(of_source))
        forth = counts / np.bincount(of_source, counts)[of_source]
    return forth, counts
