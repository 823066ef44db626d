"""The page's way to the gRPC server: the one module that calls it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from svodka.client import AsyncClient, article_error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from svodka.channel import Connection
    from svodka.v1 import info_pb2, summary_pb2, translation_pb2

__all__ = ["Gateway"]

# The server tells what it is without waiting for its models.
_INFO_SECONDS = 10.0


class Gateway:
    """A server, asked over grpc.aio; made where the event loop runs. A method raises CallFailed where there is no answer."""

    def __init__(self, connection: Connection, *, timeout: float) -> None:
        """Open the channel, not yet connected; an answer may take `timeout` seconds.

        Raises:
            SettingsError: as `find_way`.
        """
        self._client = AsyncClient(connection, timeout=timeout)
        self._timeout = timeout

    async def info(self) -> info_pb2.GetServiceInfoResponse:
        """What the server is."""
        return await self._client.service_info(timeout=_INFO_SECONDS)

    async def summarize(self, request: summary_pb2.SummarizeRequest) -> AsyncGenerator[summary_pb2.SummarizeResponse, None]:
        """The steps on the way, which have `progress`, and then the answer; the call ends when nobody listens any more."""
        request.report_progress = True
        async with contextlib.aclosing(self._client.summarize_stream([request], timeout=self._timeout)) as responses:
            async for response in responses:
                if error := article_error(response):
                    raise error
                yield response

    async def compare(self, request: translation_pb2.CompareTranslationsRequest) -> translation_pb2.CompareTranslationsResponse:
        """One text in several translations."""
        return await self._client.compare_translations(request)

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()
