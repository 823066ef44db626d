"""The support that an article gives to the figures of its summary."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from svodka.figures.context import Surroundings, counted_agreement, counts_like
from svodka.figures.leftover import added
from svodka.figures.match import near_pairs
from svodka.figures.relation import same
from svodka.figures.senses import Sense, parts, senses
from svodka.figures.types import Date, Figure, Mode, Pair, Range, Relation
from svodka.figures.wording import describe

if TYPE_CHECKING:
    from svodka.figures.leftover import Side
    from svodka.figures.match import Indexed

__all__ = ["support"]


def support(source: Side, target: Side) -> list[Pair]:
    """Every figure of the summary with the figure of the article that it repeats."""
    article = Article(source, target)
    return [article.supports(figure) for figure in target.figures]


class Article:
    """The figures of an article, ready to be asked for."""

    def __init__(self, source: Side, target: Side) -> None:
        self.source, self.target = source, target
        self.index: dict[Sense, list[Figure]] = defaultdict(list)
        self.families: dict[tuple[object, object], list[Figure]] = defaultdict(list)
        for figure in source.figures:
            self.families[figure.kind, figure.unit].append(figure)
            for sense in senses(figure):
                self.index[sense].append(figure)
        self.before = Surroundings(source.text, same_language=source.lang == target.lang)
        self.after = Surroundings(target.text, same_language=source.lang == target.lang)

    def supports(self, figure: Figure) -> Pair:
        """The figure with what supports it; UNSUPPORTED where nothing does."""
        equals = list({id(found): found for sense in senses(figure) for found in self.index.get(sense, ())}.values())
        if equals:
            return self._in_context(figure, equals)
        everything: Indexed = list(enumerate(self.source.figures))
        for _, _, pair in near_pairs(everything, [(0, figure)], Mode.SUMMARY):
            return pair
        return self._part_of(figure) or added(figure, self.source, self.target)

    def _in_context(self, figure: Figure, equals: list[Figure]) -> Pair:
        """The best of the figures of one value, if it may mean the same thing."""
        own = senses(figure)[0]
        best = max(equals, key=lambda found: (counted_agreement(found, figure), senses(found)[0] == own))
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

    def _counted_elsewhere(self, figure: Figure) -> bool:
        """Whether the article counts the same thing, but never with this value: "30 civilians" for «12 мирных жителей»."""
        own = senses(figure)[0]
        return any(counts_like(other.counted, figure.counted) and senses(other)[0] != own for other in self.source.figures)

    def _words_of_others(self, figure: Figure, equals: list[Figure]) -> list[str]:
        """The words around the figure that the article has around its like only: "unemployment" where 8% is inflation."""
        family = self.families.get((figure.kind, figure.unit), [])
        if len({senses(other)[0] for other in family}) < 2:
            return []
        rivals = [other for other in self.target.figures if (other.kind, other.unit) == (figure.kind, figure.unit)]
        owners = self.before.owners(tuple(family))
        supporting = {id(found) for found in equals}
        foreign: list[str] = []
        for anchor, word in self.after.owned(figure, rivals):
            if anchor in owners:
                if any(id(owner) in supporting for owner in owners[anchor]):
                    return []
                foreign.append(word)
        return foreign

    def _part_of(self, figure: Figure) -> Pair | None:
        """ "In August" is supported by "on Aug. 9, 2014"; "up to 50" by "30–50"."""
        wanted = {senses(part)[0] for part in parts(figure)}
        for whole in self.source.figures:
            if isinstance(whole.value, Date | Range) and wanted <= {sense for part in parts(whole) for sense in senses(part)}:
                reason = f"“{figure.text}” is part of “{whole.text}”"
                return Pair(source=whole, target=figure, relation=Relation.REFORMATTED, reason=reason)
        return None


def _unsupported(figure: Figure, reason: str) -> Pair:
    return Pair(source=None, target=figure, relation=Relation.UNSUPPORTED, reason=reason)
