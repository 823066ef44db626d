"""The support that an article gives to the figures of its summary."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from svodka.figures.context import counted_agreement, counts_like
from svodka.figures.leftover import added
from svodka.figures.near import Near
from svodka.figures.relation import same
from svodka.figures.senses import Sense, own_sense, parts, senses
from svodka.figures.surroundings import Surroundings
from svodka.figures.types import Date, Figure, Kind, Mode, Pair, Range, Relation
from svodka.figures.wording import describe

if TYPE_CHECKING:
    from svodka.figures.side import Side

__all__ = ["Evidence", "support"]


_MOST_EQUALS = 32


class Evidence:
    """What an article states, ready to be asked for by one summary after another."""

    def __init__(self, article: Side) -> None:
        self.article = article
        self._surroundings: dict[bool, Surroundings] = {}

    @cached_property
    def by_sense(self) -> dict[Sense, list[Figure]]:
        """The figures by what they may state."""
        index: dict[Sense, list[Figure]] = defaultdict(list)
        for figure in self.article.figures:
            for sense in senses(figure):
                index[sense].append(figure)
        return index

    @cached_property
    def near(self) -> Near:
        """The figures, to find those that another is a rounding or a conversion of."""
        return Near(list(enumerate(self.article.figures)), Mode.SUMMARY)

    @cached_property
    def counted(self) -> frozenset[str | None]:
        """What the figures count."""
        return frozenset(figure.counted for figure in self.article.figures)

    @cached_property
    def wholes(self) -> dict[Sense, list[Figure]]:
        """The dates and ranges by what they consist of."""
        wholes: dict[Sense, list[Figure]] = defaultdict(list)
        for whole in self.article.figures:
            if isinstance(whole.value, Date | Range):
                for sense in {sense for part in parts(whole) for sense in senses(part)}:
                    if len(wholes[sense]) < _MOST_EQUALS:
                        wholes[sense].append(whole)
        return wholes

    def surroundings(self, lang: str) -> Surroundings:
        """The words around the figures, as a text of that language can have them too."""
        alike = lang == self.article.lang
        if alike not in self._surroundings:
            self._surroundings[alike] = Surroundings(self.article, same_language=alike)
        return self._surroundings[alike]


def support(evidence: Evidence, summary: Side) -> list[Pair]:
    """Every figure of the summary with the figure of the article that it repeats."""
    asking = _Asking(evidence, summary)
    return [asking.supports(figure) for figure in summary.figures]


class _Asking:
    """A summary before the evidence."""

    def __init__(self, evidence: Evidence, summary: Side) -> None:
        self._evidence = evidence
        self._article, self._summary = evidence.article, summary
        self._before = evidence.surroundings(summary.lang)
        self._after = Surroundings(summary, same_language=summary.lang == self._article.lang)

    def supports(self, figure: Figure) -> Pair:
        """The figure with what supports it; UNSUPPORTED where nothing does."""
        if equals := self._equals(figure):
            return self._in_context(figure, equals)
        near = min(self._evidence.near.around(figure), key=lambda found: (found[1], found[0]), default=None)
        if near is not None:
            return near[2]
        return self._part_of(figure) or added(figure, self._article, self._summary)

    def _equals(self, figure: Figure) -> list[Figure]:
        """The figures of the article that state the same quantity; of very many, those at the same place of the text."""
        equals: dict[int, Figure] = {}
        for sense in senses(figure):
            found = self._evidence.by_sense.get(sense, ())
            middle = int(len(found) * figure.start / (len(self._summary.text) + 1))
            equals |= {each.start: each for each in found[max(0, middle - _MOST_EQUALS) : middle + _MOST_EQUALS]}
        return list(equals.values())

    def _in_context(self, figure: Figure, equals: list[Figure]) -> Pair:
        """The best of the figures of one value, if it may mean the same thing."""
        own = own_sense(figure)
        best = max(equals, key=lambda found: (counted_agreement(found, figure), own_sense(found) == own, *self._likeness(found, figure)))
        agreement = counted_agreement(best, figure)
        if agreement == -1 or (agreement < 0 and self._counted_elsewhere(figure)):
            return _unsupported(figure, f"{describe(figure)} stands in the article for “{best.counted}”, not for “{figure.counted}”")
        if agreement <= 0 and (words := self._words_of_others(figure, equals)):
            reason = f"{describe(figure)} stands in the article, but not for “{'”, “'.join(words)}”"
            return (
                _unsupported(figure, reason)
                if len(words) > 1
                else Pair(source=best, target=figure, relation=Relation.UNCERTAIN, reason=reason)
            )
        return same(best, figure)

    def _likeness(self, found: Figure, figure: Figure) -> tuple[bool, bool, float]:
        """Of equals, the one with the same qualifier and surface, then the one at the same place of its text."""
        distance = found.start / (len(self._article.text) + 1) - figure.start / (len(self._summary.text) + 1)
        return found.qualifier == figure.qualifier, found.text == figure.text, -abs(distance)

    def _counted_elsewhere(self, figure: Figure) -> bool:
        """Whether the article counts the same thing, but never with this value: "30 civilians" for «12 мирных жителей»."""
        return any(counts_like(counted, figure.counted) for counted in self._evidence.counted)

    def _words_of_others(self, figure: Figure, equals: list[Figure]) -> list[str]:
        """The words around the figure that the article has around its like only: "unemployment" where 8% is inflation."""
        around = self._after.owned(figure)
        if any(found.kind is Kind.IDENTIFIER for found in equals):  # "Army-2023" is its own context, for «Армия-2023» too
            return []
        if not around or any(around.keys() & self._before.owned(found).keys() for found in equals):
            return []
        owners = self._before.owners((figure.kind, figure.unit))
        own = {own_sense(found) for found in equals}
        words = {word: owners[anchor] for anchor, word in around.items() if anchor in owners}
        return [] if any(own & values for values in words.values()) else list(words)

    def _part_of(self, figure: Figure) -> Pair | None:
        """ "In August" is supported by "on Aug. 9, 2014"; "up to 50" by "30–50"."""
        wanted = [own_sense(part) for part in parts(figure)]
        for whole in self._evidence.wholes.get(wanted[0], ()):
            if {sense for part in parts(whole) for sense in senses(part)}.issuperset(wanted):
                reason = f"“{figure.text}” is part of “{whole.text}”"
                return Pair(source=whole, target=figure, relation=Relation.REFORMATTED, reason=reason)
        return None


def _unsupported(figure: Figure, reason: str) -> Pair:
    return Pair(source=None, target=figure, relation=Relation.UNSUPPORTED, reason=reason)
