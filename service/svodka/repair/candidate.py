"""A possible translation of a sentence and all that speaks against it: its figures, its faults, and the article that it sums up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svodka import figures, guard
from svodka.adequacy import faults
from svodka.figures.types import CheckVerdict, Comparison, Pair, Relation

if TYPE_CHECKING:
    from svodka.figures.types import Figure
    from svodka.types import Article, Term

__all__ = ["Candidate", "Case", "Judge", "Proposal"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What a rung proposes as the translation of a sentence, or of the part [start, end) of it that `part` tells; `how` it was made."""

    text: str
    score: float = 0.0
    finished: bool = True
    how: str = ""
    part: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A proposal, judged: `check` compares it with its sentence, `against` is every reason not to take it."""

    proposal: Proposal
    check: Comparison
    faults: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def text(self) -> str:
        """The translation."""
        return self.proposal.text

    @property
    def passes(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against


@dataclass(kw_only=True, slots=True)
class Case:
    """A sentence that no candidate has settled yet; its candidates, in the order in which they were made."""

    source: str
    figures: tuple[Figure, ...]
    candidates: list[Candidate]

    @property
    def first(self) -> Candidate:
        """The model's own best answer."""
        return self.candidates[0]

    @property
    def nearest(self) -> list[Candidate]:
        """Those whose only flaw are figures, fewest wrong first; all of them where every one has other faults."""
        clean = [candidate for candidate in self.candidates if not candidate.faults] or self.candidates
        return sorted(clean, key=lambda candidate: len(candidate.against))


class Judge:
    """Judges translations from one language into the other.

    With an article, a candidate is held against the article itself too: else an error of the summary's would confirm the translation's.
    """

    def __init__(self, *, source_lang: str, target_lang: str, terms: tuple[Term, ...] = (), article: Article | None = None) -> None:
        self.source_lang = source_lang
        self.target_lang = target_lang
        self.terms = terms
        self._article = article

    def open(self, source: str) -> Case:
        """A sentence, read."""
        return Case(source=source, figures=tuple(figures.extract(source, self.source_lang)), candidates=[])

    def judge(self, case: Case, proposal: Proposal) -> Candidate:
        """A proposal with all that speaks against it."""
        part = case.source if proposal.part is None else case.source[slice(*proposal.part)]
        check = self._check(case, part, proposal)
        found = faults(part, proposal.text, target_lang=self.target_lang, finished=proposal.finished, terms=self.terms)
        against = [*found, *guard.complaints(check)]
        if self._article is not None and not against:
            against += guard.complaints(guard.check_summary(self._article, proposal.text, self.target_lang))
        return Candidate(proposal=proposal, check=check, faults=found, against=tuple(dict.fromkeys(against)))

    def _check(self, case: Case, part: str, proposal: Proposal) -> Comparison:
        if proposal.part is None:
            return figures.compare(
                part, proposal.text, source_lang=self.source_lang, target_lang=self.target_lang, source_figures=case.figures
            )
        check = figures.compare(part, proposal.text, source_lang=self.source_lang, target_lang=self.target_lang)
        start, end = proposal.part
        pairs = [guard.shift(pair, start, 0) for pair in check.pairs]
        pairs += [_left_out(figure) for figure in case.figures if figure.start < start or figure.end > end]
        return replace(check, pairs=tuple(pairs))

    def left_out(self, case: Case) -> Comparison:
        """What the check says of a sentence that was dropped: its figures are not told, which is reported and spoils nothing."""
        return Comparison(verdict=CheckVerdict.OK, pairs=tuple(_left_out(figure) for figure in case.figures))


def _left_out(figure: Figure) -> Pair:
    return Pair(source=figure, target=None, relation=Relation.MISSING, reason=f"{figure.text} was left out", minor=True)
