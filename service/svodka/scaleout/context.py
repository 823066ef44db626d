"""The context of a call in a replica: answers what the gate and the servicer ask, by means of the one that Serve hands over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable

    import grpc

    Metadata = Iterable[tuple[str, str | bytes]]

__all__ = ["REPLICA_KEY", "SECONDS_LEFT_KEY", "Aborted", "GivenContext", "ReplicaContext"]

# Metadata that the door adds to a call: Serve tells its replicas of no deadline.
SECONDS_LEFT_KEY = "x-svodka-seconds-left"
# Metadata of whatever a replica answers: a status without it is Serve's own.
REPLICA_KEY = "x-svodka-replica"
_END = object()


class GivenContext(Protocol):
    """What is used of `ray.serve.grpc_util.RayServegRPCContext`. Serve copies it to the real call with every message of the answer."""

    def invocation_metadata(self) -> list[tuple[str, str]]:
        """The metadata of the call."""
        ...

    def set_code(self, code: grpc.StatusCode) -> None:
        """Set the status of the call."""
        ...

    def set_details(self, details: str) -> None:
        """Set the status's message."""
        ...

    def set_trailing_metadata(self, trailing_metadata: list[tuple[str, str | bytes]]) -> None:
        """Set the metadata of the answer."""
        ...


class Aborted(Exception):
    """The call is over, and its status stands in its context."""


class ReplicaContext:
    """Stands for a `grpc.aio.ServicerContext`."""

    def __init__(self, given: GivenContext) -> None:
        self._given = given
        self._answers: asyncio.Queue[object] = asyncio.Queue()  # Serve takes answers whether or not the client does

    def invocation_metadata(self) -> list[tuple[str, str]]:
        """The metadata of the call."""
        return self._given.invocation_metadata()

    def time_remaining(self) -> float | None:
        """Seconds until the client's deadline, as they were when the call came in at the door; None without one."""
        told = dict(self.invocation_metadata()).get(SECONDS_LEFT_KEY)
        return None if told is None else float(told)

    def set_trailing_metadata(self, trailing: Metadata) -> None:
        """Set the metadata of the answer."""
        self._given.set_trailing_metadata([*trailing, (REPLICA_KEY, "1")])

    async def abort(self, code: grpc.StatusCode, details: str = "", trailing: Metadata = ()) -> None:
        """End the call with a status.

        Raises:
            Aborted: always.
        """
        self._given.set_code(code)
        self._given.set_details(details)
        self.set_trailing_metadata(trailing)
        raise Aborted(details)

    async def write(self, answer: object) -> None:
        """Send an answer of a stream."""
        self._answers.put_nowait(answer)

    async def written_while(self, work: Awaitable[None]) -> AsyncIterator[Any]:
        """The answers that the work writes, until it is done; it is cancelled when nobody takes them any more.

        Raises:
            Aborted: the work ended the call.
        """

        async def to_the_end() -> None:
            try:
                await work
            finally:
                self._answers.put_nowait(_END)

        working = asyncio.ensure_future(to_the_end())
        try:
            while (answer := await self._answers.get()) is not _END:
                yield answer
            await working
        finally:
            working.cancel()
