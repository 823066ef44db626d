"""What every call passes on its way to the servicer and back: decoding, admission, and errors as statuses."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import grpc
import structlog
from google.protobuf.message import DecodeError

from svodka.errors import InvalidRequest, Overloaded, SvodkaError
from svodka.status import DETAILS_KEY, code_of, status_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Handler = grpc.RpcMethodHandler[Any, Any]

__all__ = ["Admission", "Gate"]

# Weight of the latest request in the running mean of durations.
_SMOOTHING = 0.2


class Admission:
    """Counts the requests being worked on and refuses what is over the limit, at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._busy = 0
        self._mean_seconds = 1.0

    @contextlib.contextmanager
    def admit(self) -> Iterator[None]:
        """A place for one request.

        Raises:
            Overloaded: every place is taken; its `retry_after` is the time that the waiting ones need, one after another.
        """
        if self._busy >= self._limit:
            raise Overloaded(self._limit, max(1.0, self._mean_seconds * self._busy))
        self._busy += 1
        started = time.monotonic()
        try:
            yield
        finally:
            self._busy -= 1
            self._mean_seconds += _SMOOTHING * (time.monotonic() - started - self._mean_seconds)


class Gate(grpc.aio.ServerInterceptor):
    """Wraps the calls of one service; `free` names those that need no admission."""

    def __init__(self, service: str, admission: Admission, free: frozenset[str] = frozenset()) -> None:
        self._prefix = f"/{service}/"
        self._admission = admission
        self._free = free
        self._log = structlog.get_logger("svodka.gate")

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Wrap the call's handler, if it is one of the service's."""
        handler = await continuation(handler_call_details)
        path = str(handler_call_details.method)
        if handler is None or not path.startswith(self._prefix):
            return handler
        method = path.removeprefix(self._prefix)
        if handler.unary_unary:
            # The bytes are decoded by the wrapped call: left to the library, a message that does not parse is an INTERNAL error.
            return grpc.unary_unary_rpc_method_handler(self._unary(method, handler, handler.unary_unary), None, handler.response_serializer)
        if handler.stream_stream:
            return grpc.stream_stream_rpc_method_handler(
                self._stream(method, handler.stream_stream), handler.request_deserializer, handler.response_serializer
            )
        return handler

    def _unary(self, method: str, handler: Handler, behaviour: Any) -> Callable[[bytes, Any], Awaitable[Any]]:
        async def call(raw: bytes, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            async with self._reporting(method, context):
                with self._place(method):
                    return await behaviour(_decoded(handler, raw), context)

        return call

    def _stream(self, method: str, behaviour: Any) -> Callable[[Any, Any], AsyncIterator[Any]]:
        async def call(requests: Any, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
            async with self._reporting(method, context):
                with self._place(method):
                    async for response in behaviour(requests, context):
                        yield response

        return call

    def _place(self, method: str) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext() if method in self._free else self._admission.admit()

    @contextlib.asynccontextmanager
    async def _reporting(self, method: str, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[None]:
        started = time.monotonic()
        code = grpc.StatusCode.OK
        try:
            yield
        except SvodkaError as error:
            code = code_of(error)
            await context.abort(code, str(error), ((DETAILS_KEY, status_of(error).SerializeToString()),))
        except grpc.aio.AbortError:
            raise
        except asyncio.CancelledError:
            code = grpc.StatusCode.CANCELLED
            raise
        except Exception:  # noqa: BLE001 (nothing may leave without a status; the log has the traceback)
            code = grpc.StatusCode.INTERNAL
            self._log.exception("failed", method=method)
            await context.abort(code, "the server failed; its log says how")
        finally:
            self._log.info("answered", method=method, code=code.name, seconds=round(time.monotonic() - started, 3))


def _decoded(handler: Handler, raw: bytes) -> Any:
    if handler.request_deserializer is None:
        return raw
    try:
        return handler.request_deserializer(raw)
    except DecodeError as error:
        raise InvalidRequest.field("request", f"does not parse ({error}); text must be valid UTF-8") from error
