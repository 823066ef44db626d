"""How much of the server one client may use."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from svodka.errors import QuotaExceeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svodka.security.clients import Client

__all__ = ["Quota"]

# When one of a client's own calls will end is its own to know; asking once a second costs nobody much.
_RETRY_SECONDS = 1.0


class Quota:
    """One client's calls: how many run, and how many may still begin this minute.

    The latter are a bucket of `requests_per_minute` places that empties evenly, so that a whole minute's calls may come at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._running = 0
        self._used = 0.0  # places that are taken still
        self._counted = clock()

    @contextlib.contextmanager
    def use(self, client: Client) -> Iterator[None]:
        """Room for one call, given back when it ends; the limits are the client's of now, for its file may change.

        Raises:
            QuotaExceeded: a limit is reached; a call that is refused uses up nothing.
        """
        if client.max_concurrent_requests is not None and self._running >= client.max_concurrent_requests:
            raise QuotaExceeded(client.name, "concurrent requests", client.max_concurrent_requests, _RETRY_SECONDS)
        if client.requests_per_minute is not None and (wait := self._take(client.requests_per_minute)):
            raise QuotaExceeded(client.name, "requests per minute", client.requests_per_minute, wait)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    async def turn(self, client: Client) -> None:
        """Wait until one more request of a running call may begin; it counts as begun."""
        while client.requests_per_minute is not None and (wait := self._take(client.requests_per_minute)):  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def _take(self, per_minute: int) -> float:
        """Take a place and return 0, or where all are taken, the seconds until one is free."""
        now = self._clock()
        self._used = max(0.0, self._used - (now - self._counted) * per_minute / 60)
        self._counted = now
        if self._used + 1 > per_minute:
            return (self._used + 1 - per_minute) * 60 / per_minute
        self._used += 1
        return 0.0
