"""The rows of a comparison: passages as short as they can be so that no translation's bead reaches from one into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka import guard
from svodka.compare.types import Cell
from svodka.figures.types import CheckVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.compare.types import Bead
    from svodka.types import Sentence

__all__ = ["cells", "rows"]

_SPACE = " "
_WORST = (CheckVerdict.OK, CheckVerdict.UNCERTAIN, CheckVerdict.MISMATCH)


def rows(count: int, renditions: Iterable[Sequence[Bead]]) -> list[tuple[int, ...]]:
    """The sentences of each passage, by index; `count` is that of the text's sentences."""
    joined = {first for beads in renditions for bead in beads for first in bead.sources[:-1]}
    passages: list[list[int]] = []
    for index in range(count):
        if index and index - 1 in joined:
            passages[-1].append(index)
        else:
            passages.append([index])
    return [tuple(passage) for passage in passages]


def cells(passages: Sequence[tuple[int, ...]], beads: Sequence[Bead], sentences: Sequence[str]) -> list[Cell]:
    """What a translation has for each passage. What answers no sentence of the text goes with the one before it."""
    passage_of = {sentence: number for number, passage in enumerate(passages) for sentence in passage}
    grouped: list[list[Bead]] = [[] for _ in passages]
    number = 0
    for bead in beads:
        if bead.sources:
            number = passage_of[bead.sources[0]]
        grouped[number].append(bead)
    return [_cell(passage, group, sentences) for passage, group in zip(passages, grouped, strict=True)]


def _cell(passage: Sequence[int], beads: Sequence[Bead], sentences: Sequence[str]) -> Cell:
    starts, at = {}, 0
    for index in passage:
        starts[index] = at
        at += len(sentences[index]) + len(_SPACE)
    text, pairs = "", []
    for bead in beads:
        if bead.text:
            text += _SPACE if text else ""
            start = len(text)
            text += bead.text
        else:
            start = len(text)
        pairs += [guard.shift(pair, starts[bead.sources[0]] if bead.sources else 0, start) for pair in bead.pairs]
    targets: tuple[Sentence, ...] = tuple(target for bead in beads for target in bead.targets)
    faults = tuple(dict.fromkeys(fault for bead in beads for fault in bead.faults))
    verdict = max((bead.verdict for bead in beads), key=_WORST.index, default=CheckVerdict.OK)
    return Cell(text=text, targets=targets, verdict=verdict, pairs=tuple(pairs), faults=faults)
