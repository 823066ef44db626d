import pytest

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.errors import InvalidRequest, NotVerified
from svodka.pipeline import Pipeline
from svodka.summarise import ExtractiveSummariser
from svodka.types import Answer, Length, Policy, SummaryOrder, TranslationOrder, Verdict

SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
RIGHT = "Фирма заплатила 8 млрд долларов за 82 корабля 8 октября."
WRONG_SCALE = "Фирма заплатила 8 млн долларов за 82 корабля 8 октября."
WRONG_DAY = "Фирма заплатила 8 млрд долларов за 82 корабля 18 октября."
LOST = "Фирма заплатила за корабли немалые деньги прошлой осенью."


def _pipeline(*hypotheses: str, beam: int = 4) -> Pipeline:
    return _with(FakeTranslator({SENTENCE: hypotheses} if hypotheses else None), beam)


def _with(translator: object, beam: int = 4) -> Pipeline:
    return Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(translator, beam))


def _summarise(*hypotheses: str, policy: Policy = Policy.REPAIR, targets: tuple[str, ...] = ("en", "ru")) -> Answer:
    order = SummaryOrder(text=SENTENCE, length=Length(max_sentences=1), policy=policy, targets=targets)
    return _pipeline(*hypotheses).summarise(order)


def test_both_summaries_and_the_verdict() -> None:
    answer = _summarise(RIGHT)
    assert [(summary.language, summary.text) for summary in answer.summaries] == [("en", SENTENCE), ("ru", RIGHT)]
    assert answer.verdict is Verdict.VERIFIED
    assert answer.reasons == ()
    assert answer.summaries[1].sentences[0].sources == (0,)


@pytest.mark.parametrize("wrong", [WRONG_SCALE, WRONG_DAY])
def test_a_wrong_figure_is_never_verified(wrong: str) -> None:
    answer = _summarise(wrong, policy=Policy.REPORT)
    assert answer.verdict is Verdict.UNVERIFIED
    assert any(reason.startswith("en-ru, sentence 1: ") for reason in answer.reasons)
    assert any(reason.startswith("article-ru: ") for reason in answer.reasons)


def test_the_ledger_puts_the_wrong_surface_in_the_row_of_the_figure_that_it_was() -> None:
    answer = _summarise(WRONG_SCALE, policy=Policy.REPORT)
    money = next(entry for entry in answer.ledger if entry.kind == "money")
    assert money.value == "8000000000"
    assert [(o.where, o.text) for o in money.occurrences] == [
        ("article", "$8 billion"),
        ("en", "$8 billion"),
        ("ru", "8 млн долларов"),
    ]
    assert {(relation.hop, relation.relation.value) for relation in money.relations} == {
        ("article-en", "PRESERVED"),
        ("en-ru", "CHANGED"),
        ("article-ru", "UNSUPPORTED"),
    }


def test_every_span_of_the_ledger_holds_the_surface_that_it_names() -> None:
    answer = _summarise(WRONG_DAY)
    texts = {"article": answer.article.text, **{summary.language: summary.text for summary in answer.summaries}}
    occurrences = [occurrence for entry in answer.ledger for occurrence in entry.occurrences]
    assert occurrences
    for occurrence in occurrences:
        assert texts[occurrence.where][occurrence.start : occurrence.end] == occurrence.text


def test_repair_takes_the_first_hypothesis_whose_figures_agree() -> None:
    answer = _summarise(WRONG_SCALE, WRONG_DAY, RIGHT)
    assert answer.summaries[1].text == RIGHT
    assert answer.verdict is Verdict.REPAIRED
    (repair,) = answer.repairs
    assert (repair.rung, repair.language, repair.sentence, repair.outcome) == ("rerank", "ru", 0, "repaired")
    assert "took hypothesis 3" in repair.detail


def test_a_wrong_figure_without_a_better_hypothesis_is_replaced() -> None:
    answer = _summarise(WRONG_SCALE)
    assert answer.summaries[1].text == RIGHT
    assert answer.verdict is Verdict.REPAIRED
    assert [(repair.rung, repair.outcome) for repair in answer.repairs][-1] == ("edit", "repaired")


def test_a_repair_that_fails_is_told_and_the_model_s_best_stays() -> None:
    answer = _summarise(LOST)
    assert answer.summaries[1].text == LOST
    assert answer.verdict is Verdict.UNVERIFIED
    assert [(repair.rung, repair.outcome) for repair in answer.repairs] == [
        (rung, "failed") for rung in ("constrain", "protect", "edit", "fallback")
    ]


def test_a_sentence_that_no_rung_repairs_is_left_out_where_another_stays() -> None:
    text = f"{SENTENCE} It bought them for the 5 old lines of the north."
    right = "Она купила их для 5 старых линий севера."
    translator = FakeTranslator({SENTENCE: [LOST], "It bought them for the 5 old lines of the north.": [right]})
    answer = _with(translator).summarise(SummaryOrder(text=text, length=Length(max_sentences=2)))
    assert answer.summaries[1].text == right
    assert answer.summaries[1].sentences[0].sources == (1,)
    assert answer.verdict is Verdict.REPAIRED
    assert (answer.repairs[-1].rung, answer.repairs[-1].sentence, answer.repairs[-1].outcome) == ("drop", 0, "dropped")
    money = next(entry for entry in answer.ledger if entry.kind == "money")
    assert ("en-ru", "MISSING", True) in {(relation.hop, relation.relation.value, relation.minor) for relation in money.relations}


def test_a_near_deadline_stops_the_ladder_and_is_told() -> None:
    order = SummaryOrder(text=SENTENCE, length=Length(max_sentences=1), deadline=0.0)
    answer = _pipeline(WRONG_SCALE).summarise(order)
    assert answer.verdict is Verdict.UNVERIFIED
    assert [(repair.rung, repair.outcome, repair.detail) for repair in answer.repairs] == [("constrain", "skipped", "the deadline is near")]


@pytest.mark.parametrize("bad", ["", "Фирма фирма фирма фирма 8 млрд долларов 82 корабля 8 октября.", SENTENCE])
def test_right_figures_do_not_save_a_bad_translation(bad: str) -> None:
    assert _summarise(bad, RIGHT).summaries[1].text == RIGHT
    assert _summarise(bad).verdict is Verdict.UNVERIFIED


def test_report_takes_the_first_hypothesis_and_tells() -> None:
    answer = _summarise(WRONG_SCALE, RIGHT, policy=Policy.REPORT)
    assert answer.summaries[1].text == WRONG_SCALE
    assert answer.verdict is Verdict.UNVERIFIED
    assert answer.repairs == ()


def test_strict_refuses_what_it_cannot_verify() -> None:
    with pytest.raises(NotVerified, match=r"the answer cannot be verified: .*82 is missing") as caught:
        _summarise(LOST, policy=Policy.STRICT)
    assert caught.value.reasons
    assert _summarise(RIGHT, policy=Policy.STRICT).verdict is Verdict.VERIFIED


def test_one_language_may_be_asked_alone() -> None:
    answer = _summarise(WRONG_SCALE, policy=Policy.REPORT, targets=("ru",))
    assert [summary.language for summary in answer.summaries] == ["ru"]
    assert answer.verdict is Verdict.UNVERIFIED
    assert {o.where for entry in answer.ledger for o in entry.occurrences} == {"article", "ru"}
    assert _summarise(targets=("en",)).verdict is Verdict.VERIFIED


def test_a_russian_article_goes_the_other_way() -> None:
    answer = _with(FakeTranslator({RIGHT: [SENTENCE]})).summarise(SummaryOrder(text=RIGHT, length=Length(max_sentences=1)))
    assert answer.article.language == "ru"
    assert [(summary.language, summary.text) for summary in answer.summaries] == [("en", SENTENCE), ("ru", RIGHT)]
    assert answer.verdict is Verdict.VERIFIED


def test_a_translation_keeps_paragraphs_and_knows_where_its_sentences_stand() -> None:
    text = f"{SENTENCE} It is done.\n\n{SENTENCE}"
    translation = _pipeline(RIGHT).translate(TranslationOrder(text=text, target="ru"))
    assert translation.text == f"{RIGHT} [ru] It is done.\n\n{RIGHT}"
    assert [translation.text[s.start : s.end] for s in translation.targets] == [RIGHT, "[ru] It is done.", RIGHT]
    for pair in translation.pairs:
        if pair.source:
            assert text[pair.source.start : pair.source.end] == pair.source.text
        if pair.target:
            assert translation.text[pair.target.start : pair.target.end] == pair.target.text


def test_a_text_is_not_translated_into_its_own_language() -> None:
    with pytest.raises(InvalidRequest, match="the text is in 'en' already"):
        _pipeline().translate(TranslationOrder(text=SENTENCE, target="en"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n ", "is empty"),
        ("A bell \x07 rang in the town.", r"U\+0007 at offset 7"),
        ("<p>The town has 5 bells.</p>", "has the markup <p> at offset 0; send plain text"),
        ("The town has 5&nbsp;million bells.", "has the markup &nbsp; at offset 14"),
        ("Город продал 5&#160;млн колоколов.", "has the markup &#160; at offset 14"),
    ],
)
def test_a_text_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        _pipeline().summarise(SummaryOrder(text=text, length=Length(max_sentences=1)))
