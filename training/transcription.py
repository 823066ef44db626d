"""Learns how Russian writes the letters of names: pairs of names -> pairs of letters -> how often each comes behind two others.

Which letters stand for which is found by expectation and maximisation over all ways to cut a name and its spelling into pairs (Deligne and
Bimbot, "Inference of variable-length linguistic and acoustic units by multigrams", 1997); each name is then cut in its likeliest way.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from svodka.names.transcription import LONGEST_CHUNK, ORDER, Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from training.name_pairs import NamePair

__all__ = ["learn", "write_table"]

_LONGEST_SPELLING = 2  # Cyrillic letters of a pair
_ROUNDS = 8
_FULL_WEIGHT = 4  # a name that is found more often counts no more
_DISCOUNT = 3.0  # of a pair's count, times the square of its letters but one: large pairs would else explain everything
_LEAST = 0.1
_HEADING = "# Two pairs of letters, the one behind them, how often: what Russian writes for the letters of names.\n"


class _Step(NamedTuple):
    """A pair that goes on from a place in the name and one in its spelling."""

    start: tuple[int, int]
    end: tuple[int, int]
    chunk: Chunk


def learn(pairs: Sequence[NamePair]) -> Counter[tuple[Chunk, ...]]:
    """Return how often pairs of letters come one behind the other, by runs of `ORDER` at most, which begin with each name."""
    weights: Mapping[Chunk, float] | None = None
    for _ in range(_ROUNDS):
        weights = _maximised(_expected(pairs, weights))
    counts: Counter[tuple[Chunk, ...]] = Counter()
    for pair in pairs:
        cut = _cut(pair.name, pair.spelling, weights or {})
        for end in range(1, len(cut) + 1):
            counts[tuple(cut[max(0, end - ORDER) : end])] += min(pair.count, _FULL_WEIGHT)
    return counts


def write_table(counts: Mapping[tuple[Chunk, ...], int], path: Path) -> None:
    """Write what `svodka.names.transcription` reads."""
    lines = sorted("\t".join((*(letters for chunk in run for letters in chunk), str(count))) for run, count in counts.items())
    path.write_text(_HEADING + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def _cut(name: str, spelling: str, weights: Mapping[Chunk, float]) -> list[Chunk]:
    """The likeliest way to cut a name and its spelling, begin and end marked, into pairs; empty where there is none."""
    best: dict[tuple[int, int], tuple[float, _Step | None]] = {(0, 0): (0.0, None)}
    end = len(name) + 2, len(spelling) + 2
    for step in _steps(name, spelling):
        weight = weights.get(step.chunk, 0.0)
        if weight and step.start in best:
            score = best[step.start][0] + math.log(weight)
            if step.end not in best or best[step.end][0] < score:
                best[step.end] = score, step
    cut: list[Chunk] = []
    last = best[end][1] if end in best else None
    while last is not None:
        cut.append(last.chunk)
        last = best[last.start][1]
    return cut[::-1]


def _steps(name: str, spelling: str) -> Iterator[_Step]:
    """Every pair that may stand at any place, by where it begins; begin and end stand for themselves."""
    latin, cyrillic = f"^{name}$", f"^{spelling}$"
    for i in range(len(latin)):
        for j in range(len(cyrillic) + 1):
            for size in range(1, min(LONGEST_CHUNK, len(latin) - i) + 1):
                for spelled in range(min(_LONGEST_SPELLING, len(cyrillic) - j) + 1):
                    chunk = Chunk(latin[i : i + size], cyrillic[j : j + spelled])
                    if ("^" in chunk.latin) == ("^" in chunk.cyrillic) and ("$" in chunk.latin) == ("$" in chunk.cyrillic):
                        yield _Step((i, j), (i + size, j + spelled), chunk)


def _expected(pairs: Sequence[NamePair], weights: Mapping[Chunk, float] | None) -> dict[Chunk, float]:
    """How often each pair of letters is to be expected, over all ways to cut all names."""
    counts: dict[Chunk, float] = defaultdict(float)
    for pair in pairs:
        steps = [(step, weight) for step in _steps(pair.name, pair.spelling) if (weight := _weight(step.chunk, weights)) > 0]
        forward: dict[tuple[int, int], float] = defaultdict(float, {(0, 0): 1.0})
        for step, weight in steps:
            forward[step.end] += forward[step.start] * weight
        end = len(pair.name) + 2, len(pair.spelling) + 2
        if not forward[end]:
            continue
        backward: dict[tuple[int, int], float] = defaultdict(float, {end: 1.0})
        for step, weight in reversed(steps):
            backward[step.start] += backward[step.end] * weight
        for step, weight in steps:
            share = forward[step.start] * weight * backward[step.end] / forward[end]
            counts[step.chunk] += share * min(pair.count, _FULL_WEIGHT)
    return counts


def _weight(chunk: Chunk, weights: Mapping[Chunk, float] | None) -> float:
    """At first the fewer letters the better, and as many of the one alphabet as of the other."""
    if weights is not None:
        return weights.get(chunk, 0.0)
    latin, cyrillic = map(len, chunk)
    return 10.0 ** -(latin + cyrillic + (0 if cyrillic else 2) + abs(latin - cyrillic))


def _maximised(counts: Mapping[Chunk, float]) -> dict[Chunk, float]:
    left = {chunk: count - _DISCOUNT * (len(chunk.latin) + len(chunk.cyrillic) - 1) ** 2 for chunk, count in counts.items()}
    kept = {chunk: count for chunk, count in left.items() if count > _LEAST}
    total = sum(kept.values())
    return {chunk: count / total for chunk, count in kept.items()}
