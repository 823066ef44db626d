"""The translator around its generator: prompts, limits, order. The generator is a fake."""

from __future__ import annotations

import pytest

from fakes import FakeGenerator, ToldGenerator
from svodka.errors import InvalidRequest, SentenceTooLong
from svodka.inference.entries import Limits
from svodka.inference.protocols import Search
from svodka.inference.translator import PromptTranslator

PROMPTS = {"en-ru": "English: {sentence}\nRussian:", "ru-en": "Russian: {sentence}\nEnglish:"}


@pytest.fixture
def generator() -> FakeGenerator:
    return FakeGenerator()


@pytest.fixture
def translator(generator: FakeGenerator) -> PromptTranslator:
    return PromptTranslator(generator, prompts=PROMPTS, limits=Limits(max_input_tokens=8, max_output_ratio=2.0))


@pytest.mark.parametrize(
    ("source", "target", "prompt"),
    [("en", "ru", "English: It rose by 5%.\nRussian:"), ("ru", "en", "Russian: It rose by 5%.\nEnglish:")],
)
def test_each_direction_has_its_prompt(translator: PromptTranslator, generator: FakeGenerator, source: str, target: str, prompt: str):
    translator.translate(["It rose by 5%."], source=source, target=target)
    assert generator.prompts == [prompt]


def test_as_many_come_out_as_went_in_and_in_order(translator: PromptTranslator):
    sentences = ["one", "", "two words", " ", "three words here", "\u00a0"]
    answers = translator.translate(sentences, source="en", target="ru")
    assert [answer[0].text for answer in answers] == ["ONE", "", "TWO WORDS", " ", "THREE WORDS HERE", "\u00a0"]


def test_no_sentences_give_no_answers(translator: PromptTranslator):
    assert translator.translate([], source="en", target="ru") == []


def test_hypotheses_come_best_first(translator: PromptTranslator):
    (answer,) = translator.translate(["yes"], source="en", target="ru", search=Search(n_best=3))
    assert [(hypothesis.text, hypothesis.score) for hypothesis in answer] == [("YES", 0.0), ("YES!", -1.0), ("YES!!", -2.0)]


@pytest.mark.parametrize(
    ("target", "tongue", "best"),
    [
        pytest.param("ru", "en", ["He left early.", "He left.", "He did."], id="rewarded"),
        pytest.param("en", "ru", ["He left.", "He left early.", "He did."], id="the other direction"),
    ],
)
def test_a_longer_answer_that_is_nearly_as_likely_comes_first_where_the_catalogue_rewards_length(target: str, tongue: str, best: list[str]):
    generator = ToldGenerator(lambda _: ["He left.", "He left early.", "He did."])
    limits = Limits(max_input_tokens=8, max_output_ratio=2.0)
    translator = PromptTranslator(generator, prompts=PROMPTS, limits=limits, length_rewards={"en-ru": 0.3})
    (answer,) = translator.translate(["one"], source=tongue, target=target, search=Search(n_best=3))
    assert [hypothesis.text for hypothesis in answer] == best


@pytest.mark.parametrize("sentence", ["a\nb", "a\r\nb", " a \u2028 b ", "a\tb"])
def test_line_breaks_inside_a_sentence_are_spaces(translator: PromptTranslator, generator: FakeGenerator, sentence: str):
    translator.translate([sentence], source="en", target="ru")
    assert generator.prompts == ["English: a b\nRussian:"]


def test_braces_of_a_sentence_are_text(translator: PromptTranslator, generator: FakeGenerator):
    translator.translate(["{sentence} {0}"], source="en", target="ru")
    assert generator.prompts == ["English: {sentence} {0}\nRussian:"]


def test_the_answer_is_bounded_by_the_source(translator: PromptTranslator, generator: FakeGenerator):
    translator.translate(["one", "one two three"], source="en", target="ru")
    assert generator.max_tokens == [18, 22]


def test_a_sentence_beyond_the_limit_is_refused_and_never_cut(translator: PromptTranslator, generator: FakeGenerator):
    with pytest.raises(SentenceTooLong, match="a sentence has 9 tokens, and the translator takes 8: 'a b c d e f g h i'"):
        translator.translate(["fine", "a b c d e f g h i"], source="en", target="ru")
    assert generator.prompts == []


def test_a_direction_without_a_prompt_is_refused(translator: PromptTranslator):
    with pytest.raises(InvalidRequest, match="no translation from 'en' to 'de'; there is en-ru, ru-en"):
        translator.translate(["one"], source="en", target="de")


def test_beginnings_go_with_their_sentences(translator: PromptTranslator, generator: FakeGenerator):
    translator.translate(["one", "", "two"], source="en", target="ru", beginnings=["Раз", "", "Два"])
    assert generator.beginnings == ["Раз", "Два"]


def test_scores_are_of_the_translations_behind_their_prompts(translator: PromptTranslator, generator: FakeGenerator):
    assert translator.score(["a\nb", "c"], ["раз", "четыре"], source="en", target="ru") == [-3.0, -6.0]
    assert generator.prompts == ["English: a b\nRussian:", "English: c\nRussian:"]
