"""The reader against the tables of cases: every marked figure is read as the line says, and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from svodka.figures import Figure, extract, value_text

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One line of a table: a text, where its figures stand, and how each is to be read."""

    id: str
    lang: str
    text: str
    spans: tuple[tuple[int, int], ...]
    expected: tuple[tuple[str, ...], ...]


def _unmark(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text without its brackets, and what stood in them."""
    text, spans, start = "", [], 0
    for char in marked:
        if char == "[":
            start = len(text)
        elif char == "]":
            spans.append((start, len(text)))
        else:
            text += char
    return text, tuple(spans)


def _case(path: Path, line: str) -> Case:
    cells = line.split("\t")
    text, spans = _unmark(cells[1].replace("\\n", "\n"))
    readings = cells[2] if len(cells) > 2 else ""
    expected = tuple(tuple((cell.strip() + "|||").split("|")[:4]) for cell in readings.split("; ") if cell.strip())
    lang = path.name.split(".")[1]
    return Case(id=cells[0], lang=lang, text=text, spans=spans, expected=expected)


def _cases() -> list[Case]:
    return [
        _case(path, line)
        for path in sorted(CASES.glob("extract.*.*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]


def _reading(figure: Figure) -> tuple[str, ...]:
    return figure.kind.value, value_text(figure.value), figure.unit or "", figure.qualifier.value if figure.qualifier else ""


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.id)
def test_reads_what_is_marked_and_nothing_else(case: Case) -> None:
    figures = extract(case.text, case.lang)

    assert [figure.text for figure in figures] == [case.text[start:end] for start, end in case.spans]
    assert [(figure.start, figure.end) for figure in figures] == list(case.spans)
    assert [_reading(figure) for figure in figures] == list(case.expected)


def test_case_ids_are_unique() -> None:
    ids = [case.id for case in _cases()]

    assert len(ids) == len(set(ids))
