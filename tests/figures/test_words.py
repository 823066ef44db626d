"""Which words stand in for others where a quantity without a number is put right."""

from __future__ import annotations

import pytest

from svodka.figures import compare
from svodka.figures.unnumbered import words_for


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        pytest.param("He came a week ago.", "Он пришёл месяц назад.", ("неделю",), id="one span"),
        pytest.param("It will take weeks to repair.", "На ремонт уйдут месяцы.", ("недели",), id="many spans"),
        pytest.param("Dozens of people were hurt.", "Пострадали сотни человек.", ("десятки",), id="the nominative"),
        pytest.param("Several dozen people were hurt.", "Пострадали несколько сотен человек.", ("десятков",), id="the genitive"),
    ],
)
def test_words_come_in_the_case_of_those_that_they_replace(source: str, target: str, words: tuple[str, ...]) -> None:
    (pair,) = compare(source, target, source_lang="en", target_lang="ru").pairs
    assert pair.source is not None
    assert words_for(pair.source, "ru", pair.target) == words
