"""Threads that compute take turns, so that at most one of them keeps the event loop from the interpreter's lock.

When a batch is done, all who waited for its sentences go on at once. Each would have the lock for a moment, and the loop, which needs it
several times to refuse a call, would wait for all of them each time. They get nothing done side by side anyway.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Turns", "waiting"]

_OWN = threading.local()  # `lock`: what the thread has its turn by


class Turns:
    """One turn at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Within, it is this thread's turn."""
        with self._lock:
            _OWN.lock = self._lock
            try:
                yield
            finally:
                _OWN.lock = None


@contextlib.contextmanager
def waiting() -> Iterator[None]:
    """Within, this thread waits for something, and another one has its turn."""
    lock: threading.Lock | None = getattr(_OWN, "lock", None)
    if lock is None:
        yield
        return
    lock.release()
    try:
        yield
    finally:
        lock.acquire()
