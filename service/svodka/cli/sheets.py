"""A comparison as a person reads it in a terminal: side by side where there is room, one below the other where there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from svodka.compare.report import SYMBOLS, WRONG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from svodka.compare.report import Column, Estimate, Row, Sheet, SheetCell

__all__ = ["show_sheet"]

_STYLES = {"PRESERVED": "green", "REFORMATTED": "green", "ROUNDED": "cyan", "CONVERTED": "cyan", "UNCERTAIN": "yellow"}
# Symbols for readers and pipes without colour; what is as it was needs none.
_QUIET = "PRESERVED"
_MINOR = "dim yellow"
# A column narrower than this breaks nearly every line.
_LEAST_COLUMN = 28
# Wide enough for the table of totals where the output is a file or a pipe.
_PIPED_WIDTH = 140


def show_sheet(sheet: Sheet, console: Console | None = None) -> None:
    """Print a comparison on standard output, and what the symbols mean that it has."""
    console = console or _console()
    width = console.width // (1 + len(sheet.columns) + any(row.reference is not None for row in sheet.rows))
    side_by_side = console.is_terminal and width >= _LEAST_COLUMN
    for part in [_table(sheet)] if side_by_side else _stacked(sheet, rules=console.is_terminal):
        console.print(part)
    console.print()
    console.print(_totals(sheet) if console.is_terminal else Text("\n").join(_total_lines(sheet)))
    for name, notes in [(column.name, column.notes) for column in sheet.columns] + [
        ("reference", sheet.reference_notes),
        ("summary", sheet.summary_notes),
    ]:
        for note in notes:
            console.print(Text(f"{name}: {note}"))
    met = {mark.relation for row in sheet.rows for cell in row.cells for mark in cell.marks}
    console.print(Text("   ".join(f"{symbol} {relation.lower()}" for relation, symbol in SYMBOLS.items() if relation in met), style="dim"))


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH, soft_wrap=True)


def _table(sheet: Sheet) -> Table:
    table = Table(expand=True, show_lines=True)
    table.add_column("", justify="right")
    table.add_column(f"source ({sheet.source_language})", ratio=1)
    referenced = any(row.reference is not None for row in sheet.rows)
    if referenced:
        table.add_column("reference", ratio=1)
    for column in sheet.columns:
        table.add_column(Text(column.name), ratio=1)
    for row in sheet.rows:
        given = [Text(row.reference or "")] if referenced else []
        table.add_row(str(row.number), Text(row.text), *given, *(Group(_marked(cell), *_below(cell)) for cell in row.cells))
    return table


def _stacked(sheet: Sheet, *, rules: bool) -> Iterable[RenderableType]:
    for row in sheet.rows:
        yield Rule(str(row.number), align="left") if rules else Text(f"--- {row.number}")
        yield Text.assemble(("source: ", "bold"), row.text)
        if row.reference is not None:
            yield Text.assemble(("reference: ", "bold"), row.reference)
        yield from _named_cells(sheet, row)


def _named_cells(sheet: Sheet, row: Row) -> Iterable[Text]:
    for column, cell in zip(sheet.columns, row.cells, strict=True):
        yield Text.assemble((f"{column.name}: ", "bold"), _marked(cell))
        for line in _below(cell):
            yield Text.assemble("    ", line)


def _marked(cell: SheetCell) -> Text:
    """The text with its figures: a symbol before each that is not as it was, and a colour that says the same."""
    text, at = Text(), 0
    for mark in sorted((mark for mark in cell.marks if mark.target), key=lambda mark: mark.target or (0, 0)):
        start, end = mark.target or (0, 0)
        if start < at:
            continue
        text.append(cell.text[at:start])
        symbol = "" if mark.relation == _QUIET else SYMBOLS[mark.relation]
        text.append(f"{symbol}{cell.text[start:end]}", style=_style(mark.relation, minor=mark.minor))
        at = end
    return text.append(cell.text[at:]) if cell.text else Text("(nothing)", style="dim")


def _style(relation: str, *, minor: bool) -> str:
    return _STYLES.get(relation) or (_MINOR if minor else "bold red")


def _below(cell: SheetCell) -> Iterable[Text]:
    for mark in cell.marks:
        if mark.relation in WRONG:
            told = mark.reason or f"{mark.source_text or mark.target_text}: {mark.relation.lower()}"
            yield Text(f"{SYMBOLS[mark.relation]} {told}{' (minor)' if mark.minor else ''}", style=_style(mark.relation, minor=mark.minor))
    for fault in cell.faults:
        yield Text(f"! {fault}", style="bold red")
    scores = [
        f"similarity {cell.similarity:.3f}" if cell.similarity is not None else "",
        f"chrF {cell.chrf:.1f}" if cell.chrf is not None else "",
    ]
    if told := ", ".join(score for score in scores if score):
        yield Text(told, style="dim")


def _totals(sheet: Sheet) -> Table:
    table = Table(title="Totals", title_justify="left", title_style="bold")
    table.add_column("")
    for column in sheet.columns:
        table.add_column(Text(column.name), justify="right")
    told = [dict(_numbers(sheet, column)) for column in sheet.columns]
    for name in dict.fromkeys(name for numbers in told for name in numbers):
        table.add_row(name, *(numbers.get(name, "–") for numbers in told))
    return table


def _total_lines(sheet: Sheet) -> list[Text]:
    return [Text(f"{column.name}: " + "; ".join(f"{name} {value}" for name, value in _numbers(sheet, column))) for column in sheet.columns]


def _numbers(sheet: Sheet, column: Column) -> Iterable[tuple[str, str]]:
    yield "sentences with wrong figures", f"{column.wrong} of {len(sheet.rows)}{_interval(column.wrong_share, 100, 1, '%')}"
    yield "uncertain", str(column.uncertain)
    yield "with other faults", str(column.faulty)
    for relation, symbol in SYMBOLS.items():
        if any(other.relations.get(relation) for other in sheet.columns):
            yield f"{symbol} {relation.lower()}", str(column.relations.get(relation, 0))
    for name, score, places in (("similarity", column.similarity, 3), ("chrF", column.chrf, 1), ("BLEU", column.bleu, 1)):
        if score is not None:
            yield name, f"{score.value:.{places}f}{_interval(score, 1, places, '')}"
    if column.seconds is not None:
        yield "seconds", f"{column.seconds:.1f}"
    if column.repaired:
        yield "sentences repaired", str(column.repaired)


def _interval(score: Estimate, factor: float, places: int, unit: str) -> str:
    if score.low is None or score.high is None:
        return ""
    return f" ({factor * score.low:.{places}f}–{factor * score.high:.{places}f}{unit})"
