"""What holds of the reader on any text: it never fails, its spans are exact and in order, and its work grows with the text."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svodka.figures import explain, extract, value_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

LANGUAGES = ("en", "ru")
PIECES = [
    *"0123456789.,:;-–—/%$€£₽'\"()№#@&+½° \n",
    *"""
    one two three twenty hundred thousand million half a an of and to between from the first third twice aged o'clock pm p.m.
    in since May August Monday 2014 1980 s th st years year-old km m bn k Q XIX World War II century bc noon past quarter
    один два три пять семь двадцать сорок сто тысяч тысячи миллион млн млрд тыс. руб. полтора половина треть вдвое раза лет
    в с до по от между и или года г. гг. августа среду век XX утра вечера часов минут пол полу 80-х -го -летний
    двадцатидевятилетний
    """.split(),  # noqa: SIM905  a list of words reads better as words
]
HOSTILE = [
    "1",
    "1,",
    "1.",
    "1 000 ",
    "1-",
    "1/",
    "1:",
    "one ",
    "one-",
    "twenty ",
    "hundred ",
    "a ",
    "(",
    "((1",
    "$",
    "$1 ",
    "+7 ",
    "@",
    "&#1;",
    "http://",
    "двадцать ",
    "тысяча ",
    "пол",
    "двухсот",
    "половина ",
    "5 и ",
    "5, ",
    "в 5 ",
    "мая ",
    "Monday, ",
    "1980-е ",
    "XX ",
    "'",
    "1'",
    "«1»",
    "Ⅷ",
    "½",
    "İ1",
]

mixed = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join)


@pytest.mark.parametrize("lang", LANGUAGES)
@given(text=st.one_of(st.text(max_size=60), mixed, spaced))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_with_exact_spans_in_order(lang: str, text: str) -> None:
    figures = extract(text, lang)

    for figure in figures:
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.text == text[figure.start : figure.end]
        assert value_text(figure.value)
    for before, after in pairwise(figures):
        assert before.end <= after.start


@pytest.mark.parametrize("lang", LANGUAGES)
@given(text=mixed)
@settings(max_examples=50, deadline=None)
def test_the_trace_names_the_rule_of_every_figure(lang: str, text: str) -> None:
    assert {(figure.rule, figure.text) for figure in extract(text, lang)} <= set(explain(text, lang))


def _calls(action: Callable[[], object]) -> int:
    """How many Python functions an action enters: a measure of work that no clock disturbs."""
    count = 0

    def tick(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_in_step_with_hostile_text(lang: str, piece: str) -> None:
    extract(piece * 50, lang)
    small = _calls(lambda: extract(piece * 200, lang))
    large = _calls(lambda: extract(piece * 800, lang))

    assert large <= 5 * small + 200


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("piece", ["1", "one ", "двадцать ", "1,", "(", "@", "&", "a", "http://", "пол", "é"])
def test_very_long_text_is_read(lang: str, piece: str) -> None:
    figures = extract(piece * 20_000, lang)

    assert all(figure.start < figure.end for figure in figures)


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no figures are read in language 'de': known are en, ru"):
        extract("5 Äpfel", "de")


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("more than 500 people", "en", (("cardinal", "500"),)),
        ("one of the best", "en", (("idiom", "one of"),)),
        ("500 млрд рублей", "ru", (("amount", "500 млрд рублей"),)),
    ],
)
def test_explain_tells_which_rule_fired(text: str, lang: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert explain(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "lang", "counted"),
    [
        ("82 foreign companies", "en", "company"),
        ("500 men", "en", "man"),
        ("a 79-storey tower", "en", "storey"),
        ("82 иностранные компании", "ru", "компания"),
        ("пяти новых больниц", "ru", "больница"),
        ("the third quarter", "en", "quarter"),
    ],
)
def test_the_counted_noun_is_named(text: str, lang: str, counted: str) -> None:
    (figure,) = extract(text, lang)

    assert figure.counted == counted


@pytest.mark.parametrize(
    ("text", "lang", "precision"),
    [("$1.2bn", "en", 50_000_000), ("82 firms", "en", 0.5), ("5,25%", "ru", 0.005), ("two million", "en", 500_000)],
)
def test_precision_is_half_of_the_last_stated_place(text: str, lang: str, precision: float) -> None:
    (figure,) = extract(text, lang)

    assert figure.precision is not None
    assert float(figure.precision) == precision


def test_spans_count_code_points_of_the_text_as_given() -> None:
    text = "İstanbul 🙂 paid ５００ млн ₽"

    assert [(figure.start, figure.end, figure.text) for figure in extract(text, "ru")] == [(16, 25, "５００ млн ₽")]
