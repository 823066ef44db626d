"""The rung that edits in place: wrong figures give way to the right ones, made-up ones go, and all else stays."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.figures.types import Kind
from svodka.repair.candidate import Proposal
from svodka.repair.corrections import corrections
from svodka.repair.localise import forms, put, tidied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.figures.types import Figure
    from svodka.repair.candidate import Candidate, Case
    from svodka.repair.corrections import Corrections
    from svodka.repair.tools import Tools

__all__ = ["Edit"]

_CANDIDATES, _MOST_FORMS, _MOST_TEXTS = 2, 3, 6
# Where one of these stood for the other, nothing that belongs to the figure is left behind beside it.
_ALIKE = frozenset({Kind.PERCENT, Kind.PERCENTAGE_POINT})
# "at the 2012 Olympics" does without its year, "at a distance of 40 km" does not: then the rest is much less likely.
_LOSS = 0.15
_PREPOSITION = re.compile(r"(?:^|(?<=\s))(?:in|on|at|by|from|since|for|в|во|на|к|с|со|за|до|от|по)\s+$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Edited:
    text: str
    how: str
    least: float = float("-inf")  # the score below which it is not worth proposing


class Edit:
    """Of the forms that the language has, the translator's own score says which reads best."""

    name = "edit"
    shortens = False

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """For each case, its candidates of the fewest errors, with the wrong figures replaced or taken out."""
        found = [list(itertools.islice(_edits(case, tools), _MOST_TEXTS)) for case in cases]
        asked = [(case.source, edited.text) for case, edits in zip(cases, found, strict=True) for edited in edits]
        scores = iter(tools.score([source for source, _ in asked], [text for _, text in asked]))
        return [
            [
                Proposal(text=edited.text, score=score, how=edited.how)
                for edited, score in [(edited, next(scores)) for edited in edits]
                if score >= edited.least
            ]
            for edits in found
        ]


def _edits(case: Case, tools: Tools) -> Iterator[_Edited]:
    seen: set[str] = set()
    for candidate in case.nearest[:_CANDIDATES]:
        wrong = corrections(candidate.check)
        if wrong.lost:
            continue
        for edited in _without(candidate, wrong) if wrong.extra else _replaced(candidate, wrong, tools.target_lang):
            if edited.text not in seen:
                seen.add(edited.text)
                yield edited


def _replaced(candidate: Candidate, wrong: Corrections, lang: str) -> Iterator[_Edited]:
    if not wrong.swaps or not all(_replaceable(*swap) for swap in wrong.swaps):
        return
    how = "wrote " + ", ".join(f"{right.text!r} for {stood.text!r}" for stood, right in wrong.swaps)
    for chosen in itertools.product(*(forms(right, lang, stood)[:_MOST_FORMS] for stood, right in wrong.swaps)):
        text = candidate.text
        for (stood, right), form in reversed(list(zip(wrong.swaps, chosen, strict=True))):
            text = put(text, stood, right, form, lang)
        yield _Edited(text=text, how=how)


def _replaceable(stood: Figure, right: Figure) -> bool:
    """Whether the one may stand where the other stood: «три года назад» must not become «3 назад» for "three seasons ago"."""
    return stood.kind is right.kind or {stood.kind, right.kind} <= _ALIKE


def _without(candidate: Candidate, wrong: Corrections) -> Iterator[_Edited]:
    """The candidate without the figures that its sentence does not have: by themselves, and with the prepositions before them."""
    if wrong.swaps:
        return
    how = "took out " + ", ".join(repr(figure.text) for figure in wrong.extra)
    for with_preposition in (False, True):
        text = candidate.text
        for figure in sorted(wrong.extra, key=lambda figure: -figure.start):
            before = text[: figure.start]
            text = (_PREPOSITION.sub("", before) if with_preposition else before) + text[figure.end :].lstrip()
        yield _Edited(text=tidied(text[:1].upper() + text[1:]), how=how, least=candidate.proposal.score - _LOSS)
