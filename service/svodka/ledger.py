"""Fifth step: the ledger, one row for each figure, wherever it stands in the article and in the summaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svodka.figures.types import value_text
from svodka.types import Article, HopRelation, LedgerEntry, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.figures.types import Figure, Pair

__all__ = ["ARTICLE", "Hop", "build"]

ARTICLE = "article"
# So many of an article's figures count as key figures.
_KEY_FIGURES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """One comparison: the texts that it compared ("article", "en", "ru") and its pairs, with offsets into those texts."""

    source: str
    target: str
    pairs: Sequence[Pair]

    @property
    def name(self) -> str:
        """As the contract names it: "article-en"."""
        return f"{self.source}-{self.target}"


@dataclass(kw_only=True, slots=True)
class _Row:
    figure: Figure
    key: bool = False
    occurrences: list[Occurrence] = field(default_factory=list)
    relations: list[HopRelation] = field(default_factory=list)


class _Ledger:
    """Rows under construction. A place (text, start, end) belongs to one row; figures of one value share a row."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self._by_value: dict[tuple[str, str, str | None], _Row] = {}
        self._by_place: dict[tuple[str, int, int], _Row] = {}

    def row_of(self, figure: Figure) -> _Row:
        key = (figure.kind, value_text(figure.value), figure.unit)
        if key not in self._by_value:
            self._by_value[key] = _Row(figure=figure)
            self.rows.append(self._by_value[key])
        return self._by_value[key]

    def placed(self, where: str, figure: Figure | None) -> _Row | None:
        return None if figure is None else self._by_place.get((where, figure.start, figure.end))

    def place(self, where: str, figure: Figure, row: _Row) -> None:
        place = (where, figure.start, figure.end)
        if place not in self._by_place:
            self._by_place[place] = row
            row.occurrences.append(Occurrence(where=where, start=figure.start, end=figure.end, text=figure.text))

    def add(self, hop: Hop, pair: Pair) -> None:
        first = pair.source or pair.target
        if first is None:
            return
        row = self.placed(hop.target, pair.target) or self.placed(hop.source, pair.source) or self.row_of(first)
        for where, figure in ((hop.source, pair.source), (hop.target, pair.target)):
            if figure is not None:
                self.place(where, figure, row)
        relation = HopRelation(hop=hop.name, relation=pair.relation, reason=pair.reason, minor=pair.minor)
        if relation not in row.relations:
            row.relations.append(relation)


def build(article: Article, hops: Iterable[Hop]) -> tuple[LedgerEntry, ...]:
    """Every figure of the article in its order, then those that stand in a summary alone.

    A figure that a summary changed stands in the row of the figure that it was: its occurrence shows the wrong surface form, its relation
    says what happened.
    """
    ledger = _Ledger()
    for figure in article.figures:
        ledger.place(ARTICLE, figure, ledger.row_of(figure))
    for figure in article.ranked[:_KEY_FIGURES]:
        ledger.row_of(figure).key = True
    for hop in hops:
        for pair in hop.pairs:
            ledger.add(hop, pair)
    return tuple(_entry(row) for row in ledger.rows)


def _entry(row: _Row) -> LedgerEntry:
    figure = row.figure
    return LedgerEntry(
        kind=figure.kind.value,
        value=value_text(figure.value),
        unit=figure.unit or "",
        qualifier=figure.qualifier.value if figure.qualifier else "",
        key=row.key,
        occurrences=tuple(row.occurrences),
        relations=tuple(row.relations),
    )
