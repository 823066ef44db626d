"""A server over a real socket that behaves as it is told, for tests of clients: no models, answers that only echo."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2

from svodka.v1 import info_pb2, summary_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Behaviour = Callable[[AsyncIterator[summary_pb2.SummarizeRequest], Any], AsyncIterator[summary_pb2.SummarizeResponse]]


def answered(request: summary_pb2.SummarizeRequest) -> summary_pb2.SummarizeResponse:
    summary = summary_pb2.Summary(language="en", text=request.text)
    return summary_pb2.SummarizeResponse(request_id=request.request_id, summaries=[summary], verdict=summary_pb2.VERIFIED)


def failed(request_id: str, code: grpc.StatusCode, retry_seconds: float | None = None) -> summary_pb2.SummarizeResponse:
    error = summary_pb2.ArticleError(code=code.value[0], message="no")
    if retry_seconds is not None:
        delay = Duration()
        delay.FromNanoseconds(int(retry_seconds * 1e9))
        packed = AnyMessage()
        packed.Pack(error_details_pb2.RetryInfo(retry_delay=delay))
        error.details.append(packed)
    return summary_pb2.SummarizeResponse(request_id=request_id, error=error)


async def echo(requests: AsyncIterator[summary_pb2.SummarizeRequest], context: Any) -> AsyncIterator[summary_pb2.SummarizeResponse]:
    async for request in requests:
        yield answered(request)


class StreamingServer(summary_service_pb2_grpc.SummaryServiceServicer):
    """Runs in a thread with an event loop of its own. `behaviours`: of the first stream, of the second…; the last one stays."""

    def __init__(self, *behaviours: Behaviour, max_message_bytes: int = 0, port: int = 0) -> None:
        self._behaviours = behaviours or (echo,)
        self._limit = max_message_bytes
        self._wanted_port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.received: list[str] = []
        self.sent = 0
        self.most_unanswered = 0
        self.streams = 0
        self.endings: list[str] = []

    def __enter__(self) -> StreamingServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End every call at once and stop listening."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._server.stop(None), self._loop).result(20)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(20)
            self._loop.close()

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def _start(self) -> None:
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        summary_service_pb2_grpc.add_SummaryServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port(f"127.0.0.1:{self._wanted_port}")
        await self._server.start()

    async def GetServiceInfo(self, request: info_pb2.GetServiceInfoRequest, context: Any) -> info_pb2.GetServiceInfoResponse:  # noqa: N802
        return info_pb2.GetServiceInfoResponse(limits=info_pb2.Limits(max_message_bytes=self._limit))

    async def Summarize(self, request: summary_pb2.SummarizeRequest, context: Any) -> summary_pb2.SummarizeResponse:  # noqa: N802
        async def one() -> AsyncIterator[summary_pb2.SummarizeRequest]:
            yield request

        async for response in self._behaviours[0](one(), context):
            return response
        return None

    async def SummarizeStream(self, requests: Any, context: Any) -> AsyncIterator[summary_pb2.SummarizeResponse]:  # noqa: N802
        behaviour = self._behaviours[min(self.streams, len(self._behaviours) - 1)]
        self.streams += 1
        received, sent, ending = len(self.received), self.sent, "cut"

        async def noted() -> AsyncIterator[summary_pb2.SummarizeRequest]:
            async for request in requests:
                self.received.append(request.request_id)
                unanswered = len(self.received) - received - (self.sent - sent)
                self.most_unanswered = max(self.most_unanswered, unanswered)
                yield request

        try:
            async for response in behaviour(noted(), context):
                yield response
                self.sent += 1
            ending = "ended"
        finally:
            self.endings.append(ending)
