"""Comparisons of translations as messages of the contract, and those messages as what a reader is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.duration_pb2 import Duration

from svodka import guard
from svodka.compare.report.sheet import Column, Estimate, Mark, Row, Sheet, SheetCell
from svodka.v1 import figures_pb2, summary_pb2, text_pb2, translation_pb2
from svodka.wire.responses import check_verdict, pair_message, repair_message, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.compare import Cell, Compared, Comparison, Score, Totals
    from svodka.compare.types import Bead
    from svodka.figures.types import Pair
    from svodka.types import Sentence

__all__ = ["compare_response", "sheet"]

_VERDICTS = {
    figures_pb2.CHECK_VERDICT_OK: "ok",
    figures_pb2.CHECK_VERDICT_MISMATCH: "mismatch",
    figures_pb2.CHECK_VERDICT_UNCERTAIN: "uncertain",
}


def compare_response(comparison: Comparison, *, profile: str) -> translation_pb2.CompareTranslationsResponse:
    """A comparison as the contract has it; `profile` made what was not given."""
    return translation_pb2.CompareTranslationsResponse(
        sentences=[span(sentence) for sentence in comparison.sentences],
        translations=[_translation(compared, comparison, profile) for compared in comparison.translations],
        passages=[
            translation_pb2.Passage(sentences=passage.sentences, text=passage.text, reference=passage.reference or "")
            for passage in comparison.passages
        ],
        source_language=comparison.source_language,
        target_language=comparison.target_language,
        reference_notes=comparison.reference_notes,
        summary_repairs=[repair_message(repair) for repair in comparison.summary_repairs],
        summary_reasons=comparison.summary_reasons,
    )


def _translation(compared: Compared, comparison: Comparison, profile: str) -> translation_pb2.ComparedTranslation:
    rendition = compared.rendition
    elapsed = Duration()
    elapsed.FromNanoseconds(int(rendition.seconds * 1e9))
    return translation_pb2.ComparedTranslation(
        name=rendition.name,
        translation=translation_pb2.TranslateResponse(
            text=rendition.text,
            source_language=comparison.source_language,
            sentences=[_sentence(bead, comparison.sentences) for bead in rendition.beads],
            pairs=[pair_message(pair) for bead in rendition.beads for pair in _placed(bead, comparison.sentences)],
            verdict=summary_pb2.Verdict.Value(compared.verdict.value),
            reasons=compared.reasons,
            repairs=[repair_message(repair) for repair in rendition.repairs],
            profile=profile,
        ),
        elapsed=elapsed,
        passages=[_cell(cell) for cell in compared.cells],
        totals=_totals(compared.totals),
        notes=rendition.notes,
    )


def _sentence(bead: Bead, sentences: Sequence[Sentence]) -> translation_pb2.TranslatedSentence:
    return translation_pb2.TranslatedSentence(
        source=_stretch([sentences[at] for at in bead.sources], bead.source),
        target=_stretch(bead.targets, bead.text),
        verdict=check_verdict(bead.verdict),
    )


def _stretch(sentences: Sequence[Sentence], text: str) -> text_pb2.Span | None:
    """From the first sentence to the last; of a single one the text as it stands."""
    if not sentences:
        return None
    return span(sentences[0]) if len(sentences) == 1 else text_pb2.Span(start=sentences[0].start, end=sentences[-1].end, text=text)


def _placed(bead: Bead, sentences: Sequence[Sentence]) -> Iterable[Pair]:
    """The bead's pairs with offsets into the whole texts."""
    sources = [sentences[at] for at in bead.sources]
    for pair in bead.pairs:
        source = _shift(sources, pair.source.start) if pair.source else 0
        yield guard.shift(pair, source, _shift(bead.targets, pair.target.start) if pair.target else 0)


def _shift(sentences: Sequence[Sentence], offset: int) -> int:
    """How far a place in sentences that are joined by single spaces is from where it stands in their text."""
    at = 0
    for sentence in sentences[:-1]:
        end = at + len(sentence.text)
        if offset <= end:
            return sentence.start - at
        at = end + 1
    return sentences[-1].start - at


def _cell(cell: Cell) -> translation_pb2.ComparedPassage:
    return translation_pb2.ComparedPassage(
        text=cell.text,
        targets=[span(target) for target in cell.targets],
        verdict=check_verdict(cell.verdict),
        pairs=[pair_message(pair) for pair in cell.pairs],
        faults=cell.faults,
        similarity=cell.similarity,
        chrf=cell.chrf,
    )


def _totals(totals: Totals) -> translation_pb2.ComparisonTotals:
    return translation_pb2.ComparisonTotals(
        passages=totals.passages,
        wrong=totals.wrong,
        uncertain=totals.uncertain,
        faulty=totals.faulty,
        relations=[
            translation_pb2.RelationCount(relation=number, count=totals.relations[relation])
            for number, relation in sorted((figures_pb2.Relation.Value(relation.value), relation) for relation in totals.relations)
        ],
        wrong_share=_score(totals.wrong_share),
        similarity=_score(totals.similarity),
        chrf=_score(totals.chrf),
        bleu=_score(totals.bleu),
    )


def _score(score: Score | None) -> translation_pb2.Score | None:
    return translation_pb2.Score(value=score.value, low=score.low, high=score.high) if score else None


def sheet(response: translation_pb2.CompareTranslationsResponse) -> Sheet:
    """What a reader is shown of a response."""
    has_reference = any(passage.reference for passage in response.passages)
    rows = tuple(
        Row(
            number=number,
            text=passage.text,
            reference=passage.reference if has_reference else None,
            cells=tuple(_shown_cell(translation.passages[number - 1]) for translation in response.translations),
        )
        for number, passage in enumerate(response.passages, start=1)
    )
    return Sheet(
        source_language=response.source_language,
        target_language=response.target_language,
        columns=tuple(_column(translation) for translation in response.translations),
        rows=rows,
        reference_notes=tuple(response.reference_notes),
        summary_notes=(*response.summary_reasons, *(repair.detail for repair in response.summary_repairs)),
    )


def _shown_cell(passage: translation_pb2.ComparedPassage) -> SheetCell:
    return SheetCell(
        text=passage.text,
        verdict=_VERDICTS[passage.verdict],
        marks=tuple(_mark(pair) for pair in passage.pairs),
        faults=tuple(passage.faults),
        similarity=passage.similarity if passage.HasField("similarity") else None,
        chrf=passage.chrf if passage.HasField("chrf") else None,
    )


def _mark(pair: figures_pb2.FigurePair) -> Mark:
    source, target = pair.source.span, pair.target.span
    return Mark(
        source=(source.start, source.end) if pair.HasField("source") else None,
        target=(target.start, target.end) if pair.HasField("target") else None,
        source_text=source.text,
        target_text=target.text,
        relation=figures_pb2.Relation.Name(pair.relation),
        reason=pair.reason,
        minor=pair.minor,
    )


def _column(translation: translation_pb2.ComparedTranslation) -> Column:
    totals = translation.totals
    seconds = translation.elapsed.ToNanoseconds() / 1e9
    return Column(
        name=translation.name,
        wrong=totals.wrong,
        uncertain=totals.uncertain,
        faulty=totals.faulty,
        relations={figures_pb2.Relation.Name(entry.relation): entry.count for entry in totals.relations},
        wrong_share=_known(totals.wrong_share),
        similarity=_known(totals.similarity) if totals.HasField("similarity") else None,
        chrf=_known(totals.chrf) if totals.HasField("chrf") else None,
        bleu=_known(totals.bleu) if totals.HasField("bleu") else None,
        seconds=seconds or None,
        notes=tuple(translation.notes),
        repaired=len({repair.sentence for repair in translation.translation.repairs if repair.outcome == "repaired"}),
    )


def _known(score: translation_pb2.Score) -> Estimate:
    low = score.low if score.HasField("low") else None
    return Estimate(value=score.value, low=low, high=score.high if low is not None else None)
