"""Where calls enter a Ray Serve proxy: it hands deadlines on, and tells Serve's own failures as ours.

Serve is given the functions `SERVICES` and asks them to add their services to its gRPC server. It then puts handlers of its own, which
pass calls on to the replicas, in the places of those that it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import grpc
from grpc_health.v1 import health

from svodka.errors import DeadlineExceeded, ModelLost, NotReady, Overloaded, SvodkaError
from svodka.scaleout.context import REPLICA_KEY, SECONDS_LEFT_KEY
from svodka.servicer import SERVICE
from svodka.status import code_of, trailers_of
from svodka.v1 import summary_service_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Context = grpc.aio.ServicerContext[Any, Any]
    Handler = grpc.RpcMethodHandler[Any, Any]

__all__ = ["SERVICES", "Door", "add_health", "add_summary_service"]

# For the option `grpc_servicer_functions` of Serve.
SERVICES = ("svodka.scaleout.door:add_summary_service", "svodka.scaleout.door:add_health")

# Another replica may take the call at once; one that is started anew has to load its models.
_RETRY_SECONDS = 1.0


def add_summary_service(_servicer: object, server: grpc.aio.Server) -> None:
    """Add SummaryService to a proxy's server."""
    methods = summary_service_pb2.DESCRIPTOR.services_by_name["SummaryService"].methods
    server.add_generic_rpc_handlers((Door({f"/{SERVICE}/{method.name}": _place(streaming=method.client_streaming) for method in methods}),))


def add_health(_servicer: object, server: grpc.aio.Server) -> None:
    """Add Check of the standard health service. Its Watch is UNIMPLEMENTED: each would take a replica's place for as long as it lasts."""
    server.add_generic_rpc_handlers((Door({f"/{health.SERVICE_NAME}/Check": _place(streaming=False)}),))


class Door(grpc.GenericRpcHandler):
    """Methods of a service by their paths. Requests pass undecoded: in the proxy, one that does not parse would be an INTERNAL error."""

    def __init__(self, handlers: dict[str, Handler]) -> None:
        self._method_handlers = handlers  # the name by which Serve finds and replaces them

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call."""
        handler = self._method_handlers.get(str(handler_call_details.method))
        if handler is None:
            return None
        if handler.request_streaming:
            return grpc.stream_stream_rpc_method_handler(_stream(handler))
        return grpc.unary_unary_rpc_method_handler(_unary(handler))


def _place(*, streaming: bool) -> Handler:
    async def replaced(_request: object, context: Context) -> None:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Ray Serve did not take this method")

    return grpc.stream_stream_rpc_method_handler(replaced) if streaming else grpc.unary_unary_rpc_method_handler(replaced)


def _unary(handler: Handler) -> Callable[[bytes, Context], Awaitable[object]]:
    behaviour: Any = handler.unary_unary

    async def call(raw: bytes, context: Context) -> object:
        answer = await behaviour(raw, _WithDeadline(context))
        await _settle(context)
        return answer

    return call


def _stream(handler: Handler) -> Callable[[AsyncIterator[bytes], Context], AsyncIterator[object]]:
    behaviour: Any = handler.stream_stream

    async def call(requests: AsyncIterator[bytes], context: Context) -> AsyncIterator[object]:
        async for answer in behaviour(requests, _WithDeadline(context)):
            if _code(context) is grpc.StatusCode.OK:  # the last message of a stream that failed only carries its status
                yield answer
        await _settle(context)

    return call


class _WithDeadline:
    """A call's context, with the client's deadline in the metadata."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def invocation_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        metadata = tuple((key, value) for key, value in self._context.invocation_metadata() or () if key != SECONDS_LEFT_KEY)
        left = self._context.time_remaining()
        return metadata if left is None else (*metadata, (SECONDS_LEFT_KEY, f"{left:.3f}"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


async def _settle(context: Context) -> None:
    """End a call that failed: abort sends its status without a message before it, which is what lets clients try again by themselves."""
    code = _code(context)
    if code is grpc.StatusCode.OK:
        return
    trailing = tuple(context.trailing_metadata() or ())
    details = context.details()
    error = None if any(key == REPLICA_KEY for key, _ in trailing) else _error(code)
    if error is not None:
        code, details = code_of(error), str(error)
        trailing = (*trailing, *trailers_of(error, context.time_remaining()))
    await context.abort(code, details if isinstance(details, str) else bytes(details).decode(), trailing)


def _code(context: Context) -> grpc.StatusCode:
    code = cast("grpc.StatusCode | int", context.code())  # 0 as long as nobody has set it
    return code if isinstance(code, grpc.StatusCode) else grpc.StatusCode.OK


def _error(code: grpc.StatusCode) -> SvodkaError | None:
    """What a status means that no replica has set."""
    match code:
        case grpc.StatusCode.INTERNAL:
            return ModelLost("replica", _RETRY_SECONDS)
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return Overloaded("every replica has its fill, and as many calls wait", _RETRY_SECONDS)
        case grpc.StatusCode.UNAVAILABLE | grpc.StatusCode.NOT_FOUND:  # not deployed yet, or not any more
            return NotReady()
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineExceeded()
    return None
