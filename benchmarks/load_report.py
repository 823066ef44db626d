"""What the calls of a load come to: rates, percentiles, counts, and the table of them."""

from __future__ import annotations

import math
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Told at once, not worked on.
REFUSALS = frozenset({"RESOURCE_EXHAUSTED", "UNAVAILABLE"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call: its status, its latency, how late it was sent, and the verdict of its answer."""

    code: str
    seconds: float
    late: float = 0.0
    verdict: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Latency:
    """Seconds."""

    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryCourse:
    """Memory over the time of a load, in MiB: what rises from quarter to quarter may never stop."""

    first: int
    most: tuple[int, ...]  # in each quarter of the time
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What came of one load."""

    load: str
    offered: int
    answered: int
    seconds: float
    answers_per_second: float
    latency: Latency | None
    codes: dict[str, int]
    verdicts: dict[str, int]
    refusal_latency: Latency | None  # from when a call was sent: how late that was is told by itself
    # How much behind its own schedule the generator was, at worst: more than a little means that it measured itself.
    sent_late_seconds: float
    memory: MemoryCourse | None  # of the server


def latency(seconds: Sequence[float]) -> Latency | None:
    """Nearest-rank percentiles: each is a latency that a call had."""
    if not seconds:
        return None
    ranked = sorted(seconds)
    p50, p95, p99 = (ranked[math.ceil(share * len(ranked)) - 1] for share in (0.50, 0.95, 0.99))
    return Latency(p50=p50, p95=p95, p99=p99, max=ranked[-1])


def report(load: str, calls: Sequence[Call], seconds: float, memory: MemoryCourse | None = None) -> Report:
    """Put the calls of one load together."""
    answered = [call for call in calls if call.code == "OK"]
    return Report(
        load=load,
        offered=len(calls),
        answered=len(answered),
        seconds=seconds,
        answers_per_second=len(answered) / seconds,
        latency=latency([call.seconds for call in answered]),
        codes=dict(Counter(call.code for call in calls).most_common()),
        verdicts=dict(Counter(call.verdict for call in answered).most_common()),
        refusal_latency=latency([call.seconds - call.late for call in calls if call.code in REFUSALS]),
        sent_late_seconds=max((call.late for call in calls), default=0.0),
        memory=memory,
    )


def show(reports: Sequence[Report]) -> None:
    """Print the reports as a table, a column each."""
    table = Table("", *(each.load for each in reports))
    for name, cell in _ROWS:
        table.add_row(name, *(cell(each) for each in reports))
    Console(width=None if sys.stdout.isatty() else 40 + 40 * len(reports)).print(table)


def _seconds(told: Latency | None) -> str:
    return "–" if told is None else " / ".join(f"{value:.3f}" for value in (told.p50, told.p95, told.p99, told.max))


def _course(memory: MemoryCourse | None) -> str:
    return "–" if memory is None else f"{memory.first}; {', '.join(map(str, memory.most))}; {memory.last}"


def _counts(counts: dict[str, int]) -> str:
    return "\n".join(f"{count} {name}" for name, count in counts.items())


_ROWS: tuple[tuple[str, Callable[[Report], str]], ...] = (
    ("offered, answered", lambda each: f"{each.offered}, {each.answered}"),
    ("seconds", lambda each: f"{each.seconds:.1f}"),
    ("answers a second", lambda each: f"{each.answers_per_second:.3f}"),
    ("latency, s: p50 / p95 / p99 / max", lambda each: _seconds(each.latency)),
    ("refusal, s: p50 / p95 / p99 / max", lambda each: _seconds(each.refusal_latency)),
    ("by status", lambda each: _counts(each.codes)),
    ("by verdict", lambda each: _counts(each.verdicts)),
    ("sent late, s, at most", lambda each: f"{each.sent_late_seconds:.3f}"),
    ("memory, MiB: first; most in each quarter of the time; last", lambda each: _course(each.memory)),
)
