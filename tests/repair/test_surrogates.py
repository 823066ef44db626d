"""Stand-ins: the reader finds each again, and no two are alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.strategies import FIGURES
from svodka.figures import Kind, extract
from svodka.repair.surrogates import stand_ins

# «31 год» by itself is a time; of whom it is told makes it an age.
ALIKE = {Kind.AGE: {Kind.AGE, Kind.DURATION}}
FRAMES = {"en": "The figure was {}, they said.", "ru": "В отчёте указано {}, сообщили там."}
WITHOUT = {Kind.MULTIPLE, Kind.DECADE, Kind.CENTURY}  # what translators get right, or what no short number can stand for


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in WITHOUT])
def test_a_stand_in_is_read_back(kind: Kind, lang: str) -> None:
    @given(FIGURES[kind])
    def check(real: object) -> None:
        (surrogate,) = stand_ins([real], lang, [])
        read = extract(FRAMES[lang].format(surrogate.written), lang)
        assert [figure.value for figure in read] == [surrogate.figure.value]
        assert read[0].kind in ALIKE.get(kind, {surrogate.figure.kind})

    check()


@given(st.lists(st.one_of(*(FIGURES[kind] for kind in (Kind.CARDINAL, Kind.MONEY, Kind.DATE))), min_size=2, max_size=4))
def test_no_two_are_alike(drawn: list) -> None:
    found = stand_ins(drawn, "en", [])
    assert found is not None
    assert len({surrogate.written for surrogate in found}) == len(drawn)


def test_none_is_like_what_else_the_sentence_states() -> None:
    real, other = extract("There were 82 ships and 23 boats.", "en")
    (surrogate,) = stand_ins([real], "en", [other])
    assert surrogate.figure.value not in {real.value, other.value}


def test_a_plain_one_is_a_bare_number_whatever_the_figure_is() -> None:
    for text in ("It cost $8 billion.", "It rose by 12.5%.", "They came on Monday, 5 May 2025.", "It took 30 to 50 days."):
        (real,) = extract(text, "en")
        (surrogate,) = stand_ins([real], "en", [], plain=True)
        assert surrogate.figure.kind is Kind.CARDINAL
        assert [figure.value for figure in extract(FRAMES["en"].format(surrogate.written), "en")] == [surrogate.figure.value]


def test_more_figures_than_stand_ins_give_none() -> None:
    (real,) = extract("There were 82 ships.", "en")
    assert stand_ins([replace(real, start=at) for at in range(9)], "en", []) is None


def test_a_stand_in_asks_of_its_noun_what_the_real_number_asks() -> None:
    for number, last in (("21", "1"), ("82", "3"), ("85", "7"), ("12", "7"), ("8,000,000", "7")):
        (real,) = extract(f"There were {number} ships.", "en")
        (surrogate,) = stand_ins([real], "en", [])
        assert surrogate.written.endswith(last)
