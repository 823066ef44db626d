"""The threads that a model computes in: searches run side by side, and what can be halved uses one that has nothing to do. A leaf."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Cores", "dealt"]

Given = TypeVar("Given")
Made = TypeVar("Made")


class Cores:
    """So many threads. Safe to use from any of them."""

    def __init__(self, threads: int) -> None:
        """Start none yet: they start when there is something to do."""
        self.threads = threads
        self._free = threading.Semaphore(threads)
        self._searches = ThreadPoolExecutor(threads, thread_name_prefix="svodka-search")
        # Apart from the searches: one that waits for a core must not keep the thread of what will leave it.
        self._helpers = ThreadPoolExecutor(threads, thread_name_prefix="svodka-helper")

    def spread(self, work: Callable[[Sequence[Given]], Made], some: Sequence[Given]) -> list[tuple[Sequence[Given], Made]]:
        """What `work` makes of shares of some things, each share in a thread: as many as there are cores free, once there is one.

        Things are dealt out by turns, so that the shares of things in order are alike. Who comes while all cores are taken gets the next
        that is left, for all that it has: wide searches get more done than many.
        """
        if not some:
            return []
        self._free.acquire()
        taken = 1
        while taken < len(some) and self._free.acquire(blocking=False):
            taken += 1
        shares = dealt(some, taken)
        return list(zip(shares, self._searches.map(lambda share: self._released(work, share), shares), strict=True))

    def begin(self, work: Callable[[], object]) -> None:
        """Do something in a thread, once a core is free."""

        def worked() -> None:
            with self._free:
                work()

        self._searches.submit(worked)

    def all_of(self, work: Callable[[Given], Made], parts: Sequence[Given]) -> list[Made]:
        """What `work` makes of the parts of something, asked for in a thread of `spread`: at the same time where another one is free."""
        first, *others = parts
        later = [self._helpers.submit(self._released, work, part) if self._free.acquire(blocking=False) else None for part in others]
        made = [work(first)]
        return made + [work(part) if help_ is None else help_.result() for part, help_ in zip(others, later, strict=True)]

    def _released(self, work: Callable[[Given], Made], part: Given) -> Made:
        try:
            return work(part)
        finally:
            self._free.release()


def dealt(some: Sequence[Given], hands: int) -> list[Sequence[Given]]:
    """Things dealt out by turns, to so many hands or to as many as there are things."""
    return [some[first::hands] for first in range(min(hands, len(some)))]
