"""What loops or copies gives way, or is searched for again."""

from __future__ import annotations

import pytest

from fakes import FakeTranslator
from svodka.decoding import GuardedTranslator, in_one_script
from svodka.inference.protocols import Search

SENTENCE = "The forum opened near the capital on Monday morning."
GOOD = "Форум открылся недалеко от столицы в понедельник утром."
OTHER = "Форум открылся у столицы утром в понедельник."
LOOP = "Форум открылся, что-то там, что-то там, что-то там, что-то там."
MIXED = "Форум opeнился недалеко от столицы в понедельник утром."


def _texts(translator: FakeTranslator, n_best: int = 1) -> list[str]:
    (found,) = GuardedTranslator(translator).translate([SENTENCE], source="en", target="ru", search=Search(n_best=n_best))
    return [hypothesis.text for hypothesis in found]


def test_a_hypothesis_without_faults_stays_first_and_costs_one_search() -> None:
    translator = FakeTranslator({SENTENCE: [GOOD, OTHER]})
    assert _texts(translator, 4) == [GOOD, OTHER]
    assert translator.calls == 1


def test_faults_give_way_to_the_next_hypothesis() -> None:
    translator = FakeTranslator({SENTENCE: [LOOP, MIXED, GOOD]})
    assert _texts(translator) == [GOOD]
    assert translator.calls == 1


def test_where_all_have_faults_it_searches_again_without_repetition() -> None:
    translator = FakeTranslator({SENTENCE: [LOOP, SENTENCE]}, steady={SENTENCE: GOOD})
    assert _texts(translator, 4) == [GOOD, LOOP, SENTENCE]
    assert translator.calls == 2


def test_a_second_search_that_is_no_better_changes_nothing() -> None:
    translator = FakeTranslator({SENTENCE: [LOOP]}, steady={SENTENCE: SENTENCE})
    assert _texts(translator)[0] in {LOOP, SENTENCE}
    assert translator.calls == 2


def test_a_word_left_as_it_was_gives_way_but_is_no_reason_to_search_again() -> None:
    half = "Форум opened недалеко от столицы в понедельник утром."
    translator = FakeTranslator({SENTENCE: [half, GOOD]})
    assert _texts(translator, 4) == [GOOD, half]
    translator = FakeTranslator({SENTENCE: [half]})
    assert _texts(translator) == [half]
    assert translator.calls == 1


@pytest.mark.parametrize(
    ("source", "answer", "told"),
    [
        pytest.param("Germans voted.", "немцы голосовали.", "Немцы голосовали.", id="a sentence"),
        pytest.param("It said iPhone sales rose.", "iPhone подорожал.", "iPhone подорожал.", id="a name in small letters"),
        pytest.param("and others", "и другие", "и другие", id="no sentence"),
    ],
)
def test_a_sentence_begins_with_a_capital(source: str, answer: str, told: str) -> None:
    ((found,),) = GuardedTranslator(FakeTranslator({source: [answer]})).translate([source], source="en", target="ru")
    assert found.text == told


def test_numbers_get_the_digits_of_their_language() -> None:
    translator = FakeTranslator({"More than 1,500 firms took part in the forum.": ["В форуме приняли участие более 1,500 фирм."]})
    ((found,),) = GuardedTranslator(translator).translate(["More than 1,500 firms took part in the forum."], source="en", target="ru")
    assert found.text == "В форуме приняли участие более 1 500 фирм."


def test_a_scale_stands_apart_from_its_number() -> None:
    translator = FakeTranslator({"Revenue rose to $3.1bn.": ["Выручка выросла до $3.1млрд."]})
    ((found,),) = GuardedTranslator(translator).translate(["Revenue rose to $3.1bn."], source="en", target="ru")
    assert found.text == "Выручка выросла до $3,1 млрд."


@pytest.mark.parametrize(
    ("text", "unmixed"),
    [
        ("the bridge over the Ve\u043bую", "the bridge over the Veluyu"),
        ("на побережье \u041aestrel Bay", "на побережье Kestrel Bay"),
        ("центр Mo\u0441\u0434ow", "центр Mo\u0441\u0434ow"),
        ("в \u041coc\u043aве", "в \u041c\u043e\u0441\u043aве"),
        ("индив\u0434ible", "индив\u0434ible"),
        ("COVID-ом и Kestrel", "COVID-ом и Kestrel"),
    ],
    ids=["name", "latin", "no-lookalike", "cyrillic", "hopeless", "two-words"],
)
def test_letters_that_look_alike_are_of_one_alphabet(text: str, unmixed: str) -> None:
    assert in_one_script(text, "en" if text.startswith("the") else "ru") == unmixed


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("SENATE PASSES $2 TRILLION AID BILL", "Senate passes $2 trillion aid bill", id="a headline"),
        pytest.param("NATO and the UN met in the USA.", "NATO and the UN met in the USA.", id="names"),
        pytest.param("NASA, ESA", "NASA, ESA", id="nothing but names"),
        pytest.param("BREAKING: Senate passes the bill.", "BREAKING: Senate passes the bill.", id="one word"),
    ],
)
def test_headlines_in_capitals_are_asked_for_in_small_letters(text: str, asked: str) -> None:
    told = "СЕНАТ ПРИНЯЛ ЗАКОН" if text != asked else "Сенат принял закон"
    translator = FakeTranslator({asked: ["Сенат принял закон"]})
    ((answer,),) = GuardedTranslator(translator).translate([text], source="en", target="ru")
    assert ([sentence for sentence, *_ in translator.asked], answer.text) == ([asked], told)
    translator = FakeTranslator(continuations={told.split()[0].capitalize(): " принял закон"})
    ((answer,),) = GuardedTranslator(translator).translate([text], source="en", target="ru", beginnings=[told.split()[0]])
    assert answer.text == told
