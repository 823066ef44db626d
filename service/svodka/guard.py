"""Fourth step: the figure check of every hop, and what the checks say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svodka import figures
from svodka.figures.types import Comparison, Pair, Relation
from svodka.types import Article, Outcome, Repair, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["check_summary", "complaint", "complaints", "is_wrong", "shift", "verdict"]

_CHANGES = frozenset({Outcome.REPAIRED, Outcome.DROPPED})
_WRONG = frozenset({Relation.CHANGED, Relation.MISSING, Relation.UNSUPPORTED, Relation.UNCERTAIN})


def check_summary(article: Article, text: str, language: str) -> Comparison:
    """Check a summary, in either language, against the article itself."""
    return figures.check_summary(article.evidence, text, lang=language)


def is_wrong(pair: Pair) -> bool:
    """Whether a pair spoils the verdict."""
    return pair.relation in _WRONG and not pair.minor


def complaints(check: Comparison) -> tuple[str, ...]:
    """What spoils a comparison's verdict, each as a short sentence."""
    return tuple(complaint(pair) for pair in check.pairs if is_wrong(pair))


def complaint(pair: Pair) -> str:
    """What a pair says against an answer."""
    surface = " → ".join(figure.text for figure in (pair.source, pair.target) if figure)
    return pair.reason or f"{surface}: {pair.relation.lower()}"


def shift(pair: Pair, source_by: int, target_by: int) -> Pair:
    """A pair of two sentences with its offsets moved to where the sentences stand in their texts."""
    source, target = pair.source, pair.target
    return replace(
        pair,
        source=source and replace(source, start=source.start + source_by, end=source.end + source_by),
        target=target and replace(target, start=target.start + target_by, end=target.end + target_by),
    )


def verdict(reasons: Sequence[str], repairs: Iterable[Repair]) -> Verdict:
    """What the checks say together: `reasons` are all that speak against the answer."""
    if reasons:
        return Verdict.UNVERIFIED
    return Verdict.REPAIRED if any(repair.outcome in _CHANGES for repair in repairs) else Verdict.VERIFIED
