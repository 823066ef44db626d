"""The writer: what it writes, line by line, and that the reader reads the same figure back."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import FIGURES, carriers, figure

from svodka.figures import Clock, Date, Kind, Qualifier, Range, Score, extract, render, value_text
from svodka.figures.render import Case, Style

CASES = Path(__file__).parent / "cases"
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def table():
    return [
        (path.name.split(".")[1], *line.split("\t"))
        for path in sorted(CASES.glob("render.*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def value_of(kind, text, of):
    """The value that `value_text` gives as that text."""
    match kind:
        case Kind.RANGE:
            low, high = (value_of(of, end, None) for end in text.split(".."))
            return Range(low=low, high=high, of=of)
        case Kind.DATE:
            return date_of(text)
        case Kind.TIME:
            hour, minute, second, half, zone = re.fullmatch(r"(\d\d):(\d\d)(?::(\d\d))?(\??)(?: (\w+))?", text).groups()
            return Clock(hour=int(hour), minute=int(minute), second=second and int(second), open_half=bool(half), zone=zone)
        case Kind.SCORE:
            return Score(points=tuple(int(point) for point in text.split(":")))
        case Kind.IDENTIFIER:
            return text
        case _:
            return Fraction(text)


def date_of(text):
    *words, body = text.split()
    if body in WEEKDAYS:
        return Date(weekday=WEEKDAYS.index(body) + 1)
    fiscal = body.startswith("FY")
    year, month, day = re.fullmatch(r"(?:FY)?(-?\d+|-)(?:-(\d\d))?(?:-(\d\d))?", body).groups()
    weekday = WEEKDAYS.index(words[0]) + 1 if words and words[0] in WEEKDAYS else None
    season = words[0] if words and weekday is None else None
    fields = {"year": None if year == "-" else int(year), "month": month and int(month), "day": day and int(day)}
    return Date(**fields, weekday=weekday, season=season, fiscal=fiscal)


@pytest.mark.parametrize(("lang", "stated", "manner", "text"), table(), ids=lambda cell: cell)
def test_a_figure_is_written_as_the_press_does(lang, stated, manner, text):
    kind, value, unit, qualifier, of, *_ = (stated + "||||").split("|")
    drawn = figure(
        Kind(kind),
        value_of(Kind(kind), value, Kind(of) if of else None),
        unit or None,
        Qualifier(qualifier) if qualifier else None,
    )
    style, _, case = manner.partition("/")
    assert value_text(drawn.value) == value, "the line does not state a value in its one form"
    assert render(drawn, lang, Style(style), case=Case[case.upper()] if case else Case.NOMINATIVE) == text


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("lang", ["en", "ru"])
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back(data, kind, lang):
    drawn = data.draw(FIGURES[kind])
    carrier = data.draw(st.sampled_from(carriers(lang, drawn)))
    text = carrier.text.format(render(drawn, lang, data.draw(st.sampled_from(Style)), case=carrier.case))
    assert [reading(found) for found in extract(text, lang)] == [reading(drawn)], text


def reading(found):
    return found.kind, value_text(found.value), found.unit, found.qualifier


@pytest.mark.parametrize("lang", ["en", "ru"])
@given(value=st.integers(-(10**45), 10**45), places=st.integers(0, 12), style=st.sampled_from(Style))
def test_no_digit_is_lost(lang, value, places, style):
    number = Fraction(value, 10**places)
    written = render(figure(Kind.CARDINAL, number), lang, style)
    digits = re.sub(r"\D", "", written)
    assert digits.strip("0") == value_text(number).replace("-", "").replace(".", "").strip("0")


@pytest.mark.parametrize(
    ("precision", "en", "ru"),
    [
        (None, "1.2 million", "1,2 млн"),
        (Fraction(50_000), "1.2 million", "1,2 млн"),
        (Fraction(5_000), "1.20 million", "1,20 млн"),
        (Fraction(1, 2), "1,200,000", "1\u00a0200\u00a0000"),
        (Fraction(1, 20), "1,200,000.0", "1\u00a0200\u00a0000,0"),
    ],
)
def test_stated_precision_is_kept(precision, en, ru):
    drawn = figure(Kind.CARDINAL, Fraction(1_200_000), precision=precision)
    assert (render(drawn, "en"), render(drawn, "ru")) == (en, ru)


def test_where_a_figure_stood_does_not_matter():
    drawn = figure(Kind.PERCENT, Fraction(5))
    moved = replace(drawn, start=10, end=12, text="5%", rule="percent", counted="voter", doubt="is it?")
    assert render(moved, "ru") == render(drawn, "ru")


def test_a_language_that_is_not_written_is_named():
    with pytest.raises(ValueError, match="language 'de': known are en, ru"):
        render(figure(Kind.CARDINAL, Fraction(5)), "de")


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="a number is needed"):
        render(figure(Kind.PERCENT, "five"), "en")
