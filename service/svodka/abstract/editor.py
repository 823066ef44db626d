"""Puts a summary right: a sentence that the article does not bear out gives way to another hypothesis's, or to the article's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svodka import guard
from svodka.abstract.lines import Line, chosen_of, within
from svodka.types import Outcome, Policy, Repair, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.abstract.drafts import Draft
    from svodka.abstract.pieces import Piece
    from svodka.abstract.reader import Reader
    from svodka.summarise import ExtractiveSummariser
    from svodka.types import Article, Length

__all__ = ["Editor"]

REPHRASE, QUOTE, LEAVE_OUT, EXTRACT = "rephrase", "quote", "leave_out", "extract"
_UNENDED = "the model did not end it"
_TWICE = "it is said already"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Note:
    """A repair that does not know yet which number its sentence will have."""

    place: tuple[int, int]
    rung: str
    outcome: Outcome
    detail: str


class Editor:
    """Works on the summary of one article; what it does is in `repairs`."""

    def __init__(self, article: Article, length: Length, policy: Policy, reader: Reader, extractive: ExtractiveSummariser) -> None:
        self._article = article
        self._length = length
        self._policy = policy
        self._reader = reader
        self._extractive = extractive
        self._others: dict[int, list[str]] = {}  # by piece: the sentences of the hypotheses that were not taken, likeliest first
        self._notes: list[_Note] = []

    def repairs(self, lines: Sequence[Line]) -> tuple[Repair, ...]:
        """All that was done on the way to these lines; each with the place in them where its sentence stands, or would stand."""
        return tuple(
            Repair(
                rung=note.rung,
                language=self._article.language,
                sentence=sum(1 for line in lines if line.place < note.place),
                outcome=note.outcome,
                detail=note.detail,
            )
            for note in self._notes
        )

    def draft(self, number: int, piece: Piece, drafts: Sequence[Draft]) -> list[Line]:
        """The lines of a piece: those of its best hypothesis that says anything, else the article's own."""
        reported = self._policy is Policy.REPORT
        for rank, draft in enumerate(drafts):
            sentences = draft.sentences if reported else draft.whole
            if not sentences:
                continue
            lines = [Line(place=(number, order), text=sentence) for order, sentence in enumerate(sentences)]
            if rank:
                self._note((number, 0), REPHRASE, Outcome.REPAIRED, f"took hypothesis {rank + 1}: no likelier one has a whole sentence")
            if draft.cut and reported:
                lines[-1] = replace(lines[-1], faults=(_UNENDED,))
            elif draft.cut:
                self._note((number, len(lines)), LEAVE_OUT, Outcome.DROPPED, f"left out, for {_UNENDED}: {draft.sentences[-1]}")
            self._others[number] = [sentence for other in drafts if other is not draft for sentence in other.whole]
            return lines
        return self.extract(number, piece, "the model wrote no whole sentence", Outcome.REPAIRED)

    def extract(self, number: int, piece: Piece, why: str, outcome: Outcome) -> list[Line]:
        """The article's own sentences for a piece."""
        self._note((number, 0), EXTRACT, outcome, f"took the article's own sentences, for {why}")
        return self._own((number, 0), chosen_of(piece, self._article, self._length, self._extractive))

    def within(self, lines: Sequence[Line]) -> list[Line]:
        """As many of the lines as the length has room for; the article's own sentences where that is none.

        Raises:
            InvalidRequest: none of those fits either.
        """
        kept = within(lines, self._article, self._length, self._extractive)
        if kept:
            return kept
        chosen = self._extractive.choose(self._article, self._length)
        self._note((0, 0), EXTRACT, Outcome.REPAIRED, "took the article's own sentences, for none of the model's fits the length")
        return self._own((0, 0), chosen)

    def read(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with all that speaks against them."""
        seen: set[str] = set()
        read = []
        for line in self._reader.read(lines):
            known = line.text.casefold()
            read.append(replace(line, faults=(*line.faults, _TWICE)) if known in seen else line)
            seen.add(known)
        return read

    def correct(self, lines: Sequence[Line]) -> list[Line]:
        """Lines that were read, those in the place of which nothing speaks against; what cannot be replaced is left out."""
        kept = {line.place: line for line in lines if not line.against}
        for line in lines:
            if line.against:
                twice = _TWICE in line.faults
                better = None if twice else self._rephrased(line, kept.values()) or self._quoted(line, kept.values())
                if better is None:
                    why = _TWICE if twice else f"what it renders is said already, and in it {_told(line)}"
                    self._note(line.place, LEAVE_OUT, Outcome.DROPPED, f"left out, for {why}")
                else:
                    kept[line.place] = better
        return sorted(kept.values(), key=lambda line: line.place)

    def correct_whole(self, lines: Sequence[Line]) -> list[Line]:
        """The same for what speaks against lines only where they stand together."""
        text = Summary.of(self._article.language, [(line.text, line.sources) for line in lines])
        check = guard.check_summary(self._article, text.text, self._article.language)
        wrong = [pair for pair in check.pairs if guard.is_wrong(pair) and pair.target]
        found = []
        for line, sentence in zip(lines, text.sentences, strict=True):
            against = tuple(guard.complaint(pair) for pair in wrong if pair.target and sentence.start <= pair.target.start < sentence.end)
            found.append(line if line.quoted else replace(line, wrong=against))
        return self.within(self.correct(found)) if any(line.against for line in found) else list(lines)

    def _rephrased(self, line: Line, kept: Iterable[Line]) -> Line | None:
        """A right sentence of another hypothesis that says what the line says, and nothing that is said already."""
        said = [other.text for other in kept]
        others = dict.fromkeys(self._others.get(line.place[0], ()))
        read = self._reader.read([Line(place=line.place, text=text) for text in others if text not in said and text != line.text])
        same = [other for other in read if not other.against and other.sources[0] == line.sources[0]]
        best = self._reader.nearest(line.text, same, said)
        if best is None:
            why = f"none of {len(others)} sentences of other hypotheses says it right" if others else "there is no other hypothesis"
            self._note(line.place, REPHRASE, Outcome.FAILED, why)
            return None
        self._note(line.place, REPHRASE, Outcome.REPAIRED, f"took another hypothesis's sentence, for in the first: {_told(line)}")
        return best

    def _quoted(self, line: Line, kept: Iterable[Line]) -> Line | None:
        """The article's sentence that the line renders, unless that is rendered already."""
        index = line.sources[0]
        if any(index == other.sources[0] for other in kept):
            return None
        self._note(line.place, QUOTE, Outcome.REPAIRED, f"took the article's sentence {index + 1}, for in the model's: {_told(line)}")
        (quoted,) = self._own(line.place, [index])
        return quoted

    def _own(self, place: tuple[int, int], indices: Iterable[int]) -> list[Line]:
        number, first = place
        texts = ((index, " ".join(self._article.sentences[index].text.split())) for index in indices)
        return [Line(place=(number, first + order), text=text, sources=(index,), quoted=True) for order, (index, text) in enumerate(texts)]

    def _note(self, place: tuple[int, int], rung: str, outcome: Outcome, detail: str) -> None:
        self._notes.append(_Note(place=place, rung=rung, outcome=outcome, detail=detail))


def _told(line: Line) -> str:
    return "; ".join(line.against)
