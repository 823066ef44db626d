"""The rung of constrained decoding: the translation up to its first error, then the right figure, and the model goes on from there.

Where a figure was lost altogether, it is put behind the words that stand about as far into the translation as it stands into the sentence.
Prefix-constrained search as of Wuebker et al. (2016), "Models and Inference for Prefix-Constrained Machine Translation".
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.figures import extract
from svodka.figures.context import counted_agreement
from svodka.figures.types import Kind
from svodka.repair.candidate import Proposal
from svodka.repair.corrections import corrections
from svodka.repair.localise import begins_with_weekday, forms, on_weekday, put, tidied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.figures.types import Figure
    from svodka.repair.candidate import Candidate, Case
    from svodka.repair.tools import Tools

__all__ = ["Constrain"]

_CANDIDATES, _MOST_FORMS, _MOST_BEGINNINGS = 2, 2, 4
_GAP = re.compile(r"(?<=[^\s.,;:!?—–-])\s+(?=\S)")
_PLACES = 3
# «… для Джея 9 и трёх …» holds every number of "Jay and three of the nine victims", and says something else.
_COUNTING = frozenset({Kind.CARDINAL, Kind.ORDINAL, Kind.MULTIPLE, Kind.RATIO, Kind.IDENTIFIER})
_ENDS = (".", "!", "?")


class Constrain:
    """What the model adds is its own, so that the words around the figure agree with it."""

    name = "constrain"
    shortens = False

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """For each case, its candidates of the fewest errors, written anew from the first error on."""
        found = [list(itertools.islice(_beginnings(case, tools.target_lang), _MOST_BEGINNINGS)) for case in cases]
        asked = [(case.source, begun.text) for case, beginnings in zip(cases, found, strict=True) for begun in beginnings]
        answers = iter(tools.translate([source for source, _ in asked], n_best=2, beginnings=[text for _, text in asked]))
        return [
            [
                Proposal(text=text, score=answer.score, finished=answer.finished, how=f"went on from {begun.figure.text!r}")
                for begun in beginnings
                for answer in next(answers)
                if (text := _closed(answer.text, case.source)) and begun.is_carried_on(text, tools.target_lang)
            ]
            for case, beginnings in zip(cases, found, strict=True)
        ]


def _closed(text: str, source: str) -> str:
    """A translation with no space before its marks and, like its sentence, with one at its end."""
    text = tidied(text)
    return text + source[-1] if source[-1:] in _ENDS and text[-1:].isalnum() else text


@dataclass(frozen=True, kw_only=True, slots=True)
class _Beginning:
    """The begin of a translation, which ends in the right figure; `guessed` where the place of the figure is a guess."""

    text: str
    figure: Figure
    guessed: bool = False

    def is_carried_on(self, text: str, lang: str) -> bool:
        """Whether the translation goes on as if the figure belonged there: a number at a guessed place must count what it counts."""
        if not self.guessed or self.figure.kind not in _COUNTING:
            return True
        found = next((figure for figure in extract(text, lang) if figure.start < len(self.text) <= figure.end + 1), None)
        return found is not None and found.counted is not None and counted_agreement(self.figure, found) > 0


def _beginnings(case: Case, lang: str) -> Iterator[_Beginning]:
    seen: set[str] = set()
    for candidate in case.nearest[:_CANDIDATES]:
        for begun in _of(candidate, case, lang):
            if begun.text not in seen:
                seen.add(begun.text)
                yield begun


def _of(candidate: Candidate, case: Case, lang: str) -> Iterator[_Beginning]:
    wrong = corrections(candidate.check)
    if wrong.swaps:
        stood, right = wrong.swaps[0]
        for form in forms(right, lang, stood)[:_MOST_FORMS]:
            yield _Beginning(text=put(candidate.text[: stood.end], stood, right, form, lang), figure=right)
    elif wrong.lost:
        figure = wrong.lost[0]
        share = figure.start / max(1, len(case.source))
        places = sorted((gap.start() for gap in _GAP.finditer(candidate.text)), key=lambda at: abs(at - share * len(candidate.text)))
        for at in places[:_PLACES]:
            form = on_weekday(figure) if lang == "ru" and begins_with_weekday(figure) else forms(figure, lang)[0]
            yield _Beginning(text=f"{candidate.text[:at]} {form}", figure=figure, guessed=True)
