"""Whatever figures an article states and a translator makes of them, the ledger and the texts of an answer agree with each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder, FakeTranslator, ladder
from figures.strategies import FIGURES
from svodka.figures import Kind, render
from svodka.pipeline import Pipeline
from svodka.summarise import ExtractiveSummariser
from svodka.types import Length, Policy, SummaryOrder, Verdict

FRAMES = (
    ("The first figure of the report was {}, the ministry said.", "Первым в отчёте названо {}, сообщило министерство."),
    ("In the second part it stated {}, and nobody objected.", "Во второй части указано {}, и никто не возразил."),
    ("Its last pages told of {} once more.", "На последних страницах ещё раз сказано о {}."),
)
DRAWN = st.lists(st.one_of(*(FIGURES[kind] for kind in Kind)), min_size=len(FRAMES), max_size=len(FRAMES))


@given(stated=DRAWN, told=DRAWN, policy=st.sampled_from([Policy.REPORT, Policy.REPAIR]), backwards=st.booleans())
def test_every_span_holds_the_surface_that_it_names(stated: list, told: list, policy: Policy, backwards: bool) -> None:
    """`told` is what the translator makes of the figures that are `stated`: often something else."""
    source, target = ("ru", "en") if backwards else ("en", "ru")
    frames = [frame[::-1] if backwards else frame for frame in FRAMES]
    sentences = [frame.format(render(figure, source)) for (frame, _), figure in zip(frames, stated, strict=True)]
    translations = [frame.format(render(figure, target)) for (_, frame), figure in zip(frames, told, strict=True)]
    translator = FakeTranslator({sentence: [translation] for sentence, translation in zip(sentences, translations, strict=True)})
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(translator))
    answer = pipeline.summarise(
        SummaryOrder(text="\n\n".join(sentences), language=source, length=Length(max_sentences=len(FRAMES)), policy=policy)
    )
    texts = {"article": answer.article.text, **{summary.language: summary.text for summary in answer.summaries}}
    for entry in answer.ledger:
        assert entry.occurrences
        for occurrence in entry.occurrences:
            assert texts[occurrence.where][occurrence.start : occurrence.end] == occurrence.text
    for summary in answer.summaries:
        assert [summary.text[sentence.start : sentence.end] for sentence in summary.sentences] == [s.text for s in summary.sentences]
    assert (answer.verdict is Verdict.UNVERIFIED) == bool(answer.reasons)
    wrong = [r for entry in answer.ledger for r in entry.relations if r.relation in {"CHANGED", "MISSING", "UNSUPPORTED", "UNCERTAIN"}]
    assert answer.verdict is Verdict.UNVERIFIED or all(relation.minor for relation in wrong)
