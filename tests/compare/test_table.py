"""Whole files of systems' outputs."""

from __future__ import annotations

import pytest

from fakes import FakeEncoder
from svodka.compare import compare_table, read_table
from svodka.errors import InvalidRequest
from svodka.figures.types import CheckVerdict

LINES = ("source\tone\ttwo\thuman", "It cost $8.\tЭто стоило 8 долларов.\tЭто стоило 9 долларов.\tОно стоило 8 долларов.", "\t\t\t")
TEXT = "\n".join(LINES) + "\n"

WRONG = {
    "no lines": ("source\tone\n", None, r"t\.tsv: has 0 lines after the header"),
    "empty": ("", None, r"t\.tsv: has 0 lines"),
    "no system": ("source\na\n", None, r"t\.tsv: has 0 systems"),
    "the same name": ("source\ta\ta\nx\ty\tz\n", None, r"t\.tsv, line 1: must have a different name for each column"),
    "a missing column": ("source\ta\nx\ty\nx\n", None, r"t\.tsv, line 3: has 1 columns; the header has 2"),
    "no such reference": (TEXT, "gold", r"--reference-column: no column 'gold'; there is one, two, human"),
}


@pytest.mark.parametrize(("text", "reference", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_by_its_line(text: str, reference: str | None, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        read_table(text, name="t.tsv", reference_column=reference)


def test_quotes_and_carriage_returns_are_not_special() -> None:
    table = read_table('source\ta\r\nHe said "no\t«Нет»\r\n', name="t.tsv")
    assert table.sources == ('He said "no',)
    assert table.systems == {"a": ("«Нет»",)}


def test_every_line_is_a_row_and_every_system_is_checked() -> None:
    table = read_table(TEXT, name="t.tsv", reference_column="human")
    comparison = compare_table(table, source_lang="en", target_lang="ru", encoder=FakeEncoder())
    assert [passage.reference for passage in comparison.passages] == ["Оно стоило 8 долларов.", ""]
    one, two = comparison.translations
    assert [cell.verdict for cell in one.cells] == [CheckVerdict.OK, CheckVerdict.OK]
    assert [cell.verdict for cell in two.cells] == [CheckVerdict.MISMATCH, CheckVerdict.OK]
    assert one.cells[0].similarity is not None
    assert one.cells[1].similarity is None
    assert (one.cells[0].chrf or 0) > (two.cells[0].chrf or 0)
    assert one.totals.passages == 2
    assert two.totals.wrong == 1
    assert one.cells[1].faults == ()


def test_without_an_encoder_similarity_is_not_told_and_each_text_is_embedded_once() -> None:
    table = read_table(TEXT, name="t.tsv")
    assert compare_table(table, source_lang="en", target_lang="ru", encoder=None).translations[0].totals.similarity is None
    told: list[tuple[int, int]] = []
    compare_table(table, source_lang="en", target_lang="ru", encoder=FakeEncoder(), watch=lambda done, total: told.append((done, total)))
    assert told == [(4, 4)]
