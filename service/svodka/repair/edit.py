"""The rung that edits in place: the wrong figures of a translation give way to the right ones, and all else stays."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from svodka.figures.types import Kind
from svodka.repair.candidate import Proposal
from svodka.repair.corrections import corrections
from svodka.repair.localise import forms, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.figures.types import Figure
    from svodka.repair.candidate import Case
    from svodka.repair.tools import Tools

__all__ = ["Edit"]

_CANDIDATES, _MOST_FORMS, _MOST_TEXTS = 2, 3, 6
# Where one of these stood for the other, nothing that belongs to the figure is left behind beside it.
_ALIKE = frozenset({Kind.PERCENT, Kind.PERCENTAGE_POINT})


class Edit:
    """Of the forms that the language has, the translator's own score says which reads best."""

    name = "edit"

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """For each case, its candidates of the fewest errors, with the wrong figures replaced."""
        found = [list(itertools.islice(_edits(case, tools.target_lang), _MOST_TEXTS)) for case in cases]
        asked = [(case.source, text) for case, texts in zip(cases, found, strict=True) for text, _ in texts]
        scores = iter(tools.score([source for source, _ in asked], [text for _, text in asked]))
        return [[Proposal(text=text, score=next(scores), how=how) for text, how in texts] for texts in found]


def _edits(case: Case, lang: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for candidate in case.nearest[:_CANDIDATES]:
        wrong = corrections(candidate.check)
        if wrong.lost or wrong.extra or not wrong.swaps or not all(_replaceable(*swap) for swap in wrong.swaps):
            continue
        how = "wrote " + ", ".join(f"{right.text!r} for {stood.text!r}" for stood, right in wrong.swaps)
        for chosen in itertools.product(*(forms(right, lang, stood)[:_MOST_FORMS] for stood, right in wrong.swaps)):
            text = candidate.text
            for (stood, right), form in reversed(list(zip(wrong.swaps, chosen, strict=True))):
                text = put(text, stood, right, form, lang)
            if text not in seen:
                seen.add(text)
                yield text, how


def _replaceable(stood: Figure, right: Figure) -> bool:
    """Whether the one may stand where the other stood: «три года назад» must not become «3 назад» for "three seasons ago"."""
    return stood.kind is right.kind or {stood.kind, right.kind} <= _ALIKE
