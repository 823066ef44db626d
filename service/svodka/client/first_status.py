"""The status that a server sent to a stream of grpc.aio, before the library puts another in its place.

Where a request is being written while the server ends the call, the failed write replaces the server's status by an INTERNAL of the
library's own, before or after: https://github.com/grpc/grpc/issues/36066.
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


class FirstStatus:
    """Notes how a call ended, as soon as it has."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._noted: grpc.aio.AioRpcError | None = None
        call.add_done_callback(self._note)

    def instead_of(self, error: grpc.aio.AioRpcError) -> grpc.aio.AioRpcError:
        """The server's status, where `error` is the library's."""
        return self._noted if self._noted is not None and (error.details() or "").startswith(_OF_THE_LIBRARY) else error

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
