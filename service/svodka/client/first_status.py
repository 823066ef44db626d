"""The status that a server sent to a stream of grpc.aio, before the library puts another in its place.

Where a request is being written while the server ends the call, the failed write replaces the server's status by an INTERNAL of the
library's own, before or after: https://github.com/grpc/grpc/issues/36066. What it replaced before it came cannot be brought back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import grpc

if TYPE_CHECKING:
    from collections.abc import Coroutine

    Call = grpc.aio.StreamStreamCall[Any, Any]

__all__ = ["FirstStatus"]

Value = TypeVar("Value")
_OF_THE_LIBRARY = "Internal error from Core"
_LOST = "the server ended the stream while a request was being sent, and grpc.aio lost what it said"


def _is_of_the_library(error: grpc.aio.AioRpcError) -> bool:
    return error.code() is grpc.StatusCode.INTERNAL and (error.details() or "").startswith(_OF_THE_LIBRARY)


class FirstStatus:
    """Notes how a call ended, as soon as it has."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._noted: grpc.aio.AioRpcError | None = None
        call.add_done_callback(self._note)

    def instead_of(self, error: grpc.aio.AioRpcError) -> grpc.aio.AioRpcError:
        """The server's status, where `error` is the library's; an UNAVAILABLE that says so where the server's is lost."""
        if not _is_of_the_library(error):
            return error
        if self._noted is not None and not _is_of_the_library(self._noted):
            return self._noted
        return grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), details=_LOST)

    def _note(self, _: object) -> None:
        if self._noted is None:
            call = self._call
            metadata = _known(call.trailing_metadata())
            self._noted = grpc.aio.AioRpcError(_known(call.code()), grpc.aio.Metadata(), metadata, details=_known(call.details()))


def _known(coroutine: Coroutine[Any, Any, Value]) -> Value:
    """What a coroutine gives that has nothing to wait for: a task would ask only after the status is another."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: Value = done.value
        return value
    coroutine.close()
    raise RuntimeError("the call has ended, and its status is not there")
