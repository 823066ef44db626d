"""A replica: the servicer behind its gate, as in the server of one machine, with a method for each of the calls that Serve passes on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from grpc_health.v1 import health_pb2

from svodka import logs, tracing
from svodka.backend import Backend
from svodka.errors import NotReady
from svodka.gate import Gate
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.metrics import Metrics
from svodka.scaleout.context import Aborted, ReplicaContext
from svodka.servicer import SERVICE, SummaryServicer
from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from google.protobuf.message import Message

    from svodka.scaleout.context import GivenContext
    from svodka.settings import Settings

    Handler = grpc.RpcMethodHandler[Any, Any]

__all__ = ["Replica"]

# What Serve shows as the names of a deployment's methods are the contract's; a request is the bytes that came in at the door.


class Replica:
    """One profile's models, and SummaryService on top of them. Serve sends it calls only once it is warm.

    Nothing closes it: Serve lets the calls finish and ends the process, and the models' processes end with that, however it ends.
    """

    async def __init__(self, settings: Settings) -> None:  # type: ignore[misc]  # Serve awaits it
        """Load the models and warm them up.

        Raises:
            ModelError, UnknownProfile: the models cannot be used.
        """
        logs.configure(settings)
        tracing.configure(settings)
        metrics = Metrics()
        catalogue = load_catalogue(find_models_dir(settings.models_dir), settings.catalogue_file)
        self._backend = Backend(settings, metrics, _nobody_asks)
        self._gate = Gate(SERVICE, metrics)
        self._services = _Services()
        servicer = SummaryServicer(self._backend, catalogue, settings)
        summary_service_pb2_grpc.add_SummaryServiceServicer_to_server(servicer, cast("grpc.aio.Server", self._services))
        await self._backend.start()

    async def check_health(self) -> None:
        """Tell Serve whether to keep this replica.

        Raises:
            NotReady: a model is being started again; Serve replaces a replica that says so three times in a row.
        """
        if not self._backend.ready:
            raise NotReady

    async def Summarize(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer, as for the other methods."""
        return await self._unary("Summarize", request, grpc_context)

    async def Translate(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer."""
        return await self._unary("Translate", request, grpc_context)

    async def CheckFigures(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer."""
        return await self._unary("CheckFigures", request, grpc_context)

    async def ExtractFigures(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer."""
        return await self._unary("ExtractFigures", request, grpc_context)

    async def CompareTranslations(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer."""
        return await self._unary("CompareTranslations", request, grpc_context)

    async def GetServiceInfo(self, request: bytes, grpc_context: GivenContext) -> Message:
        """See SummaryServicer; the service is told as this replica sees it."""
        return await self._unary("GetServiceInfo", request, grpc_context)

    async def SummarizeStream(self, requests: AsyncIterator[bytes], grpc_context: GivenContext) -> AsyncIterator[Message]:
        """See SummaryServicer; a whole stream is answered by one replica."""
        context = ReplicaContext(grpc_context)
        behaviour: Any = (await self._handler("SummarizeStream")).stream_stream
        try:
            async for answer in context.written_while(behaviour(requests, context)):
                yield answer
        except Aborted:
            yield Empty()  # carries the status to the door, and ends there

    async def Check(self, request: bytes, grpc_context: GivenContext) -> Message:
        """The standard health check: SERVING when there is a replica to say so, and its models run."""
        if health_pb2.HealthCheckRequest.FromString(request).service not in {"", SERVICE}:
            with contextlib.suppress(Aborted):
                await ReplicaContext(grpc_context).abort(grpc.StatusCode.NOT_FOUND, "no such service")
            return Empty()
        ready, lost = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
        return health_pb2.HealthCheckResponse(status=ready if self._backend.ready else lost)

    async def _unary(self, name: str, request: bytes, given: GivenContext) -> Message:
        behaviour: Any = (await self._handler(name)).unary_unary
        try:
            answer: Message = await behaviour(request, ReplicaContext(given))
        except Aborted:
            return Empty()  # Serve copies the status of a call that returns; of one that raises, it would lose the details
        return answer

    async def _handler(self, name: str) -> Handler:
        """A method of the servicer, behind the gate."""
        handler = await self._gate.intercept_service(self._services.find, _Details(method=f"/{SERVICE}/{name}"))
        if handler is None:
            raise LookupError(name)
        return handler


class _Services:
    """Takes services as a server does, and finds their methods."""

    def __init__(self) -> None:
        self._handlers: list[grpc.GenericRpcHandler] = []

    def add_generic_rpc_handlers(self, handlers: tuple[grpc.GenericRpcHandler, ...]) -> None:
        self._handlers += handlers

    def add_registered_method_handlers(self, service_name: str, method_handlers: dict[str, Handler]) -> None:
        """The same again, for servers that look methods up by their names."""

    async def find(self, details: grpc.HandlerCallDetails) -> Handler | None:
        found = (handler.service(details) for handler in self._handlers)
        return next((handler for handler in found if handler is not None), None)


class _Details(grpc.HandlerCallDetails):
    def __init__(self, method: str) -> None:
        self.method = method
        self.invocation_metadata = ()


async def _nobody_asks(_model: str, _up: bool) -> None:
    """A model's own health is no service here: Serve asks the replica."""
