"""Climbs the ladder: one decode for every sentence, then rung after rung for those that fail, all of a rung as one batch.

Adequacy before likelihood: a candidate whose figures are right must still say what the sentence says, so among those that pass, the one
nearest in meaning wins, and one that is much farther from the sentence than the model's first answer never does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svodka.errors import DeadlineExceeded
from svodka.repair.candidate import Candidate, Case, Judge, Proposal
from svodka.repair.constrain import Constrain
from svodka.repair.edit import Edit
from svodka.repair.fallback import Fallback
from svodka.repair.protect import Protect
from svodka.repair.tools import Rung, Tools
from svodka.steps import step
from svodka.types import Outcome, Policy, Repair, TranslatedSentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Encoder, Translator

__all__ = ["RUNGS", "Ladder"]

RERANK, DROP = "rerank", "drop"
RUNGS: tuple[Rung, ...] = (Constrain(), Protect(), Edit(), Fallback())
# How much of its nearness to the sentence (cosine of the embeddings) a candidate may lose against the model's first answer.
_LOSS = 0.05
# Nearness that far apart tells nothing.
_ALIKE = 0.02
# A rung takes about as long as the first decode did; with less time left it is not begun.
_MARGIN = 1.5


@dataclass(kw_only=True, slots=True)
class _Climb:
    """A sentence on its way up."""

    case: Case
    index: int
    taken: Candidate | None = None
    repairs: list[Repair] = field(default_factory=list)


class Ladder:
    """Translates sentences and repairs what the judge refuses."""

    def __init__(self, translator: Translator, encoder: Encoder, *, beam: int, rungs: Sequence[Rung] = RUNGS) -> None:
        self._translator = translator
        self._encoder = encoder
        self._beam = beam
        self._rungs = tuple(rungs)

    @property
    def encoder(self) -> Encoder:
        """What nearness in meaning is measured by."""
        return self._encoder

    def with_beam(self, beam: int) -> Ladder:
        """The same ladder with so many hypotheses kept."""
        return Ladder(self._translator, self._encoder, beam=beam, rungs=self._rungs)

    def translate(
        self, sentences: Sequence[str], judge: Judge, *, policy: Policy = Policy.REPAIR, deadline: float | None = None, drop: bool = False
    ) -> list[TranslatedSentence]:
        """A translation for each sentence, in order.

        Args:
            sentences: without line breaks; an empty one stays empty.
            judge: says what is wrong with a translation, and in which direction it goes.
            policy: REPORT takes the model's best answer whatever the judge says.
            deadline: on the clock of time.monotonic; near it no further rung is begun.
            drop: whether a sentence may be cut short, and one that no rung repairs be left out, as long as another stays.
        """
        started = time.monotonic()
        tools = Tools(
            translator=self._translator, source_lang=judge.source_lang, target_lang=judge.target_lang, beam=self._beam, terms=judge.terms
        )
        climbs = self._first(sentences, judge, tools, policy)
        if policy is Policy.REPORT:
            return [_settled(climb) for climb in climbs]
        self._rerank(climbs, tools)
        needed = _MARGIN * (time.monotonic() - started)
        for rung in self._rungs:
            if rung.shortens and not drop:
                continue
            failing = [climb for climb in climbs if climb.taken is None]
            if not failing:
                break
            if deadline is not None and time.monotonic() + needed > deadline:
                _record(failing, rung.name, judge.target_lang, Outcome.SKIPPED, "the deadline is near")
                break
            try:
                with step(rung.name, done=len(climbs) - len(failing), of=len(climbs)):
                    self._climb(failing, rung, judge, tools)
            except DeadlineExceeded:
                _record(
                    [climb for climb in failing if climb.taken is None], rung.name, judge.target_lang, Outcome.SKIPPED, "the deadline came"
                )
                break
        if drop:
            _drop(climbs, judge)
        return [_settled(climb) for climb in climbs]

    def _first(self, sentences: Sequence[str], judge: Judge, tools: Tools, policy: Policy) -> list[_Climb]:
        """The n-best list of every sentence; what passes at once is taken."""
        climbs = [_Climb(case=judge.open(sentence), index=index) for index, sentence in enumerate(sentences)]
        n_best = 1 if policy is Policy.REPORT else self._beam
        told = [index for index, sentence in enumerate(sentences) if not _passes_untouched(sentence, climbs[index].case)]
        answers = dict(zip(told, tools.translate([sentences[index] for index in told], n_best=n_best), strict=True))
        for climb in climbs:
            if climb.index not in answers:
                climb.taken = judge.judge(climb.case, Proposal(text=climb.case.source))
                continue
            for answer in answers[climb.index]:
                proposal = Proposal(text=answer.text, score=answer.score, finished=answer.finished)
                climb.case.candidates.append(judge.judge(climb.case, proposal))
                if climb.case.first.passes:
                    climb.taken = climb.case.first
                    break
        return climbs

    def _rerank(self, climbs: Sequence[_Climb], tools: Tools) -> None:
        for climb in climbs:
            others = climb.case.candidates[1:]
            if climb.taken is None and others:
                self._take(climb, others, RERANK, tools, f"none of {len(others) + 1} hypotheses passes")

    def _climb(self, failing: Sequence[_Climb], rung: Rung, judge: Judge, tools: Tools) -> None:
        proposals = rung.propose([climb.case for climb in failing], tools)
        for climb, proposed in zip(failing, proposals, strict=True):
            known = {candidate.text for candidate in climb.case.candidates}
            fresh = [judge.judge(climb.case, proposal) for proposal in proposed if proposal.text not in known]
            self._take(climb, fresh, rung.name, tools, f"none of {len(fresh)} proposals passes" if fresh else "nothing to propose")
            climb.case.candidates += fresh

    def _take(self, climb: _Climb, candidates: Sequence[Candidate], rung: str, tools: Tools, otherwise: str) -> None:
        """Take the best candidate that passes, if there is one, and record what came of the rung."""
        passing = [candidate for candidate in candidates if candidate.passes]
        best = self._nearest(climb.case, passing, tools, searched=rung == RERANK) if passing else None
        if best is None:
            detail = f"{len(passing)} with the right figures say too little of the sentence" if passing else otherwise
            _record([climb], rung, tools.target_lang, Outcome.FAILED, detail)
            return
        climb.taken = best
        how = best.proposal.how or f"took hypothesis {climb.case.candidates.index(best) + 1}"
        _record([climb], rung, tools.target_lang, Outcome.REPAIRED, f"{how}, for in the first: {'; '.join(climb.case.first.against)}")

    def _nearest(self, case: Case, passing: Sequence[Candidate], tools: Tools, *, searched: bool) -> Candidate | None:
        """The candidate nearest to the sentence in meaning; None where all have lost too much of it.

        Of equals that were `searched` for together the first, as the translator put them; of what was forced upon it the likeliest.
        """
        parts = [case.source if c.proposal.part is None else case.source[slice(*c.proposal.part)] for c in passing]
        vectors = self._encoder.encode([case.source, case.first.text, *parts, *(candidate.text for candidate in passing)])
        least = 0.0 if case.first.faults else float(vectors[0] @ vectors[1]) - _LOSS
        meant, said = vectors[2 : 2 + len(passing)], vectors[2 + len(passing) :]
        near = [float(source @ target) for source, target in zip(meant, said, strict=True)]
        best = max(near)
        if best < least:
            return None
        equals = [at for at, nearness in enumerate(near) if nearness >= max(least, best - _ALIKE)]
        if searched or len(equals) == 1:
            return passing[equals[0]]
        scores = tools.score([parts[at] for at in equals], [passing[at].text for at in equals])
        return passing[max(zip(scores, equals, strict=True))[1]]


def _passes_untouched(sentence: str, case: Case) -> bool:
    """Whether there is nothing to translate: no letter stands outside codes and figures written in digits."""
    covered = {at for figure in case.figures if not _has_words(figure.text) for at in range(figure.start, figure.end)}
    return bool(sentence.strip()) and not any(character.isalpha() and at not in covered for at, character in enumerate(sentence))


def _has_words(surface: str) -> bool:
    return any(part.isalpha() and not part.isupper() for part in surface.replace("-", " ").split())


def _record(climbs: Sequence[_Climb], rung: str, language: str, outcome: Outcome, detail: str) -> None:
    for climb in climbs:
        climb.repairs.append(Repair(rung=rung, language=language, sentence=climb.index, outcome=outcome, detail=detail))


def _drop(climbs: Sequence[_Climb], judge: Judge) -> None:
    """Leave out what could not be repaired, unless nothing would be left."""
    failing = [climb for climb in climbs if climb.taken is None]
    if not failing or len(failing) == len(climbs):
        return
    for climb in failing:
        detail = f"left out, for no rung repaired: {'; '.join(climb.case.first.against)}"
        _record([climb], DROP, judge.target_lang, Outcome.DROPPED, detail)
        climb.taken = Candidate(proposal=Proposal(text=""), check=judge.left_out(climb.case), faults=(), against=())


def _settled(climb: _Climb) -> TranslatedSentence:
    best = climb.taken or climb.case.first
    return TranslatedSentence(source=climb.case.source, text=best.text, check=best.check, faults=best.faults, repairs=tuple(climb.repairs))
