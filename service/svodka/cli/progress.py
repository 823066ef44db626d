"""How far a batch or a download is: a bar in a terminal, a line now and then elsewhere; all on standard error."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from svodka.batch.outcome import Outcome
from svodka.cli.console import complain

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from rich.progress import TaskID

    from svodka.inference import protocols

__all__ = ["Display", "byte_bars", "counted", "told"]

# Between two lines where nobody watches a terminal.
_LINE_SECONDS = 30.0


def told(tally: Counter[Outcome]) -> str:
    """The counts in words."""
    return ", ".join(f"{tally[outcome]} {outcome.value}" for outcome in Outcome)


class Display:
    """Shows the progress of a run while it is entered."""

    def __init__(self, total: int) -> None:
        self._total = total
        console = Console(stderr=True)
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=total)
        self._told_at = time.monotonic()

    def show(self, tally: Counter[Outcome]) -> None:
        """Tell how far the run is."""
        if not self._bar.disable:
            self._bar.update(self._task, completed=tally.total(), description=told(tally))
        elif time.monotonic() - self._told_at >= _LINE_SECONDS:
            self._told_at = time.monotonic()
            self.say(f"{tally.total()} of {self._total} articles answered: {told(tally)}")

    def say(self, message: str) -> None:
        """Tell something beside the progress."""
        if self._bar.disable:
            complain(message)
        else:
            self._bar.console.print(f"svodka: {message}", markup=False, highlight=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._bar.stop()


@contextlib.contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows in a terminal how many of how many are done; what is given is to be told both."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def byte_bars() -> Iterator[protocols.Progress]:
    """Shows in a terminal how many bytes of each file have come; what is given is to be told the file, its bytes here, and all of them."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield show
