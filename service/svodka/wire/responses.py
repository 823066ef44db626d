"""Values as messages of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.types import CheckVerdict, value_text
from svodka.v1 import figures_pb2, summary_pb2, text_pb2, translation_pb2

if TYPE_CHECKING:
    from svodka.figures.types import Figure, Pair
    from svodka.types import Answer, LedgerEntry, Repair, Sentence, Summary, Translation

__all__ = ["check_verdict", "figure_message", "pair_message", "repair_message", "span", "summarize_response", "translate_response"]

_CHECK_VERDICTS = {
    CheckVerdict.OK: figures_pb2.CHECK_VERDICT_OK,
    CheckVerdict.MISMATCH: figures_pb2.CHECK_VERDICT_MISMATCH,
    CheckVerdict.UNCERTAIN: figures_pb2.CHECK_VERDICT_UNCERTAIN,
}


def summarize_response(answer: Answer, *, request_id: str, profile: str) -> summary_pb2.SummarizeResponse:
    """An answer as the contract has it, but for `elapsed`, which the servicer knows."""
    return summary_pb2.SummarizeResponse(
        request_id=request_id,
        source_language=answer.article.language,
        summaries=[_summary_message(summary) for summary in answer.summaries],
        ledger=[_entry_message(entry) for entry in answer.ledger],
        verdict=summary_pb2.Verdict.Value(answer.verdict.value),
        reasons=answer.reasons,
        repairs=[repair_message(repair) for repair in answer.repairs],
        profile=profile,
        source_sentences=[span(sentence) for sentence in answer.article.sentences],
    )


def translate_response(translation: Translation, *, profile: str) -> translation_pb2.TranslateResponse:
    """A translation as the contract has it."""
    source = translation.source
    return translation_pb2.TranslateResponse(
        text=translation.text,
        source_language=source.language,
        sentences=[
            translation_pb2.TranslatedSentence(source=span(original), target=span(target), verdict=check_verdict(sentence.check.verdict))
            for original, target, sentence in zip(source.sentences, translation.targets, translation.sentences, strict=True)
        ],
        pairs=[pair_message(pair) for pair in translation.pairs],
        verdict=summary_pb2.Verdict.Value(translation.verdict.value),
        reasons=translation.reasons,
        repairs=[repair_message(repair) for repair in translation.repairs],
        profile=profile,
    )


def check_verdict(verdict: CheckVerdict) -> figures_pb2.CheckVerdict.ValueType:
    """A comparison's verdict as the contract has it."""
    return _CHECK_VERDICTS[verdict]


def figure_message(figure: Figure) -> figures_pb2.Figure:
    """A figure as the contract has it."""
    return figures_pb2.Figure(
        kind=figure.kind.value,
        value=value_text(figure.value),
        unit=figure.unit or "",
        qualifier=figure.qualifier.value if figure.qualifier else "",
        span=text_pb2.Span(start=figure.start, end=figure.end, text=figure.text),
        counted=figure.counted or "",
        doubt=figure.doubt or "",
    )


def pair_message(pair: Pair) -> figures_pb2.FigurePair:
    """A figure and its counterpart as the contract has them."""
    return figures_pb2.FigurePair(
        source=figure_message(pair.source) if pair.source else None,
        target=figure_message(pair.target) if pair.target else None,
        relation=figures_pb2.Relation.Value(pair.relation.value),
        reason=pair.reason,
        minor=pair.minor,
    )


def span(sentence: Sentence) -> text_pb2.Span:
    """A sentence, and where it stands, as the contract has it."""
    return text_pb2.Span(start=sentence.start, end=sentence.end, text=sentence.text)


def _summary_message(summary: Summary) -> summary_pb2.Summary:
    return summary_pb2.Summary(
        language=summary.language,
        text=summary.text,
        sentences=[
            summary_pb2.SummarySentence(
                text=sentence.text,
                source_sentences=sentence.sources,
                span=text_pb2.Span(start=sentence.start, end=sentence.end, text=sentence.text),
            )
            for sentence in summary.sentences
        ],
    )


def _entry_message(entry: LedgerEntry) -> summary_pb2.LedgerEntry:
    return summary_pb2.LedgerEntry(
        kind=entry.kind,
        value=entry.value,
        unit=entry.unit,
        qualifier=entry.qualifier,
        key=entry.key,
        occurrences=[summary_pb2.Occurrence(where=o.where, start=o.start, end=o.end, text=o.text) for o in entry.occurrences],
        relations=[
            summary_pb2.HopRelation(hop=r.hop, relation=figures_pb2.Relation.Value(r.relation.value), reason=r.reason, minor=r.minor)
            for r in entry.relations
        ],
    )


def repair_message(repair: Repair) -> summary_pb2.Repair:
    """An attempt at repair as the contract has it."""
    return summary_pb2.Repair(
        rung=repair.rung, language=repair.language, sentence=repair.sentence, outcome=repair.outcome.value, detail=repair.detail
    )
