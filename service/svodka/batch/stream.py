"""Articles answered by a server over SummarizeStream; a stream that breaks is opened again, and what is unanswered is sent again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import grpc
from grpc_status import rpc_status

from svodka.batch.outcome import failure
from svodka.batch.window import Window
from svodka.channel import find_way
from svodka.client.errors import retry_after
from svodka.errors import SvodkaError
from svodka.v1 import info_pb2, summary_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from svodka.channel import Connection

    Inbox = SimpleQueue[summary_pb2.SummarizeResponse | grpc.RpcError | None]

__all__ = ["Patience", "answer_there"]

# Articles sent and not answered: enough that a server never waits for the next.
_WINDOW = 64
# What a server may answer, or a connection may end with, that is better at another time.
_PASSING = frozenset(
    {
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.UNKNOWN,
    }
)
_REFUSALS = frozenset({grpc.StatusCode.RESOURCE_EXHAUSTED.value[0], grpc.StatusCode.UNAVAILABLE.value[0]})
# The server answers that without waiting for its models.
_INFO_SECONDS = 30.0
# How long a stream whose articles are all answered may take to end.
_GOODBYE_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a server is waited for, and how often it is asked again. Times in seconds."""

    # Without any answer, a stream counts as broken after that.
    silence: float = 300.0
    # In a row, without an answer between them.
    reconnects: int = 8
    # Before the first of those; each later one waits twice as long.
    delay: float = 1.0
    longest_delay: float = 30.0
    # Times that one article is sent again which the server refused for the moment.
    refusals: int = 20


class _Broken(Exception):
    """The stream ended before everything was answered; perhaps the next does not."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def answer_there(
    requests: Iterator[summary_pb2.SummarizeRequest],
    connection: Connection,
    patience: Patience,
    tell: Callable[[str], None],
) -> Iterator[summary_pb2.SummarizeResponse]:
    """An answer to each request, in any order; `tell` hears of broken streams.

    Raises:
        SvodkaError: the server cannot be reached, or goes on breaking off, or refuses the whole stream.
        SettingsError: as `find_way`.
    """
    window = Window(requests, _WINDOW)
    failed = 0
    # Nothing to ask, nothing to connect for.
    while first := list(window.to_send()):
        try:
            way = find_way(connection)  # anew each time: a token or certificate may have been changed since
            with way.open() as channel:
                for response in _Stream(channel, way.metadata, window, patience).answers(first):
                    failed = 0
                    yield response
        except _Broken as broken:
            failed += 1
            if failed > patience.reconnects:
                raise SvodkaError(f"{broken}; the same command goes on from here") from broken
            delay = max(min(patience.longest_delay, patience.delay * 2 ** (failed - 1)), broken.retry_after)
            tell(f"{broken}; connecting again in {delay:.0f} s")
            time.sleep(delay)
            window.send_all_again()


class _Stream:
    """One call. All decisions are made in the caller's thread; the library's threads only take from and put into queues."""

    def __init__(self, channel: grpc.Channel, metadata: tuple[tuple[str, str], ...], window: Window, patience: Patience) -> None:
        self._stub = summary_service_pb2_grpc.SummaryServiceStub(channel)
        self._metadata = metadata
        self._window = window
        self._patience = patience
        self._resume_at = 0.0
        self._outbox: SimpleQueue[summary_pb2.SummarizeRequest | None] = SimpleQueue()

    def answers(self, first: list[summary_pb2.SummarizeRequest]) -> Iterator[summary_pb2.SummarizeResponse]:
        """Answers until everything is answered; `first` is what of the window is to be sent at once."""
        limit = self._message_limit()
        inbox: Inbox = SimpleQueue()
        call = self._stub.SummarizeStream(iter(self._outbox.get, None), metadata=self._metadata)
        threading.Thread(target=_pump, args=(call, inbox), daemon=True, name="svodka-batch").start()
        try:
            yield from self._send(first, limit)
            while True:
                if time.monotonic() >= self._resume_at:
                    yield from self._send(self._window.to_send(), limit)
                    if self._window.empty:
                        break
                if response := self._next(inbox):
                    yield response
            self._outbox.put(None)
            _say_goodbye(inbox)
        finally:
            self._outbox.put(None)
            call.cancel()

    def _message_limit(self) -> int:
        """Bytes of a request that the server takes: a larger one would break the stream for all. 0: it does not tell."""
        try:
            seconds = min(_INFO_SECONDS, self._patience.silence)
            info = self._stub.GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:
                return 0
            raise _ended(error) from error
        return info.limits.max_message_bytes

    def _send(
        self, requests: Iterator[summary_pb2.SummarizeRequest] | list[summary_pb2.SummarizeRequest], limit: int
    ) -> Iterator[summary_pb2.SummarizeResponse]:
        """Send; what is larger than the server takes is answered here."""
        for request in requests:
            if limit and (size := request.ByteSize()) > limit:
                self._window.settle(request.request_id)
                told = f"the request has {size} bytes; the server takes {limit}"
                yield failure(request.request_id, grpc.StatusCode.INVALID_ARGUMENT, told)
            else:
                self._outbox.put(request)

    def _next(self, inbox: Inbox) -> summary_pb2.SummarizeResponse | None:
        """The next answer; None where nothing is settled: time to send again, a refusal, or an answer that nobody waits for.

        Raises:
            _Broken: the stream ended, or nothing came for too long.
        """
        pause = self._resume_at - time.monotonic()
        try:
            event = inbox.get(timeout=pause if pause > 0 else self._patience.silence)
        except Empty:
            if pause > 0:
                return None
            raise _Broken(f"the server was silent for {self._patience.silence:g} s") from None
        if event is None:
            raise _Broken("the server ended the stream before everything was answered")
        if isinstance(event, grpc.RpcError):
            raise _ended(event)
        if not self._window.holds(event.request_id) or self._again(event):
            return None
        self._window.settle(event.request_id)
        return event

    def _again(self, response: summary_pb2.SummarizeResponse) -> bool:
        """Whether an article was refused for the moment and is to be sent again; nothing else is sent before then either."""
        delay = retry_after(response.error.details) if response.error.code in _REFUSALS else None
        if delay is None or self._window.refused(response.request_id) > self._patience.refusals:
            return False
        self._resume_at = max(self._resume_at, time.monotonic() + delay)
        return True


def _pump(call: Iterator[summary_pb2.SummarizeResponse], inbox: Inbox) -> None:
    """Answers from the call into the queue, and how it ended. There are never more of them than the window has places."""
    try:
        for response in call:
            inbox.put(response)
    except grpc.RpcError as error:
        inbox.put(error)
    else:
        inbox.put(None)


def _say_goodbye(inbox: Inbox) -> None:
    """Let the server end the stream, so that it does not count as cancelled. Everything is answered: what else comes matters no more."""
    until = time.monotonic() + _GOODBYE_SECONDS
    while (left := until - time.monotonic()) > 0:
        try:
            event = inbox.get(timeout=left)
        except Empty:
            return
        if event is None or isinstance(event, grpc.RpcError):
            return


def _ended(error: grpc.RpcError) -> Exception:
    """What the end of a call means: a passing trouble, or one that trying again does not mend."""
    told = f"{error.code().name}: {error.details()}"
    if error.code() not in _PASSING:
        return SvodkaError(f"the server refuses: {told}")
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error of a call is the call
    return _Broken(told, retry_after(status.details if status else ()) or 0.0)
