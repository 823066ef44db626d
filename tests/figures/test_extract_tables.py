"""The tables under `data/`: every line has the shape that its reader expects, and no form stands for two things."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from svodka.figures.lexicon import lexicon
from svodka.figures.tables import LANGUAGES, table

# Columns of each table; those with a language in the name exist once for each.
COLUMNS = {
    **dict.fromkeys(
        ("additions", "decades", "eras", "folds", "idioms", "named", "nearly_hours", "parts", "ratio_links", "scales", "zones"), 2
    ),
    **dict.fromkeys(("ages", "sets"), 2),
    **dict.fromkeys(("calendar", "clock", "currencies", "numbers", "percent", "qualifiers", "stems", "tails", "units"), 3),
    "fixed": 4,
    "endings": 1,
}
UNIQUE = ("numbers", "calendar", "decades", "additions", "zones", "currencies", "percent", "units")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_every_line_has_its_columns(name: str, columns: int, lang: str) -> None:
    wrong = [line for line in table(f"{name}.{lang}") if len(line) != columns]

    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", UNIQUE)
def test_no_form_stands_twice(name: str, lang: str) -> None:
    separator = " " if name == "numbers" else "; "
    forms = Counter(form for line in table(f"{name}.{lang}") for form in line[-1].split(separator))

    assert [form for form, count in forms.items() if count > 1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_opens_with_a_line_that_explains_it(lang: str) -> None:
    folder = resources.files("svodka.figures").joinpath("data")
    silent = [name for name in COLUMNS if not folder.joinpath(f"{name}.{lang}.tsv").read_text(encoding="utf-8").startswith("# ")]

    assert silent == []


def test_a_lexicon_is_read_once() -> None:
    assert lexicon("en") is lexicon("en")


def test_languages_have_the_same_sets() -> None:
    names = [{line[0] for line in table(f"sets.{lang}")} for lang in LANGUAGES]

    assert names[0] == names[1]
