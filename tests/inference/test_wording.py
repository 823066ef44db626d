"""That a translator is asked in the words that the catalogue says."""

from __future__ import annotations

import pytest

from fakes import FakeGenerator
from svodka.inference.entries import Limits
from svodka.inference.translator import PromptTranslator
from svodka.inference.wording import Wording

BOTH = ("en-ru", "ru-en")


@pytest.mark.parametrize(
    ("wording", "source", "sentence", "asked"),
    [
        pytest.param(Wording(glossed=("en-ru",)), "en", "A torch", "A факел", id="rare nouns"),
        pytest.param(Wording(eased=BOTH), "en", "the twelfth", "the 12th", id="figures"),
        pytest.param(Wording(eased=BOTH), "ru", "двенадцатый", "12-й", id="in the other direction"),
        pytest.param(Wording(eased=BOTH, glossed=("en-ru",)), "en", "A twelfth torch", "A 12th факел", id="both"),
        pytest.param(Wording(eased=("ru-en",)), "en", "the twelfth torch", "the twelfth torch", id="neither"),
    ],
)
def test_a_translator_is_asked_as_the_catalogue_says(wording: Wording, source: str, sentence: str, asked: str) -> None:
    generator = FakeGenerator()
    limits = Limits(max_input_tokens=80, max_output_ratio=2.0)
    translator = PromptTranslator(generator, prompts=dict.fromkeys(BOTH, "Asked: {sentence}"), limits=limits, wording=wording)
    translator.translate([sentence], source=source, target="ru" if source == "en" else "en")
    assert generator.prompts == [f"Asked: {asked}"]
