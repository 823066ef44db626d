"""The client for asyncio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self, TypeVar

import grpc

from svodka.channel import Connection, find_way
from svodka.client.errors import call_error
from svodka.client.first_status import FirstStatus
from svodka.client.options import OPTIONS, TIMEOUT_SECONDS, WINDOW
from svodka.client.turns import AsyncTurns
from svodka.v1 import info_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable

    from svodka.client.options import Metadata
    from svodka.v1 import figures_pb2, summary_pb2, translation_pb2

__all__ = ["AsyncClient"]

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class AsyncClient:
    """A server, as an object: a method a call, as of `Client`. Make it and use it in one event loop; it is an async context manager.

    A task that is cancelled while it awaits an answer cancels the call, and the server stops its work.
    """

    def __init__(self, server: Connection | str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """Nothing is connected before the first call; `server` is HOST:PORT where neither TLS nor a token is needed.

        Raises:
            SettingsError: a file of the connection is missing or wrong, or its token would leave this machine in plaintext.
        """
        way = find_way(Connection(target=server) if isinstance(server, str) else server)
        self._target, self._metadata, self._timeout = way.target, way.metadata, timeout
        self._channel = way.open_async(OPTIONS)
        self._stub = summary_service_pb2_grpc.SummaryServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; calls that run are cancelled."""
        await self._channel.close()

    async def summarize(
        self, request: summary_pb2.SummarizeRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> summary_pb2.SummarizeResponse:
        """Summaries of an article, with the ledger of its figures.

        Raises:
            CallFailed: what the server answered, or that none can be reached.
        """
        return await self._ask(self._stub.Summarize, request, timeout, metadata)

    async def translate(
        self, request: translation_pb2.TranslateRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> translation_pb2.TranslateResponse:
        """A text in the other language, its figures checked; raises as `summarize`, like all below."""
        return await self._ask(self._stub.Translate, request, timeout, metadata)

    async def compare_translations(
        self, request: translation_pb2.CompareTranslationsRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> translation_pb2.CompareTranslationsResponse:
        """A text in several translations, side by side."""
        return await self._ask(self._stub.CompareTranslations, request, timeout, metadata)

    async def check_figures(
        self, request: figures_pb2.CheckFiguresRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> figures_pb2.CheckFiguresResponse:
        """Whether the figures of two texts agree."""
        return await self._ask(self._stub.CheckFigures, request, timeout, metadata)

    async def extract_figures(
        self, request: figures_pb2.ExtractFiguresRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> figures_pb2.ExtractFiguresResponse:
        """The figures of a text."""
        return await self._ask(self._stub.ExtractFigures, request, timeout, metadata)

    async def service_info(self, *, timeout: float | None = None, metadata: Metadata = ()) -> info_pb2.GetServiceInfoResponse:
        """What the server is: version, profiles, models, limits."""
        return await self._ask(self._stub.GetServiceInfo, info_pb2.GetServiceInfoRequest(), timeout, metadata)

    async def summarize_stream(
        self,
        requests: AsyncIterable[summary_pb2.SummarizeRequest] | Iterable[summary_pb2.SummarizeRequest],
        *,
        window: int = WINDOW,
        timeout: float | None = None,
        metadata: Metadata = (),
    ) -> AsyncGenerator[summary_pb2.SummarizeResponse]:
        """Answers to many articles as they are done, in any order: `request_id` tells which, `article_error` why one failed.

        Where a request sets `report_progress`, what has `progress` comes before its answer.

        The next of `requests` is taken only when fewer than `window` are unanswered; what they raise is raised here. Without a
        `timeout` the stream may take as long as it needs. Take all of it, or close it (`contextlib.aclosing`).

        Raises:
            CallFailed: the stream as a whole failed, or ended before everything was answered.
        """
        turns = AsyncTurns(requests, self._target, window)
        call = self._stub.SummarizeStream(aiter(turns), timeout=timeout, metadata=(*self._metadata, *metadata))
        first = FirstStatus(call)
        try:
            async for response in call:
                if not response.HasField("progress"):
                    turns.answered()
                yield response
            turns.check_end()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if turns.error is None or (task is not None and task.cancelling()):
                raise
            raise turns.error from None
        except grpc.aio.AioRpcError as error:
            told = first.instead_of(error)
            ended = turns.too_soon() if told.code() is grpc.StatusCode.OK else call_error(told, self._target)
            raise turns.error or ended from error
        finally:
            call.cancel()

    async def _ask(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Answer],
        request: Request,
        timeout: float | None,
        metadata: Metadata,
    ) -> Answer:
        seconds = self._timeout if timeout is None else timeout
        try:
            return await method(request, timeout=seconds, metadata=(*self._metadata, *metadata))
        except grpc.aio.AioRpcError as error:
            raise call_error(error, self._target) from error
