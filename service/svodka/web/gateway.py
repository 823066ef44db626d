"""The page's way to the gRPC server: the one module that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc

from svodka.channel import call_metadata, open_aio_channel
from svodka.v1 import info_pb2, summary_service_pb2_grpc
from svodka.web.faults import Refused, of_article, of_call

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from svodka.channel import Connection
    from svodka.v1 import summary_pb2, translation_pb2

__all__ = ["Gateway"]

# A comparison of the longest text comes back with every passage in every translation.
_MAX_RESPONSE_BYTES = 64 * 1024 * 1024
# The server tells what it is without waiting for its models.
_INFO_SECONDS = 10.0


class Gateway:
    """A server, asked over grpc.aio; made where the event loop runs. A method raises Refused where there is no answer."""

    def __init__(self, connection: Connection, *, timeout: float) -> None:
        """Open the channel, not yet connected; an answer may take `timeout` seconds.

        Raises:
            SettingsError: as `open_channel`.
        """
        self._metadata = call_metadata(connection)
        self._channel = open_aio_channel(connection, _MAX_RESPONSE_BYTES)
        self._stub = summary_service_pb2_grpc.SummaryServiceStub(self._channel)
        self._timeout = timeout

    async def info(self) -> info_pb2.GetServiceInfoResponse:
        """What the server is."""
        try:
            return await self._stub.GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=_INFO_SECONDS, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise Refused(of_call(error)) from error

    async def summarize(self, request: summary_pb2.SummarizeRequest) -> AsyncGenerator[summary_pb2.SummarizeResponse, None]:
        """The steps on the way, which have `progress`, and then the answer; the call ends when nobody listens any more."""
        request.report_progress = True
        call = self._stub.SummarizeStream(_once(request), timeout=self._timeout, metadata=self._metadata)
        try:
            async for response in call:
                if response.HasField("error"):
                    raise Refused(of_article(response.error))
                yield response
        except grpc.aio.AioRpcError as error:
            raise Refused(of_call(error)) from error
        finally:
            call.cancel()

    async def compare(self, request: translation_pb2.CompareTranslationsRequest) -> translation_pb2.CompareTranslationsResponse:
        """One text in several translations."""
        try:
            return await self._stub.CompareTranslations(request, timeout=self._timeout, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise Refused(of_call(error)) from error

    async def close(self) -> None:
        """Hang up."""
        await self._channel.close()


async def _once(request: summary_pb2.SummarizeRequest) -> AsyncIterator[summary_pb2.SummarizeRequest]:
    yield request
