"""Fourth step: the figure check of every hop, the choice among a translator's hypotheses, and what the checks say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svodka import figures
from svodka.adequacy import faults
from svodka.figures.types import CheckVerdict, Comparison, Mode, Pair, Relation
from svodka.types import Article, Policy, Repair, TranslatedSentence, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.inference.protocols import Hypothesis

__all__ = ["check_summary", "choose", "complaint", "complaints", "is_wrong", "shift", "verdict"]

RERANK = "rerank"
_WRONG = frozenset({Relation.CHANGED, Relation.MISSING, Relation.UNSUPPORTED, Relation.UNCERTAIN})


def check_summary(article: Article, text: str, language: str) -> Comparison:
    """Check a summary, in either language, against the article itself."""
    return figures.compare(
        article.text, text, source_lang=article.language, target_lang=language, mode=Mode.SUMMARY, source_figures=article.figures
    )


def choose(
    source: str,
    hypotheses: Sequence[Hypothesis],
    *,
    source_lang: str,
    target_lang: str,
    policy: Policy,
    index: int,
    keep: tuple[str, ...] = (),
) -> TranslatedSentence:
    """The translation of one sentence: the model's best, or under REPAIR and STRICT the best whose figures agree.

    Args:
        source: the sentence.
        hypotheses: the translator's n-best list, best first, not empty.
        source_lang: its language.
        target_lang: that of the hypotheses.
        policy: REPORT takes the first hypothesis whatever the check says.
        index: the sentence's place in its text, for the record of repairs.
        keep: terms that must come through as they are.
    """
    candidates = hypotheses[:1] if policy is Policy.REPORT else hypotheses
    checked: list[TranslatedSentence] = []
    for hypothesis in candidates:
        check = figures.compare(source, hypothesis.text, source_lang=source_lang, target_lang=target_lang, mode=Mode.TRANSLATION)
        wrong = faults(source, hypothesis.text, target_lang=target_lang, finished=hypothesis.finished, keep=keep)
        candidate = TranslatedSentence(source=source, text=hypothesis.text, check=check, faults=wrong)
        if check.verdict is CheckVerdict.OK and not wrong:
            return candidate if not checked else replace(candidate, repair=_reranked(target_lang, index, len(checked), checked[0]))
        checked.append(candidate)
    if len(checked) == 1:
        return checked[0]
    failed = Repair(
        rung=RERANK, language=target_lang, sentence=index, outcome="failed", detail=f"none of {len(checked)} hypotheses passes the check"
    )
    return replace(checked[0], repair=failed)


def _reranked(language: str, index: int, rank: int, first: TranslatedSentence) -> Repair:
    why = "; ".join((*first.faults, *complaints(first.check)))
    return Repair(
        rung=RERANK, language=language, sentence=index, outcome="repaired", detail=f"took hypothesis {rank + 1}, for in the first: {why}"
    )


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
    return Verdict.REPAIRED if any(repair.outcome == "repaired" for repair in repairs) else Verdict.VERIFIED
