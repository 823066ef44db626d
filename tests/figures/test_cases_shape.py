"""The tables of cases: every line well-formed, every id its own, both languages alike."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from svodka.figures import Kind, Qualifier, value_text

CASES = Path(__file__).parent / "cases"
TABLES = sorted(CASES.glob("extract.*.*.tsv"))
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NUMERIC = set(Kind) - {Kind.DATE, Kind.TIME, Kind.SCORE, Kind.RANGE, Kind.IDENTIFIER}
WITH_UNIT = {Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.AGE}


def rows(path):
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_line_of_a_table_is_well_formed(path):
    _, lang, topic, _ = path.name.split(".")
    for row in rows(path):
        assert len(row) == 3, row
        name, text, expected = row
        assert ID.fullmatch(name), row
        assert name.startswith(f"{lang}-{topic}-"), row
        marks = re.findall(r"\[[^\[\]]+\]", text)
        assert text.count("[") == text.count("]") == len(marks), row
        assert text == text.strip(), row
        readings = expected.split("; ") if expected else []
        assert len(readings) == len(marks), row
        for reading in readings:
            check_reading(reading, row)


def check_reading(reading, row):
    kind, value, unit, qualifier, *rest = (*reading.split("|"), "", "")[: max(4, reading.count("|") + 1)]
    assert not rest, row
    assert not reading.endswith("|"), row
    assert value, row
    assert not qualifier or Qualifier(qualifier), row
    assert bool(unit) == (Kind(kind) in WITH_UNIT) or Kind(kind) is Kind.RANGE, row
    if Kind(kind) in NUMERIC:
        assert value_text(Fraction(value)) == value, row


def test_no_id_and_no_text_stands_twice():
    everything = [row for path in TABLES for row in rows(path)]
    for column in (0, 1):
        twice = [cell for cell, count in Counter(row[column] for row in everything).items() if count > 1]
        assert twice == []


def test_both_languages_have_the_same_topics():
    topics = {lang: {path.name.split(".")[2] for path in TABLES if path.name.split(".")[1] == lang} for lang in ("en", "ru")}
    assert topics["en"] == topics["ru"] != set()


def test_every_kind_and_qualifier_is_told_of_in_both_languages():
    for lang in ("en", "ru"):
        readings = [
            reading for path in TABLES if f".{lang}." in path.name for row in rows(path) for reading in row[2].split("; ") if reading
        ]
        assert {reading.split("|")[0] for reading in readings} == {kind.value for kind in Kind}
        assert {(*reading.split("|"), "", "", "")[3] for reading in readings} == {"", *(qualifier.value for qualifier in Qualifier)}


@pytest.mark.parametrize("path", sorted(CASES.glob("render.*.tsv")), ids=lambda path: path.name)
def test_no_figure_is_written_twice_in_one_manner(path):
    assert all(len(row) == 3 for row in rows(path))
    twice = [cells for cells, count in Counter((row[0], row[1]) for row in rows(path)).items() if count > 1]
    assert twice == []
