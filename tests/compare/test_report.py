"""The report in one HTML file, and the tables in the terminal."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from svodka.cli.sheets import show_sheet
from svodka.compare import compare_table, read_table
from svodka.compare.report import SYMBOLS, Sheet, page
from svodka.figures.types import Relation
from svodka.wire.comparisons import compare_response, sheet

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
HEADER = ("source", "first", '"><b>second', "human")
ROWS = (
    ("It cost $8.", "Это стоило 8 долларов.", "Это стоило 9 долларов.", "Оно стоило 8 долларов."),
    (f"It has 82 ships. {ATTACK}", f"У него есть корабли. {ATTACK}", f"У него 82 корабля. {ATTACK}", ATTACK),
    ("They left.", "Они ушли.", "Они ушли. 😀 Было 5 часов.", "Они ушли."),
)


def _sheet(rows: tuple[tuple[str, ...], ...] = ROWS) -> Sheet:
    text = "\n".join("\t".join(row) for row in (HEADER, *rows))
    table = read_table(text, name="t.tsv", reference_column="human")
    return sheet(compare_response(compare_table(table, source_lang="en", target_lang="ru", encoder=None), profile=""))


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return page(_sheet(), title=f"News {ATTACK}")


def test_nothing_of_a_text_becomes_markup(html: str) -> None:
    elements = _Elements(html)
    assert [attributes.get("type") for attributes in elements.named("script")] == ["application/json", None]
    assert elements.named("img") == []
    assert elements.named("b") == []
    assert "alert(1)</script>" not in html
    assert "&lt;script&gt;alert(1)" in html  # the title


def test_the_rows_come_back_from_the_file_as_they_were(html: str) -> None:
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert [row["text"] for row in data["rows"]] == [row[0] for row in ROWS]
    assert [[cell["text"] for cell in row["cells"]] for row in data["rows"]] == [list(row[1:3]) for row in ROWS]
    assert [row["reference"] for row in data["rows"]] == [row[3] for row in ROWS]
    assert [[cell["failures"] for cell in row["cells"]] for row in data["rows"]] == [[0, 1], [1, 0], [0, 1]]
    for row in data["rows"]:
        for cell in row["cells"]:
            for source, target, source_text, target_text, relation, *_ in cell["marks"]:
                assert source is None or row["text"][slice(*source)] == source_text
                assert target is None or cell["text"][slice(*target)] == target_text
                assert relation in data["symbols"]


def test_the_file_needs_nothing_beside_it(html: str) -> None:
    elements = _Elements(html)
    (policy,) = [attributes["content"] for attributes in elements.named("meta") if "content-security-policy" in str(attributes).lower()]
    assert (policy or "").startswith("default-src 'none'")
    for _, attributes in elements.found:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith(("#", "data:"))


def test_readers_of_the_screen_are_told_what_is_what(html: str) -> None:
    elements = _Elements(html)
    assert elements.named("html") == [{"lang": "en"}]
    assert all(attributes.get("scope") in {"col", "row"} for attributes in elements.named("th"))
    assert len(elements.named("main")) == len(elements.named("h1")) == 1


def test_every_relation_has_a_symbol_of_its_own() -> None:
    assert set(SYMBOLS) == {relation.value for relation in Relation}
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_intervals_are_told_of_many_sentences_alone() -> None:
    assert re.search(r"<strong>1</strong>, 33\.3%</td>", page(_sheet(), title="few"))
    assert re.search(r"<strong>20</strong>, 33\.3% \(\d+\.\d–\d+\.\d\)</td>", page(_sheet(ROWS * 20), title="many"))


def _shown(width: int, *, terminal: bool) -> str:
    out = io.StringIO()
    show_sheet(_sheet(), Console(file=out, width=width, force_terminal=terminal, color_system=None, highlight=False))
    return out.getvalue()


def test_a_wide_terminal_shows_columns_and_a_narrow_one_stacks_them() -> None:
    assert "│" in _shown(160, terminal=True).split("Totals")[0]
    narrow = _shown(60, terminal=True).split("Totals")[0]
    assert "│" not in narrow
    assert "first: Это стоило 8 долларов." in narrow


def test_a_pipe_gets_plain_lines_in_which_symbols_tell_what_is_wrong() -> None:
    shown = _shown(140, terminal=False)
    assert "\x1b" not in shown
    assert "│" not in shown
    assert "Это стоило ≠9 долларов." in shown
    assert "    − 82 is missing" in shown
    assert "first: sentences with wrong figures 1 of 3; " in shown
    assert shown.splitlines()[-1].startswith("= preserved")
