"""The client for threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

import grpc

from svodka.channel import Connection, find_way
from svodka.client.errors import call_error
from svodka.client.options import OPTIONS, TIMEOUT_SECONDS, WINDOW
from svodka.client.turns import Turns
from svodka.v1 import info_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from svodka.client.options import Metadata
    from svodka.v1 import figures_pb2, summary_pb2, translation_pb2

__all__ = ["Client"]

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Client:
    """A server, as an object: a method a call. Use it as a context manager, from as many threads as you like.

    Every call has a deadline: `timeout` seconds, else the client's, which bounds gRPC's own retries too. `metadata` goes with it, such as
    an `x-request-id` or a `traceparent`. What can go wrong is in `svodka.client.errors`.
    """

    def __init__(self, server: Connection | str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """Nothing is connected before the first call; `server` is HOST:PORT where neither TLS nor a token is needed.

        Raises:
            SettingsError: a file of the connection is missing or wrong, or its token would leave this machine in plaintext.
        """
        way = find_way(Connection(target=server) if isinstance(server, str) else server)
        self._target, self._metadata, self._timeout = way.target, way.metadata, timeout
        self._channel = way.open(OPTIONS)
        self._stub = summary_service_pb2_grpc.SummaryServiceStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; calls that run are cancelled."""
        self._channel.close()

    def summarize(
        self, request: summary_pb2.SummarizeRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> summary_pb2.SummarizeResponse:
        """Summaries of an article, with the ledger of its figures.

        Raises:
            CallFailed: what the server answered, or that none can be reached.
        """
        return self._ask(self._stub.Summarize, request, timeout, metadata)

    def translate(
        self, request: translation_pb2.TranslateRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> translation_pb2.TranslateResponse:
        """A text in the other language, its figures checked; raises as `summarize`, like all below."""
        return self._ask(self._stub.Translate, request, timeout, metadata)

    def compare_translations(
        self, request: translation_pb2.CompareTranslationsRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> translation_pb2.CompareTranslationsResponse:
        """A text in several translations, side by side."""
        return self._ask(self._stub.CompareTranslations, request, timeout, metadata)

    def check_figures(
        self, request: figures_pb2.CheckFiguresRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> figures_pb2.CheckFiguresResponse:
        """Whether the figures of two texts agree."""
        return self._ask(self._stub.CheckFigures, request, timeout, metadata)

    def extract_figures(
        self, request: figures_pb2.ExtractFiguresRequest, *, timeout: float | None = None, metadata: Metadata = ()
    ) -> figures_pb2.ExtractFiguresResponse:
        """The figures of a text."""
        return self._ask(self._stub.ExtractFigures, request, timeout, metadata)

    def service_info(self, *, timeout: float | None = None, metadata: Metadata = ()) -> info_pb2.GetServiceInfoResponse:
        """What the server is: version, profiles, models, limits."""
        return self._ask(self._stub.GetServiceInfo, info_pb2.GetServiceInfoRequest(), timeout, metadata)

    def summarize_stream(
        self,
        requests: Iterable[summary_pb2.SummarizeRequest],
        *,
        window: int = WINDOW,
        timeout: float | None = None,
        metadata: Metadata = (),
    ) -> Generator[summary_pb2.SummarizeResponse]:
        """Answers to many articles as they are done, in any order: `request_id` tells which, `article_error` why one failed.

        Where a request sets `report_progress`, what has `progress` comes before its answer.

        `requests` are taken in another thread, the next only when fewer than `window` are unanswered; what they raise is raised here.
        Without a `timeout` the stream may take as long as it needs. Take all of it, or close it (`contextlib.closing`).

        Raises:
            CallFailed: the stream as a whole failed, or ended before everything was answered.
        """
        turns = Turns(requests, self._target)
        call = self._stub.SummarizeStream(iter(turns), timeout=timeout, metadata=(*self._metadata, *metadata))
        turns.begin(window, call.cancel)
        try:
            for response in call:
                if not response.HasField("progress"):
                    turns.answered()
                yield response
            turns.check_end()
        except grpc.RpcError as error:
            raise turns.error or call_error(error, self._target) from error
        finally:
            turns.stop()
            call.cancel()

    def _ask(
        self,
        method: grpc.UnaryUnaryMultiCallable[Request, Answer],
        request: Request,
        timeout: float | None,
        metadata: Metadata,
    ) -> Answer:
        seconds = self._timeout if timeout is None else timeout
        try:
            return method(request, timeout=seconds, metadata=(*self._metadata, *metadata))
        except grpc.RpcError as error:
            raise call_error(error, self._target) from error
