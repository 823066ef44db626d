"""What every call passes on its way to the servicer and back: an id, a span, decoding, errors as statuses, a line in the log, metrics."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import grpc
import structlog
from google.protobuf.message import DecodeError
from opentelemetry import propagate
from opentelemetry.trace import SpanKind

from svodka.errors import InvalidRequest, SvodkaError
from svodka.status import REQUEST_ID_KEY, code_of, request_id, trailers_of
from svodka.tracing import TRACER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from svodka.metrics import Metrics

    Handler = grpc.RpcMethodHandler[Any, Any]
    Context = grpc.aio.ServicerContext[Any, Any]

__all__ = ["Gate"]


class Gate(grpc.aio.ServerInterceptor):
    """Wraps the calls of one service."""

    def __init__(self, service: str, metrics: Metrics) -> None:
        self._service = service
        self._metrics = metrics
        self._log = structlog.get_logger("svodka.gate")
        self._begun, self._running = 0, 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def quiet(self, seconds: float) -> None:
        """Wait until no call has been worked on for so long."""
        begun = -1
        while begun != self._begun:
            await self._idle.wait()
            begun = self._begun
            await asyncio.sleep(seconds)

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Wrap the call's handler, if it is one of the service's."""
        handler = await continuation(handler_call_details)
        service, _, method = str(handler_call_details.method).removeprefix("/").partition("/")
        if handler is None or service != self._service:
            return handler
        # The bytes are decoded by the wrapped call: left to the library, a message that does not parse is an INTERNAL error.
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(self._unary(method, handler, handler.unary_unary), None, handler.response_serializer)
        if handler.stream_stream:
            return grpc.stream_stream_rpc_method_handler(
                self._stream(method, handler, handler.stream_stream), None, handler.response_serializer
            )
        return handler

    def _unary(self, method: str, handler: Handler, behaviour: Any) -> Callable[[bytes, Context], Awaitable[Any]]:
        async def call(raw: bytes, context: Context) -> Any:
            async with self._reporting(method, context):
                return await behaviour(_decoded(handler, raw), context)

        return call

    def _stream(self, method: str, handler: Handler, behaviour: Any) -> Callable[[AsyncIterator[bytes], Context], Awaitable[None]]:
        async def call(requests: AsyncIterator[bytes], context: Context) -> None:
            async with self._reporting(method, context):
                await behaviour((_decoded(handler, raw) async for raw in requests), context)

        return call

    @contextlib.asynccontextmanager
    async def _reporting(self, method: str, context: Context) -> AsyncIterator[None]:
        metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        call_id = request_id(metadata.items())
        started = time.monotonic()
        code = grpc.StatusCode.OK
        self._begun += 1
        self._running += 1
        self._idle.clear()
        self._metrics.called(method)
        span = TRACER.start_as_current_span(f"{self._service}/{method}", context=propagate.extract(metadata), kind=SpanKind.SERVER)
        with structlog.contextvars.bound_contextvars(request_id=call_id), span as current_span:
            try:
                context.set_trailing_metadata(((REQUEST_ID_KEY, call_id),))
                yield
            except SvodkaError as error:
                code = code_of(error)
                trailing = ((REQUEST_ID_KEY, call_id), *trailers_of(error, context.time_remaining()))
                await context.abort(code, str(error), trailing)
            except asyncio.CancelledError:
                code = grpc.StatusCode.CANCELLED
                raise
            except Exception:  # noqa: BLE001 (nothing may leave without a status; the log has the traceback)
                code = grpc.StatusCode.INTERNAL
                self._log.exception("failed", method=method)
                await context.abort(code, "the server failed; its log says how", ((REQUEST_ID_KEY, call_id),))
            finally:
                self._running -= 1
                if not self._running:
                    self._idle.set()
                seconds = time.monotonic() - started
                self._metrics.finished(method, code.name, seconds)
                current_span.set_attribute("rpc.grpc.status_code", code.value[0])
                self._log.info("answered", method=method, code=code.name, seconds=round(seconds, 3))


def _decoded(handler: Handler, raw: bytes) -> Any:
    if handler.request_deserializer is None:
        return raw
    try:
        return handler.request_deserializer(raw)
    except DecodeError as error:
        raise InvalidRequest.field("request", f"does not parse ({error}); text must be valid UTF-8") from error
