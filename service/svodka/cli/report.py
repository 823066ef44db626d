"""An answer as a person reads it in a terminal: the summaries, the ledger as a table, the verdict with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from svodka.v1 import figures_pb2, summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["show"]

_NAMES = {"en": "English", "ru": "Русский"}
_STYLES = {
    figures_pb2.PRESERVED: "green",
    figures_pb2.REFORMATTED: "green",
    figures_pb2.ROUNDED: "cyan",
    figures_pb2.CONVERTED: "cyan",
    figures_pb2.UNCERTAIN: "yellow",
}
_VERDICTS = {summary_pb2.VERIFIED: "bold green", summary_pb2.REPAIRED: "bold cyan", summary_pb2.UNVERIFIED: "bold red"}
_OPEN = frozenset({"failed", "skipped"})
# Wide enough for a table where the output is a file or a pipe.
_PIPED_WIDTH = 140


def show(response: summary_pb2.SummarizeResponse) -> None:
    """Print an answer on standard output."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPED_WIDTH)
    for summary in response.summaries:
        console.print(Text(_NAMES.get(summary.language, summary.language), style="bold"))
        console.print(Text(summary.text))
        console.print()
    console.print(_ledger(response))
    console.print()
    verdict = summary_pb2.Verdict.Name(response.verdict)
    console.print(Text.assemble("Verdict: ", (verdict, _VERDICTS.get(response.verdict, "bold"))))
    for reason in response.reasons:
        console.print(Text(f"  {reason}"))
    for repair in _telling(response.repairs):
        console.print(Text(f"  {repair.language}, sentence {repair.sentence + 1}, {repair.rung} {repair.outcome}: {repair.detail}"))


def _telling(repairs: Sequence[summary_pb2.Repair]) -> list[summary_pb2.Repair]:
    """Of a sentence that was repaired, the rung that did it; of any other, every rung that failed. The JSON has them all."""
    settled = {(repair.language, repair.sentence) for repair in repairs if repair.outcome not in _OPEN}
    return [repair for repair in repairs if repair.outcome not in _OPEN or (repair.language, repair.sentence) not in settled]


def _ledger(response: summary_pb2.SummarizeResponse) -> Table:
    table = Table(title="Figures", title_justify="left", title_style="bold")
    table.add_column("")
    table.add_column("value", no_wrap=True)
    table.add_column("kind")
    places = ["article", *(summary.language for summary in response.summaries)]
    for place in places:
        table.add_column(place)
    table.add_column("relation")
    for entry in response.ledger:
        value = " ".join(part for part in (entry.qualifier.replace("_", " "), entry.value, entry.unit) if part)
        cells = [Text("; ".join(_surfaces(entry, place))) for place in places]
        table.add_row("★" if entry.key else "", Text(value), entry.kind.replace("_", " "), *cells, _relations(entry))
    return table


def _surfaces(entry: summary_pb2.LedgerEntry, place: str) -> Iterable[str]:
    return dict.fromkeys(occurrence.text for occurrence in entry.occurrences if occurrence.where == place)


def _relations(entry: summary_pb2.LedgerEntry) -> Text:
    lines = []
    for relation in entry.relations:
        style = _STYLES.get(relation.relation, "yellow" if relation.minor else "bold red")
        name = figures_pb2.Relation.Name(relation.relation)
        reason = f" ({relation.reason})" if relation.reason else ""
        lines.append(Text(f"{relation.hop}: {name}{reason}", style=style))
    return Text("\n").join(lines)
