"""The last rung before a sentence is dropped: a clause of it, as long as can be, whose translation passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svodka.repair.candidate import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.repair.candidate import Case
    from svodka.repair.tools import Tools

__all__ = ["Fallback"]

_BOUNDARY = re.compile(r"[,;:](?=\s)|\s[—–-](?=\s)|\s(?=\()")
# A clause of fewer words, or of less of the sentence, tells too little to stand for it.
_LEAST_WORDS, _LEAST_SHARE = 5, 0.3
_MOST_CLAUSES = 4
_END = "."


class Fallback:
    """What was left out with the rest of the sentence is told by the check."""

    name = "fallback"
    shortens = True

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """For each case, the translations of its first clauses, longest first."""
        found = [list(_clauses(case))[:_MOST_CLAUSES] for case in cases]
        asked = [f"{case.source[:end].rstrip()}{_END}" for case, ends in zip(cases, found, strict=True) for end in ends]
        answers = iter(tools.translate(asked, n_best=tools.beam))
        return [
            [
                Proposal(
                    text=answer.text,
                    score=answer.score,
                    finished=answer.finished,
                    how=f"kept the sentence up to {case.source[:end].rstrip()[-_SHOWN:]!r}",
                    part=(0, end),
                )
                for end in ends
                for answer in next(answers)
            ]
            for case, ends in zip(cases, found, strict=True)
        ]


_SHOWN = 30


def _clauses(case: Case) -> Iterator[int]:
    """Ends of the sentence's beginnings that may stand by themselves, longest first; none of them cuts a figure or a quotation."""
    for boundary in reversed(list(_BOUNDARY.finditer(case.source))):
        end = boundary.start()
        clause = case.source[:end]
        if len(clause.split()) < _LEAST_WORDS or len(clause) < _LEAST_SHARE * len(case.source):
            continue
        if any(figure.start < end < figure.end for figure in case.figures) or _is_open(clause):
            continue
        yield end


def _is_open(clause: str) -> bool:
    return clause.count("(") != clause.count(")") or clause.count("«") != clause.count("»") or clause.count('"') % 2 == 1
