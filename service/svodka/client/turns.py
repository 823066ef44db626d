"""The requests of a stream: the next is taken from the caller only when few enough are unanswered. Any number takes little memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Generic, TypeVar

import grpc

from svodka.client.errors import CallFailed, Ending

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

__all__ = ["AsyncTurns", "Turns"]

Request = TypeVar("Request")


class _Count:
    """What was sent and answered, and how the caller's requests ended."""

    def __init__(self, target: str) -> None:
        self._target = target
        # Each is written by one thread only.
        self._sent = self._answered = 0
        self._exhausted = False
        # What the caller's own iterator raised.
        self.error: Exception | None = None

    def check_end(self) -> None:
        """The server has ended the stream.

        Raises:
            CallFailed: something is not sent or not answered.
        """
        if self._answered < self._sent or not self._exhausted:
            raise self.too_soon()

    def too_soon(self) -> CallFailed:
        """The error of a stream that the server ended before everything was answered."""
        told = "the server ended the stream before everything was answered"
        return CallFailed(Ending(code=grpc.StatusCode.ABORTED, message=told, target=self._target))


class Turns(_Count, Generic[Request]):
    """For threads: gRPC's own thread takes the requests, the caller's the answers."""

    def __init__(self, requests: Iterable[Request], target: str) -> None:
        super().__init__(target)
        self._requests = requests
        self._room = threading.Semaphore(0)
        self._over = False

    def begin(self, window: int, cancel: Callable[[], object]) -> None:
        """Let the first `window` requests go; `cancel` ends the call when the caller's iterator fails."""
        self._cancel = cancel
        self._room.release(window)

    def answered(self) -> None:
        """One more is answered, so that another may go."""
        self._answered += 1
        self._room.release()

    def stop(self) -> None:
        """Let gRPC's thread end, whatever it waits for."""
        self._over = True
        self._room.release()

    def __iter__(self) -> Iterator[Request]:
        try:
            requests = iter(self._requests)
            while self._may_go():
                request = next(requests, None)
                if request is None:
                    self._exhausted = True
                    return
                self._sent += 1
                yield request
        except Exception as error:  # noqa: BLE001 (it is the caller's, and raised where the answers are taken)
            self.error = error
            self._cancel()

    def _may_go(self) -> bool:
        self._room.acquire()
        return not self._over


class AsyncTurns(_Count, Generic[Request]):
    """For asyncio: a task of gRPC's takes the requests."""

    def __init__(self, requests: AsyncIterable[Request] | Iterable[Request], target: str, window: int) -> None:
        super().__init__(target)
        self._requests = requests
        self._room = asyncio.Semaphore(window)

    def answered(self) -> None:
        """One more is answered, so that another may go."""
        self._answered += 1
        self._room.release()

    async def __aiter__(self) -> AsyncIterator[Request]:
        try:
            await self._room.acquire()
            async for request in _each(self._requests):
                self._sent += 1
                yield request
                await self._room.acquire()
        except Exception as error:  # gRPC cancels the call, and does not tell why
            self.error = error
            raise
        self._exhausted = True


async def _each(requests: AsyncIterable[Request] | Iterable[Request]) -> AsyncIterator[Request]:
    if isinstance(requests, AsyncIterable):
        async for request in requests:
            yield request
    else:
        for request in requests:
            yield request
