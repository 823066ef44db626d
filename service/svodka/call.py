"""The call that a thread works for: until when its answer is wanted, and whether anyone waits for it still.

It is found by `current()` instead of being handed down, as traces are, so that steps which only pass work on need not know of it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.errors import Cancelled, DeadlineExceeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Call", "Step", "current", "working_for"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step that begins; where sentences are translated, so many of them are settled."""

    name: str
    done: int = 0
    of: int = 0


class Call:
    """One call; `deadline` is on the clock of time.monotonic, None: it may take as long as it will.

    `tell` hears of every step that begins, in the thread that works.
    """

    def __init__(self, deadline: float | None = None, tell: Callable[[Step], None] | None = None) -> None:
        self.deadline = deadline
        self._tell = tell
        self._lock = threading.Lock()
        self._cancelled = False
        self._waiting: list[Callable[[], None]] = []

    @property
    def remaining(self) -> float | None:
        """Seconds until the deadline, never negative; None without one."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether its answer is of no use any more."""
        return self._cancelled or self.remaining == 0.0

    def check(self) -> None:
        """Stop here if the answer is of no use any more.

        Raises:
            Cancelled: nobody waits for the answer.
            DeadlineExceeded: it would come too late.
        """
        if self._cancelled:
            raise Cancelled
        if self.remaining == 0.0:
            raise DeadlineExceeded

    def begin(self, step: Step) -> None:
        """Tell of a step, as long as anyone waits for the answer."""
        if self._tell is not None and not self.over:
            self._tell(step)

    def cancel(self) -> None:
        """Tell all that wait on behalf of the call that nobody waits for its answer."""
        with self._lock:
            self._cancelled = True
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    @contextlib.contextmanager
    def woken_by(self, wake: Callable[[], None]) -> Iterator[None]:
        """Within, `wake` is called as soon as the call is cancelled: at once, if it is already."""
        with self._lock:
            late = self._cancelled
            self._waiting.append(wake)
        if late:
            wake()
        try:
            yield
        finally:
            with self._lock:
                if wake in self._waiting:
                    self._waiting.remove(wake)


_CURRENT: ContextVar[Call | None] = ContextVar("svodka_call", default=None)


def current() -> Call:
    """The call that this thread or task works for; one without a deadline, which nobody cancels, where there is none."""
    return _CURRENT.get() or Call()


@contextlib.contextmanager
def working_for(call: Call) -> Iterator[None]:
    """Within, `current()` is this call, here and in contexts copied from here."""
    token = _CURRENT.set(call)
    try:
        yield
    finally:
        _CURRENT.reset(token)
