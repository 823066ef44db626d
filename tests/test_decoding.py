"""What loops or copies gives way, or is searched for again."""

from __future__ import annotations

import pytest

from fakes import FakeTranslator
from svodka.decoding import GuardedTranslator, in_digits, in_one_script
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
    ("text", "lang", "asked"),
    [
        pytest.param("Fifteen of these rocks fell.", "en", "15 of these rocks fell.", id="a count"),
        pytest.param("Up to thirty people had twenty-five cars.", "en", "Up to 30 people had 25 cars.", id="two, one compound"),
        pytest.param("One hundred and twenty people left.", "en", "120 people left.", id="words and an and"),
        pytest.param("Двадцать одна машина, до сорока человек.", "ru", "21 машина, до 40 человек.", id="Russian, in its cases"),
        pytest.param("Seven of ten cars", "en", "Seven of ten cars", id="small ones stay"),
        pytest.param(
            "a dozen, fifteen hundred, two thousand houses", "en", "a dozen, fifteen hundred, two thousand houses", id="round ones stay"
        ),
        pytest.param("полторы тысячи домов", "ru", "полторы тысячи домов", id="so do halves"),
        pytest.param(
            "the twenty-first century, on the thirtieth day", "en", "the twenty-first century, on the thirtieth day", id="so do ranks"
        ),
        pytest.param("5,000,000 people, about 1,200,000 poor", "en", "5 million people, about 1.2 million poor", id="zeros"),
        pytest.param("It cost $12,000,000 of $2,500,000,000.", "en", "It cost $12 million of $2.5 billion.", id="zeros of money"),
        pytest.param("Их 5 000 000, на 12 000 000 рублей", "ru", "Их 5 млн, на 12 млн рублей", id="zeros in Russian"),
        pytest.param("120,000 of 1,234,000 people, the 1,000,000th", "en", "120,000 of 1,234,000 people, the 1,000,000th", id="few zeros"),
        pytest.param("15 of 30 people, 2.5 million", "en", "15 of 30 people, 2.5 million", id="digits stay as they are"),
    ],
)
def test_exact_counts_are_asked_for_in_few_digits(text: str, lang: str, asked: str) -> None:
    assert in_digits(text, lang) == asked
    translator = FakeTranslator()
    GuardedTranslator(translator).translate([text], source=lang, target="ru" if lang == "en" else "en")
    assert [sentence for sentence, *_ in translator.asked] == [asked]
