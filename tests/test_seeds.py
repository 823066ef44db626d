"""The seed articles: well formed, with every figure listed, and the engine reads exactly what is listed."""

import csv
import json
from pathlib import Path

import pytest

from svodka.figures import Figure, Kind, Qualifier, extract, value_text

SEEDS = Path(__file__).parents[1] / "seeds"
NAMES = sorted(path.name.removesuffix(".txt") for path in SEEDS.glob("*.txt"))
COLUMNS = ["surface", "kind", "value", "unit", "qualifier"]


def article(name: str) -> str:
    return (SEEDS / f"{name}.txt").read_text(encoding="utf-8")


def listed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.figures.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
        assert rows.fieldnames == COLUMNS
        return list(rows)


def as_row(figure: Figure) -> dict[str, str]:
    return {
        "surface": figure.text,
        "kind": figure.kind.value,
        "value": value_text(figure.value),
        "unit": figure.unit or "",
        "qualifier": figure.qualifier.value if figure.qualifier else "",
    }


def test_the_collection_has_both_languages_and_both_lengths() -> None:
    words = {name: len(article(name).split()) for name in NAMES}
    for language in ("en", "ru"):
        lengths = [count for name, count in words.items() if name.endswith(f".{language}")]
        assert len(lengths) >= 5
        assert min(lengths) < 100
        assert max(lengths) > 600


def test_the_collection_shows_every_kind_of_figure_in_both_languages() -> None:
    for language in ("en", "ru"):
        kinds = {row["kind"] for name in NAMES if name.endswith(f".{language}") for row in listed(name)}
        assert kinds == set(Kind)


@pytest.mark.parametrize("name", NAMES)
def test_article_is_a_title_and_paragraphs(name: str) -> None:
    title, *paragraphs = article(name).removesuffix("\n").split("\n\n")
    assert len(paragraphs) >= 2
    for part in (title, *paragraphs):
        assert part == part.strip()
        assert part
        assert "\n" not in part
        assert "  " not in part


@pytest.mark.parametrize("name", NAMES)
def test_description_tells_language_subject_and_fiction(name: str) -> None:
    description = json.loads((SEEDS / f"{name}.json").read_text(encoding="utf-8"))
    assert description.keys() == {"language", "subject", "fictional"}
    assert name.endswith(f".{description['language']}")
    assert description["subject"].isalpha()
    assert description["fictional"] is not name.startswith("army-2023.")


@pytest.mark.parametrize("name", NAMES)
def test_listed_figures_stand_in_the_text_in_order(name: str) -> None:
    text, position = article(name), 0
    for row in listed(name):
        start = text.find(row["surface"], position)
        assert start >= 0, row
        position = start + len(row["surface"])
        Kind(row["kind"])
        assert row["value"]
        assert row["qualifier"] in {"", *Qualifier}


@pytest.mark.parametrize("name", NAMES)
def test_every_digit_of_the_text_belongs_to_a_listed_figure(name: str) -> None:
    rest, position = [], 0
    text = article(name)
    for row in listed(name):
        start = text.index(row["surface"], position)
        rest.append(text[position:start])
        position = start + len(row["surface"])
    rest.append(text[position:])
    assert [part for part in rest if any(character.isdigit() for character in part)] == []


@pytest.mark.parametrize("name", NAMES)
def test_engine_reads_exactly_the_listed_figures(name: str) -> None:
    found = extract(article(name), name.rpartition(".")[2])
    assert [as_row(figure) for figure in found] == listed(name)
