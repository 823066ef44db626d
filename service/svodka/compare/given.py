"""A translation that is there already: brought together with the sentences of the text, and checked like any other."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from svodka import figures, segment
from svodka.adequacy import faults
from svodka.call import current
from svodka.compare.align import Link, align
from svodka.compare.types import Bead
from svodka.errors import InvalidRequest
from svodka.figures.types import CheckVerdict
from svodka.types import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Encoder

__all__ = ["ADDED", "LOST", "MAX_ALIGNED", "bead", "flat", "read"]

# Sentences of either side that are aligned: more is no article, and would take a minute.
MAX_ALIGNED = 400
LOST, ADDED = "no sentence of the translation says this", "the translation has a sentence that the text does not have"
_SPACE, _WHITE = " ", re.compile(r"\s")


def read(
    text: str, sentences: Sequence[str], *, source_lang: str, target_lang: str, encoder: Encoder, field: str
) -> tuple[list[Bead], tuple[str, ...]]:
    """The beads of a given translation, and notes on how they were found where it has not a line for each of `sentences`.

    Raises:
        InvalidRequest: the request's `field` has not a line for each sentence, and is too long to be aligned.
    """
    lines = _lines(text)
    told = [line for line in lines if line.text]
    notes: tuple[str, ...] = ()
    if len(lines) == len(sentences) or len(told) == len(sentences):
        fitting = lines if len(lines) == len(sentences) else told
        links = [Link(sources=(at,), targets=(at,) if line.text else ()) for at, line in enumerate(fitting)]
    else:
        fitting = list(segment.split(text, target_lang, figures.extract(text, target_lang)))
        if max(len(fitting), len(sentences)) > MAX_ALIGNED:
            raise InvalidRequest.field(
                field,
                f"has {len(told)} lines for {len(sentences)} sentences; give a line for each, for more than {MAX_ALIGNED} are not aligned",
            )
        links = align(sentences, [flat(sentence.text) for sentence in fitting], encoder)
        notes = (_note(len(told), len(sentences), len(fitting), links),)
    beads = []
    for link in links:
        current().check()
        targets = tuple(fitting[at] for at in link.targets)
        beads.append(bead(link.sources, targets, [sentences[at] for at in link.sources], source_lang=source_lang, target_lang=target_lang))
    return beads, notes


def bead(sources: tuple[int, ...], targets: tuple[Sentence, ...], sentences: Sequence[str], *, source_lang: str, target_lang: str) -> Bead:
    """Sentences of both sides, checked against each other."""
    source, text = _SPACE.join(sentences), _SPACE.join(flat(target.text) for target in targets)
    check = figures.compare(source, text, source_lang=source_lang, target_lang=target_lang)
    found = faults(source, text, target_lang=target_lang) if source and text else (ADDED,) if text else (LOST,)
    verdict = check.verdict
    # An empty line in both is nothing; a sentence without figures that was lost is a fault, not a figure.
    if not source.strip() and not text.strip():
        found, verdict = (), CheckVerdict.OK
    return Bead(sources=sources, targets=targets, source=source, text=text, verdict=verdict, pairs=check.pairs, faults=found)


def _lines(text: str) -> list[Sentence]:
    """The lines with their places, without the space around them; empty ones at the end are none."""
    ends = list(itertools.accumulate(len(line) for line in text.splitlines(keepends=True)))
    lines = []
    for start, end in itertools.pairwise([0, *ends]):
        line = text[start:end]
        begin = start + len(line) - len(line.lstrip()) if line.strip() else start
        lines.append(Sentence(start=begin, end=begin + len(line.strip()), text=line.strip()))
    while lines and not lines[-1].text:
        lines.pop()
    return lines


def _note(lines: int, sentences: int, split: int, links: Sequence[Link]) -> str:
    lost = sum(1 for link in links if not link.targets)
    added = sum(1 for link in links if not link.sources)
    joined = sum(1 for link in links if len(link.sources) + len(link.targets) > 2)
    told = [f"{lost} of the text are answered by none" if lost else "", f"{added} answer none" if added else ""]
    told += [f"{joined} of the pairs have two on one side" if joined else ""]
    end = "; ".join(part for part in told if part)
    return f"{lines} lines for {sentences} sentences: split into {split} sentences, and aligned with the text by meaning{end and '; '}{end}"


def flat(text: str) -> str:
    """A sentence in one line, with a plain space for every white one, so that every offset stays."""
    return _WHITE.sub(_SPACE, text)
