"""The ladder as a whole, with translators that are told what to answer."""

from __future__ import annotations

import pytest

from fakes import FakeTranslator, ladder
from svodka.repair.candidate import Judge
from svodka.repair.ladder import RUNGS
from svodka.types import Outcome, Policy, Term

SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
RIGHT = "Фирма заплатила 8 млрд долларов за 82 корабля 8 октября."
WRONG = "Фирма заплатила 8 млн долларов за 82 корабля 8 октября."
PLAIN = "The yard builds ships for the whole country and for the neighbours."
PLAIN_RIGHT = "Верфь строит корабли для всей страны и для соседей."


def _judge(*terms: Term) -> Judge:
    return Judge(source_lang="en", target_lang="ru", terms=terms)


def _one(translator: FakeTranslator, sentence: str = SENTENCE, **options: object) -> object:
    (translated,) = ladder(translator).translate([sentence], _judge(), **options)
    return translated


def test_a_sentence_that_passes_pays_one_decode() -> None:
    translator = FakeTranslator({SENTENCE: [RIGHT, WRONG]})
    assert _one(translator).text == RIGHT
    assert translator.calls == 1


def test_a_sentence_that_only_needs_another_hypothesis_pays_one_decode() -> None:
    translator = FakeTranslator({SENTENCE: [WRONG, RIGHT]})
    translated = _one(translator)
    assert translated.text == RIGHT
    assert translator.calls == 1
    assert [(repair.rung, repair.outcome) for repair in translated.repairs] == [("rerank", Outcome.REPAIRED)]


def test_a_rung_asks_for_all_its_sentences_at_once_and_for_no_others() -> None:
    sentences = [SENTENCE, PLAIN, SENTENCE.replace("82", "92")]
    answers = {SENTENCE: [WRONG], PLAIN: [PLAIN_RIGHT], sentences[2]: [WRONG]}
    translator = FakeTranslator(answers)
    done = ladder(translator).translate(sentences, _judge())
    assert done[1].text == PLAIN_RIGHT
    assert done[1].repairs == ()
    assert PLAIN not in [asked for asked, _, _ in translator.asked[3:]]
    assert translator.calls <= 1 + len(RUNGS)


def test_right_figures_do_not_win_with_half_of_the_sentence_lost() -> None:
    source = "The firm paid $8 billion for 82 ships on 8 October, and the unions of the yard welcomed the order of the navy."
    short = "Фирма: 8 млрд долларов, 82 корабля, 8 октября."
    translated = _one(FakeTranslator({source: [WRONG, short]}), source)
    assert translated.text != short


def test_of_candidates_that_pass_the_nearest_in_meaning_wins() -> None:
    far = "Фирма заплатила 8 млрд долларов, 82 корабля были 8 октября."
    translator = FakeTranslator({SENTENCE: [WRONG, far, RIGHT]})
    (translated,) = ladder(translator, angles={far: 0.5}).translate([SENTENCE], _judge())
    assert translated.text == RIGHT


def test_a_candidate_that_lost_the_meaning_never_wins() -> None:
    far = "Фирма заплатила 8 млрд долларов, 82 корабля были 8 октября."
    (translated,) = ladder(FakeTranslator({SENTENCE: [WRONG, far]}), angles={far: 0.5}).translate([SENTENCE], _judge())
    assert translated.text != far
    assert translated.repairs[0].detail == "1 with the right figures say too little of the sentence"


def test_a_loop_never_wins() -> None:
    loop = f"{RIGHT[:-1]}, корабля 8 октября, корабля 8 октября, корабля 8 октября."
    assert _one(FakeTranslator({SENTENCE: [WRONG, loop]})).text != loop


def test_what_the_model_adds_behind_the_right_figure_is_its_own() -> None:
    begun = "Фирма заплатила 8 млрд долларов"
    translator = FakeTranslator({SENTENCE: [WRONG]}, {begun: " за 82 новых корабля 8 октября."})
    translated = _one(translator)
    assert begun in translator.begun
    assert translated.text == "Фирма заплатила 8 млрд долларов за 82 новых корабля 8 октября."
    assert translated.repairs[-1].rung == "constrain"


def test_stand_ins_are_translated_and_the_figures_put_in_their_places() -> None:
    stood = "The firm paid $17 for 23 ships on 15 May."
    translator = FakeTranslator(
        {SENTENCE: ["Фирма что-то купила этой осенью."], stood: ["Фирма заплатила 17 долларов за 23 корабля 15 мая."]}
    )
    translated = _one(translator)
    assert stood in [asked for asked, _, _ in translator.asked]
    assert translated.text == RIGHT
    assert translated.repairs[-1].rung == "protect"


def test_a_weekday_takes_its_preposition_along() -> None:
    source = "The vote on Tuesday, 8 October, ended late at night."
    stood = "The vote on 17 May, ended late at night."
    translator = FakeTranslator({source: ["Голосование было долгим и шумным."], stood: ["Голосование 17 мая закончилось поздно ночью."]})
    assert _one(translator, source).text == "Голосование во вторник, 8 октября закончилось поздно ночью."


def test_a_made_up_figure_is_taken_out_where_the_rest_reads_as_well() -> None:
    source = "The judoka, who won a medal at the Olympics, has died."
    made_up = "Дзюдоист, взявший медаль на Олимпиаде в 2012 году, умер."
    translated = _one(FakeTranslator({source: [made_up]}, scores={"Дзюдоист, взявший медаль на Олимпиаде, умер.": -0.1}), source)
    assert translated.text == "Дзюдоист, взявший медаль на Олимпиаде, умер."
    assert translated.repairs[-1].rung == "edit"
    assert _one(FakeTranslator({source: [made_up]}), source).repairs[-1].outcome is Outcome.FAILED


def test_a_vague_number_is_put_right() -> None:
    source = "Dozens of residents complained to the post office of their town."
    translated = _one(FakeTranslator({source: ["На почту города жаловались сотни жителей."]}), source)
    assert translated.text == "На почту города жаловались десятки жителей."
    assert translated.repairs[-1].rung == "edit"


def test_a_clause_stands_for_a_sentence_that_cannot_be_repaired() -> None:
    source = "The firm paid $8 billion for the whole yard, and 82 ships were built by 1990 in the north."
    clause = "The firm paid $8 billion for the whole yard."
    translator = FakeTranslator(
        {source: ["Фирма купила верфь целиком и строит корабли."], clause: ["Фирма заплатила 8 млрд долларов за всю верфь."]}
    )
    translated = _one(translator, source, drop=True)
    assert translated.text == "Фирма заплатила 8 млрд долларов за всю верфь."
    assert translated.repairs[-1].rung == "fallback"
    left_out = {pair.source.text: pair for pair in translated.check.pairs if pair.target is None}
    assert left_out.keys() == {"82", "1990"}
    assert all(pair.minor and pair.reason.endswith("was left out") for pair in left_out.values())
    for pair in translated.check.pairs:
        assert source[pair.source.start : pair.source.end] == pair.source.text


@pytest.mark.parametrize("sentence", ["1,500", "8–3, 2:1.", "F-16, COVID-19, 2023.", ""])
def test_what_has_nothing_to_translate_passes_untouched(sentence: str) -> None:
    translator = FakeTranslator({sentence: ["что-то другое"]})
    translated = _one(translator, sentence)
    assert translated.text == sentence
    assert not sentence or translator.calls == 0


def test_report_repairs_nothing() -> None:
    translator = FakeTranslator({SENTENCE: [WRONG, RIGHT]})
    translated = _one(translator, policy=Policy.REPORT)
    assert (translated.text, translated.repairs) == (WRONG, ())


def test_nothing_is_dropped_unless_asked() -> None:
    translator = FakeTranslator({SENTENCE: ["Фирма что-то купила."], PLAIN: [PLAIN_RIGHT]})
    kept = ladder(translator).translate([SENTENCE, PLAIN], _judge())
    assert not any(sentence.dropped for sentence in kept)
    dropped = ladder(translator).translate([SENTENCE, PLAIN], _judge(), drop=True)
    assert [sentence.dropped for sentence in dropped] == [True, False]
    assert dropped[0].text == ""


def test_the_last_sentence_is_never_dropped() -> None:
    translator = FakeTranslator({SENTENCE: ["Фирма что-то купила."]})
    (only,) = ladder(translator).translate([SENTENCE], _judge(), drop=True)
    assert not only.dropped
    assert only.text


def test_a_term_that_got_lost_is_put_back() -> None:
    source = "The Patriot centre opened near the capital today."
    stood = "The A-17 centre opened near the capital today."
    answers = {
        source: ["Центр «Патриот» открылся сегодня недалеко от столицы."],
        stood: ["Центр A-17 открылся сегодня недалеко от столицы."],
    }
    judge = _judge(Term(source="Patriot", target="Patriot"))
    (translated,) = ladder(FakeTranslator(answers)).translate([source], judge)
    assert translated.text == "Центр Patriot открылся сегодня недалеко от столицы."


def test_a_term_stays_in_its_own_alphabet() -> None:
    source = "Газета «Ведомости» сегодня рассказала об этом подробнее."
    stood = "Газета «A-17» сегодня рассказала об этом подробнее."
    answers = {source: ["The newspaper Vedomosti told more of it today."], stood: ["The newspaper A-17 told more of it today."]}
    judge = Judge(source_lang="ru", target_lang="en", terms=(Term(source="Ведомости", target="Ведомости"),))
    (translated,) = ladder(FakeTranslator(answers)).translate([source], judge)
    assert translated.text == "The newspaper Ведомости told more of it today."


def test_a_glossary_s_term_may_stand_in_any_case() -> None:
    source = "Members of the Single Market met near the capital today."
    answer = "Участники Единого рынка встретились сегодня недалеко от столицы."
    judge = _judge(Term(source="Single Market", target="Единый рынок"))
    (translated,) = ladder(FakeTranslator({source: [answer]})).translate([source], judge)
    assert (translated.text, translated.repairs) == (answer, ())


def test_a_translation_is_never_cut_short() -> None:
    source = "The firm paid $8 billion for the whole yard, and 82 ships were built by 1990 in the north."
    clause = "The firm paid $8 billion for the whole yard."
    whole = "Фирма купила верфь целиком и строит корабли."
    translator = FakeTranslator({source: [whole], clause: ["Фирма заплатила 8 млрд долларов за всю верфь."]})
    translated = _one(translator, source)
    assert translated.text == whole
    assert "fallback" not in {repair.rung for repair in translated.repairs}
    assert translated.check.verdict == "mismatch"
