"""The first that a call meets: whose is it, and has that client room for it? Health checks pass unasked."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import grpc
import structlog
from grpc_health.v1 import health

from svodka.errors import QuotaExceeded, SvodkaError, Unauthenticated
from svodka.security.quota import Quota
from svodka.status import REQUEST_ID_KEY, code_of, request_id, trailers_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from svodka.metrics import Metrics
    from svodka.security.clients import Client, Clients

    Handler = grpc.RpcMethodHandler[Any, Any]
    Context = grpc.aio.ServicerContext[Any, Any]

__all__ = ["Doorkeeper"]

_FREE = f"/{health.SERVICE_NAME}/"

# By whether the requests and whether the responses are a stream.
_HANDLERS: dict[tuple[bool, bool], Callable[..., Handler]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


class Doorkeeper(grpc.aio.ServerInterceptor):
    """Lets in calls that carry the token of a client within its quota; put it before all other interceptors."""

    def __init__(self, clients: Clients, metrics: Metrics) -> None:
        self._clients = clients
        self._metrics = metrics
        self._quotas: dict[str, Quota] = defaultdict(Quota)  # by the client's name, so that a changed file forgives nothing
        self._log = structlog.get_logger("svodka.doorkeeper")

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Ask whose the call is, before anything of it is read, and guard its handler."""
        method = str(handler_call_details.method)
        if method.startswith(_FREE):
            return await continuation(handler_call_details)
        try:
            client = self._clients.identify(handler_call_details.invocation_metadata or ())
        except Unauthenticated as error:
            return self._refusing(method, error)
        # A call has a context of its own: what follows in it logs the name, other calls do not.
        structlog.contextvars.bind_contextvars(client=client.name)
        handler = await continuation(handler_call_details)
        return None if handler is None else self._guarded(method, handler, client)

    def _refusing(self, method: str, error: SvodkaError) -> Handler:
        async def call(_: Any, context: Context) -> None:
            await self._refuse(method, error, context)

        # A handler of streams is called before a request has come; to the client it makes no difference.
        return grpc.stream_stream_rpc_method_handler(call)

    def _guarded(self, method: str, handler: Handler, client: Client) -> Handler:
        behaviour: Any = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream

        async def call(request: Any, context: Context) -> Any:
            quota = self._quotas[client.name]
            with contextlib.ExitStack() as room:
                try:
                    room.enter_context(quota.use(client))
                except QuotaExceeded as error:
                    self._metrics.refused("door", "quota")
                    await self._refuse(method, error, context)
                if handler.request_streaming:
                    request = _paced(request, quota, client)
                if not handler.response_streaming:
                    return await behaviour(request, context)
                await _pass_on(behaviour(request, context), context)
            return None

        make = _HANDLERS[handler.request_streaming, handler.response_streaming]
        return make(call, handler.request_deserializer, handler.response_serializer)

    async def _refuse(self, method: str, error: SvodkaError, context: Context) -> None:
        code, call_id = code_of(error), request_id(context.invocation_metadata() or ())
        self._log.info("refused", method=method, code=code.name, problem=str(error), request_id=call_id)
        await context.abort(code, str(error), ((REQUEST_ID_KEY, call_id), *trailers_of(error, context.time_remaining())))


async def _paced(requests: AsyncIterator[Any], quota: Quota, client: Client) -> AsyncIterator[Any]:
    """The requests of a stream, each as soon as the client may send one more; the first was counted with the call."""
    first = True
    async for request in requests:
        if not first:
            await quota.turn(client)
        first = False
        yield request


async def _pass_on(responses: Any, context: Context) -> None:
    """Write the responses of a handler that yields them; one that writes for itself is waited for.

    A generator that yielded them on would be closed late where the call is cancelled, and hold the client's room until then.
    """
    if not hasattr(responses, "__aiter__"):
        await responses
        return
    async with contextlib.aclosing(responses):
        async for response in responses:
            await context.write(response)
