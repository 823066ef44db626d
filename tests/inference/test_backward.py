"""Translations ranked by how likely the sentence is as a translation of them."""

from __future__ import annotations

import pytest

from fakes import FakeTranslator
from svodka.inference.backward import BackwardTranslator
from svodka.inference.protocols import Search

SENTENCE = "The mayor and the council left."
SHORT, WHOLE, WRONG = "Мэр ушёл.", "Мэр и совет ушли.", "Совет пришёл."
BACKWARD = {SHORT: -2.0, WHOLE: -0.5, WRONG: -3.0}
ANSWERS = {SENTENCE: (SHORT, WHOLE, WRONG)}  # scores -0.1, -0.2, -0.3


class TwoWays(FakeTranslator):
    """Knows how likely the sentence is as a translation of each of its own."""

    def score(self, sentences, translations, *, source, target):
        assert (source, target) == ("ru", "en")
        assert set(translations) <= {SENTENCE}
        return [BACKWARD[sentence] for sentence in sentences]


@pytest.mark.parametrize(
    ("weight", "order"),
    [
        pytest.param(0.5, (WHOLE, SHORT, WRONG), id="what the sentence can be told from comes first"),
        pytest.param(0.01, (SHORT, WHOLE, WRONG), id="a light weight leaves the order as it was"),
    ],
)
def test_both_ways_count(weight: float, order: tuple[str, ...]):
    translator = BackwardTranslator(TwoWays(ANSWERS), weights={"en-ru": weight})
    (answers,) = translator.translate([SENTENCE], source="en", target="ru", search=Search(beam=4, n_best=4))
    assert tuple(answer.text for answer in answers) == order
    assert {answer.text: answer.score for answer in answers} == pytest.approx({SHORT: -0.1, WHOLE: -0.2, WRONG: -0.3})


def test_the_best_is_looked_for_among_all_that_were_found():
    translator = BackwardTranslator(TwoWays(ANSWERS), weights={"en-ru": 1.0})
    found = translator.translate(["One.", SENTENCE, " "], source="en", target="ru", search=Search(beam=4, n_best=1))
    assert [[answer.text for answer in answers] for answers in found] == [["[ru] One."], [WHOLE], [" "]]


@pytest.mark.parametrize("beginnings", [(), ("Мэр",)], ids=["another direction", "answers that are begun"])
def test_elsewhere_the_order_of_the_search_stays(beginnings: tuple[str, ...]):
    class OneWay(FakeTranslator):
        def score(self, sentences, translations, *, source, target):
            raise AssertionError

    told = FakeTranslator(ANSWERS, {"Мэр": " ушёл."})
    asked = {"source": "en", "target": "ru", "search": Search(beam=4, n_best=4), "beginnings": beginnings}
    translator = BackwardTranslator(OneWay(ANSWERS, {"Мэр": " ушёл."}), weights={"en-ru" if beginnings else "ru-en": 1.0})
    assert translator.translate([SENTENCE], **asked) == told.translate([SENTENCE], **asked)


def test_a_score_is_the_translators_own():
    translator = BackwardTranslator(FakeTranslator(scores={"да": -4.0}), weights={"en-ru": 1.0})
    assert translator.score(["yes"], ["да"], source="en", target="ru") == [-4.0]
