"""The threads that a model computes in: searches run side by side, and what can be halved uses one that has nothing to do. A leaf."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Cores"]

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

    def each(self, work: Callable[[Given], Made], shares: Sequence[Given]) -> Iterator[Made]:
        """What `work` makes of each share, in order, each in a thread."""

        def worked(share: Given) -> Made:
            with self._free:
                return work(share)

        return self._searches.map(worked, shares)

    def all_of(self, work: Callable[[Given], Made], parts: Sequence[Given]) -> list[Made]:
        """What `work` makes of the parts of something, asked for in a thread of `each`: at the same time where another one is free."""
        first, *others = parts
        later = [self._helpers.submit(self._helped, work, part) if self._free.acquire(blocking=False) else None for part in others]
        made = [work(first)]
        return made + [work(part) if help_ is None else help_.result() for part, help_ in zip(others, later, strict=True)]

    def _helped(self, work: Callable[[Given], Made], part: Given) -> Made:
        try:
            return work(part)
        finally:
            self._free.release()
