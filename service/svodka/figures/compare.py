"""Two texts side by side: which figure of one is which figure of the other, and what became of it on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.bearings import misgrown, misled
from svodka.figures.exchange import exchanged
from svodka.figures.extract import extract
from svodka.figures.leftover import added, excuse, missing
from svodka.figures.match import Indexed, equal_pairs, kin_pairs
from svodka.figures.near import near_pairs
from svodka.figures.parts import part_groups, part_pairs
from svodka.figures.rates import misrated
from svodka.figures.relation import changed, same
from svodka.figures.roles import miscast
from svodka.figures.side import Side
from svodka.figures.summary import Evidence, support
from svodka.figures.types import CheckVerdict, Comparison, Figure, Mode, Pair, Relation
from svodka.figures.understood import understood_pairs
from svodka.figures.unnumbered import mistold

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_summary", "compare", "evidence"]

_WRONG = {Relation.CHANGED, Relation.MISSING, Relation.UNSUPPORTED}


def compare(
    source: str,
    target: str,
    *,
    source_lang: str,
    target_lang: str,
    mode: Mode = Mode.TRANSLATION,
    source_figures: Sequence[Figure] | None = None,
    target_figures: Sequence[Figure] | None = None,
) -> Comparison:
    """What became of every figure of `source` in `target`.

    In translation mode nothing may be missing, added or changed. In summary mode every figure of `target` must stand in `source`, for the
    same thing. The figures of either text may be given where they are known already.
    """
    left = _side(source, source_lang, source_figures)
    right = _side(target, target_lang, target_figures)
    return _judged(_supported(Evidence(left), right) if mode is Mode.SUMMARY else _translated(left, right))


def evidence(article: str, lang: str, figures: Sequence[Figure] | None = None) -> Evidence:
    """What an article states, for `check_summary`; its figures may be given where they are known already."""
    return Evidence(_side(article, lang, figures))


def check_summary(article: Evidence, summary: str, *, lang: str) -> Comparison:
    """`compare` in summary mode, for an article that many summaries are held against."""
    return _judged(_supported(article, _side(summary, lang, None)))


def _judged(pairs: list[Pair]) -> Comparison:
    return Comparison(verdict=_verdict(pairs), pairs=tuple(_ordered(pairs)))


def _supported(article: Evidence, summary: Side) -> list[Pair]:
    return misgrown(support(article, summary), article.article, summary)


def _side(text: str, lang: str, figures: Sequence[Figure] | None) -> Side:
    lang = lang.partition("-")[0].lower()
    return Side(text=text, lang=lang, figures=extract(text, lang) if figures is None else figures)


def _translated(source: Side, target: Side) -> list[Pair]:
    """Every figure of both texts once: first what is equal, then what agrees otherwise, then what changed, then what stands alone."""
    left: Indexed = list(enumerate(source.figures))
    right: Indexed = list(enumerate(target.figures))
    equal = equal_pairs(left, right)
    pairs = exchanged([same(source.figures[row], target.figures[column]) for row, column in equal], source, target)
    left, right = _without(left, [row for row, _ in equal]), _without(right, [column for _, column in equal])
    for group in part_groups(left, right):
        pairs += part_pairs(group, source, target)
        left, right = _without(left, group[0]), _without(right, group[1])
    for step in (near_pairs, understood_pairs, _changed_pairs):
        found = step(left, right, source, target)
        pairs += [pair for _, _, pair in found]
        left, right = _without(left, [row for row, _, _ in found]), _without(right, [column for _, column, _ in found])
    pairs += [added(figure, source, target) for _, figure in right]
    pairs += [missing(figure, source, target) for _, figure in left]
    for judge in (misled, misrated, miscast):
        pairs = judge(pairs, source, target)
    return pairs + mistold(source, target)


def _changed_pairs(left: Indexed, right: Indexed, source: Side, target: Side) -> list[tuple[int, int, Pair]]:
    """Leftovers that became each other."""
    kin = [(row, column, source.figures[row], target.figures[column]) for row, column in kin_pairs(left, right)]
    return [(row, column, changed(before, after)) for row, column, before, after in kin if not _strangers(before, after, source, target)]


def _strangers(before: Figure, after: Figure, source: Side, target: Side) -> bool:
    """Whether both texts may do without these figures, so that they need not have met: "one day" and «впервые»."""
    if before.kind is after.kind and (before.unit != after.unit or 1 not in {before.value, after.value}):
        return False
    return bool(excuse(before, source, target)) and bool(excuse(after, target, source))


def _without(figures: Indexed, places: Sequence[int]) -> Indexed:
    gone = set(places)
    return [(place, figure) for place, figure in figures if place not in gone] if gone else figures


def _ordered(pairs: list[Pair]) -> list[Pair]:
    """In the order of the target, then what is missing in the order of the source."""
    return sorted(pairs, key=lambda pair: (0, pair.target.start) if pair.target else (1, pair.source.start if pair.source else 0))


def _verdict(pairs: list[Pair]) -> CheckVerdict:
    grave = [pair.relation for pair in pairs if not pair.minor]
    if any(relation in _WRONG for relation in grave):
        return CheckVerdict.MISMATCH
    return CheckVerdict.UNCERTAIN if Relation.UNCERTAIN in grave else CheckVerdict.OK
