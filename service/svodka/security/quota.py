"""How much of the server one client may use."""

from __future__ import annotations

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

    The latter are a bucket of `requests_per_minute` tokens that fills up evenly, so that a whole minute's calls may come at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._running = 0
        self._used = 0.0  # tokens taken that have not grown back
        self._counted = clock()

    @contextlib.contextmanager
    def use(self, client: Client) -> Iterator[None]:
        """Room for one call, given back when it ends; the limits are the client's of now, for its file may change.

        Raises:
            QuotaExceeded: a limit is reached; a call that is refused uses up nothing.
        """
        if client.max_concurrent_requests is not None and self._running >= client.max_concurrent_requests:
            raise QuotaExceeded(client.name, "concurrent requests", client.max_concurrent_requests, _RETRY_SECONDS)
        if client.requests_per_minute is not None:
            self._take(client.name, client.requests_per_minute)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def _take(self, name: str, per_minute: int) -> None:
        now = self._clock()
        self._used = max(0.0, self._used - (now - self._counted) * per_minute / 60)
        self._counted = now
        if self._used + 1 > per_minute:
            raise QuotaExceeded(name, "requests per minute", per_minute, (self._used + 1 - per_minute) * 60 / per_minute)
        self._used += 1
