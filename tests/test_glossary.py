"""That rare nouns are found in parallel text, and that a small translator is asked for them in Russian."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.figures import extract
from svodka.figures.tables import table
from svodka.glossary import with_words_glossed
from training.alignment import align_words
from training.data import Pair
from training.glossary import Gloss, glosses, write_glossary

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {name: list(table(name, "svodka.glossary")) for name in ("adjectives.en-ru", "found.en-ru", "verbs.en-ru", "written.en-ru")}


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        pytest.param("The tomb was found near a torch.", "The гробница was found near a факел.", id="singular"),
        pytest.param("Five tombs and two torches", "Five гробницы and two факелы", id="plural"),
        pytest.param("Cemeteries are old.", "Кладбища are old.", id="the first word of a sentence, with its capital"),
        pytest.param("He left the Torch hotel.", "He left the Torch hotel.", id="no names"),
        pytest.param("a torch-like hill by torch.com", "a torch-like hill by torch.com", id="no parts of other words"),
        pytest.param("The report was published.", "The report was published.", id="no common words"),
        pytest.param("They torch to needle him; he torches.", "They torch to needle him; he torches.", id="no nouns that are verbs there"),
        pytest.param("A bribe led to torches.", "A взятка led to факелы.", id="nouns that may be verbs elsewhere"),
        pytest.param("A coral reef near the steam engine", "A коралловый риф near the паровой двигатель", id="terms of several words"),
        pytest.param("Coral reefs died.", "Коралловые рифы died.", id="and in the plural"),
        pytest.param("the Coral reef hotel", "the Coral риф hotel", id="but no names of several words"),
        pytest.param("It sank. Needles rust.", "It sank. Иглы rust.", id="the first word of a later sentence"),
        pytest.param(
            "He met Gen. Needle and the U.S. Needle team.", "He met Gen. Needle and the U.S. Needle team.", id="no names behind a stop"
        ),
        pytest.param("Lantern Foods sells lanterns.", "Lantern Foods sells фонари.", id="no names that begin a sentence"),
        pytest.param("internal combustion engines", "двигатели внутреннего сгорания", id="the longest term"),
        pytest.param("The edible berries were edible.", "The съедобный berries were съедобный.", id="adjectives"),
        pytest.param("A naive, edible tomb", "A наивный, съедобная гробница", id="that agree with a noun of the glossary behind them"),
        pytest.param("many edible naive tombs", "many съедобные наивные гробницы", id="both of them"),
        pytest.param("They will ratify it.", "They will ратифицировать it.", id="verbs that are infinitives"),
        pytest.param("It was unanimously ratified.", "It was unanimously ратифицирован.", id="and participles"),
        pytest.param("He ratified it. They ratify it.", "He ratified it. They ratify it.", id="but no other forms of verbs"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_rare_nouns_are_asked_for_in_russian(sentence: str, asked: str) -> None:
    assert with_words_glossed(sentence) == asked


@given(st.text(max_size=80))
def test_any_text_can_be_glossed(text: str) -> None:
    assert len(with_words_glossed(text).split()) <= len(text.split())


@given(st.lists(st.sampled_from(["5 torches", "$8 billion", "three tombs", "on Monday", "60%", "a cemetery", "in 2019,"]), max_size=6))
def test_no_figure_changes(parts: list[str]) -> None:
    sentence = " ".join(parts)
    assert [figure.value for figure in extract(with_words_glossed(sentence), "en")] == [figure.value for figure in extract(sentence, "en")]


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES.keys())
def test_a_table_is_in_order_and_has_no_figures(rows: list[list[str]]) -> None:
    words = [row[0] for row in rows]
    assert words == sorted(set(words))
    assert not [word for word in words if extract(word, "en")]


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES.keys())
def test_the_russian_of_a_table_is_russian(rows: list[list[str]]) -> None:
    told = [cell for row in rows for cell in row[1:] if not re.fullmatch("[a-z]+", cell)]  # an English past stands in a column of its own
    assert not [russian for russian in told if not re.fullmatch("[А-Яа-яё]+(?:[ -][А-Яа-яё]+)*|-", russian)]


def test_no_word_is_told_as_two_parts_of_speech() -> None:
    words = {name: {row[0] for row in rows} for name, rows in TABLES.items()}
    assert not words["adjectives.en-ru"] & (words["found.en-ru"] | words["written.en-ru"])


def test_words_that_stand_for_each_other_are_found() -> None:
    pairs = [(["red", "house"], ["красный", "дом"]), (["red", "cat"], ["красный", "кот"]), (["house"], ["дом"])]
    best = {link.source: link.target for link in sorted(align_words(pairs), key=lambda link: link.forth)}
    assert best == {"red": "красный", "house": "дом", "cat": "кот"}


def test_nothing_is_found_in_nothing() -> None:
    assert list(align_words([])) == []
    assert list(align_words([(["red"], [])])) == []


def _pair(english: str, russian: str) -> Pair:
    return Pair(source=english, target=russian, source_lang="en", target_lang="ru", origin="train.made")


def test_a_glossary_has_the_nouns_that_are_sure(tmp_path: Path) -> None:
    nouns = [("The volcano", "Вулкан"), ("Volcanoes", "Вулканы"), ("thieves", "Воры"), ("Rome", "Рим"), ("alive", "Живое")]
    verbs = [("slept", "спали"), ("woke", "проснулись"), ("waited", "ждали"), ("burned", "горели")]
    pairs = [_pair(f"{english} {verb}.", f"{russian} {action}.") for english, russian in nouns for verb, action in verbs]
    found = glosses(pairs)
    assert found == [Gloss("thieves", "воры", "воры"), Gloss("volcano", "вулкан", "вулканы")]
    write_glossary(found, tmp_path / "glossary.tsv")
    assert (tmp_path / "glossary.tsv").read_text(encoding="utf-8").splitlines()[2:] == ["volcano\tвулкан\tвулканы"]
