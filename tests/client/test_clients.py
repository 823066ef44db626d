"""Both clients over a real socket, against a server that does as it is told: one set of tests, for threads and for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from streaming_server import StreamingServer, answered, echo, failed
from svodka.client import (
    AsyncClient,
    CallFailed,
    Client,
    DeadlinePassed,
    NobodyThere,
    NotLetIn,
    TryLater,
    article_error,
)
from svodka.errors import DeadlineExceeded, Overloaded
from svodka.status import trailers_of
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from streaming_server import Behaviour

    Requests = AsyncIterator[summary_pb2.SummarizeRequest]
    Responses = AsyncIterator[summary_pb2.SummarizeResponse]

ARTICLE = summary_pb2.SummarizeRequest(request_id="id-0", text="Text 0.")


class Asker:
    """Either client, asked in the same words."""

    def __init__(self, target: str, *, blocking: bool) -> None:
        self._target, self._blocking = target, blocking

    def summarize(self, timeout: float = 20.0, request: summary_pb2.SummarizeRequest = ARTICLE) -> summary_pb2.SummarizeResponse:
        async def ask() -> summary_pb2.SummarizeResponse:
            async with AsyncClient(self._target) as client:
                return await client.summarize(request, timeout=timeout)

        if not self._blocking:
            return asyncio.run(ask())
        with Client(self._target) as client:
            return client.summarize(request, timeout=timeout)

    def stream(
        self,
        requests: Iterable[summary_pb2.SummarizeRequest],
        window: int = 64,
        most: int | None = None,
        pause: Callable[[], None] | None = None,
    ) -> list[summary_pb2.SummarizeResponse]:
        """All answers, or the first `most` of them; `pause` after each."""

        def taken(response: summary_pb2.SummarizeResponse) -> bool:
            got.append(response)
            if pause:
                pause()
            return len(got) == most

        async def ask() -> None:
            async with (
                AsyncClient(self._target) as client,
                contextlib.aclosing(client.summarize_stream(requests, window=window)) as responses,
            ):
                async for response in responses:
                    if taken(response):
                        break

        got: list[summary_pb2.SummarizeResponse] = []
        if not self._blocking:
            asyncio.run(ask())
            return got
        with Client(self._target) as client, contextlib.closing(client.summarize_stream(requests, window=window)) as responses:
            for response in responses:
                if taken(response):
                    break
        return got


@pytest.fixture(params=[True, False], ids=["blocking", "asyncio"])
def ask(request: pytest.FixtureRequest) -> Callable[[StreamingServer], Asker]:
    return lambda server: Asker(server.target, blocking=request.param)


def _articles(count: int) -> Iterator[summary_pb2.SummarizeRequest]:
    for number in range(count):
        yield summary_pb2.SummarizeRequest(request_id=f"id-{number}", text=f"Text {number}.")


def _refusing(times: int, code: grpc.StatusCode, seen: list[float], trailing: Any = ()) -> Behaviour:
    """Refuses so many calls, then echoes; notes when each came."""

    async def behave(requests: Requests, context: Any) -> Responses:
        seen.append(time.monotonic())
        if len(seen) <= times:
            await context.abort(code, "no room", trailing)
        async for request in requests:
            yield answered(request)

    return behave


def _overloaded(times: int, retry_after: float, seen: list[float], code: grpc.StatusCode = grpc.StatusCode.RESOURCE_EXHAUSTED) -> Behaviour:
    """The same, as the real server tells it."""
    error = Overloaded("full", retry_after)

    async def behave(requests: Requests, context: Any) -> Responses:
        seen.append(time.monotonic())
        if len(seen) <= times:
            await context.abort(code, str(error), trailers_of(error, context.time_remaining()))
        async for request in requests:
            yield answered(request)

    return behave


def test_an_answer(ask: Any) -> None:
    with StreamingServer() as server:
        assert ask(server).summarize().summaries[0].text == "Text 0."


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_a_passing_refusal_is_asked_again_by_grpc_when_the_server_said(ask: Any, code: grpc.StatusCode) -> None:
    seen: list[float] = []
    with StreamingServer(_overloaded(4, 0.05, seen, code)) as server:
        assert ask(server).summarize().request_id == "id-0"
    assert len(seen) == 5
    assert all(later - sooner >= 0.05 for sooner, later in itertools.pairwise(seen))
    # The policy's own backoff takes 3 s at the least for as many attempts.
    assert seen[-1] - seen[0] < 2.5


def test_a_long_russian_article_is_asked_again_too(ask: Any) -> None:
    seen: list[float] = []
    long = summary_pb2.SummarizeRequest(request_id="long", text="Текст. " * 28_000)
    with StreamingServer(_overloaded(1, 0.0, seen)) as server:
        assert ask(server).summarize(request=long).request_id == "long"
    assert len(seen) == 2


def test_a_refusal_without_a_time_is_asked_again_after_a_backoff(ask: Any) -> None:
    seen: list[float] = []
    with StreamingServer(_refusing(1, grpc.StatusCode.UNAVAILABLE, seen)) as server:
        ask(server).summarize()
    assert seen[1] - seen[0] >= 0.19


def test_a_refusal_that_lasts_is_told_after_five_attempts_with_its_time(ask: Any) -> None:
    seen: list[float] = []
    with StreamingServer(_overloaded(99, 0.01, seen)) as server, pytest.raises(TryLater) as caught:
        ask(server).summarize()
    assert len(seen) == 5
    assert (caught.value.code, caught.value.retry_after, caught.value.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, 0.01, "OVERLOADED")


def test_a_time_past_the_deadline_is_told_at_once(ask: Any) -> None:
    seen: list[float] = []
    started = time.monotonic()
    with StreamingServer(_overloaded(99, 60.0, seen)) as server, pytest.raises(TryLater) as caught:
        ask(server).summarize(timeout=30.0)
    assert (len(seen), caught.value.retry_after) == (1, 60.0)
    assert time.monotonic() - started < 10


def test_the_deadline_bounds_retries(ask: Any) -> None:
    seen: list[float] = []
    started = time.monotonic()
    behave = _refusing(99, grpc.StatusCode.UNAVAILABLE, seen, (("grpc-retry-pushback-ms", "30000"),))
    with StreamingServer(behave) as server, pytest.raises(DeadlinePassed) as caught:
        ask(server).summarize(timeout=0.5)
    assert isinstance(caught.value, DeadlineExceeded)
    assert len(seen) == 1
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("code", [grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNAUTHENTICATED])
def test_what_asking_again_does_not_mend_is_asked_once(ask: Any, code: grpc.StatusCode) -> None:
    seen: list[float] = []
    behave = _refusing(1, code, seen, (("x-request-id", "call-7"),))
    with StreamingServer(behave) as server, pytest.raises(CallFailed) as caught:
        ask(server).summarize()
    assert str(caught.value) == f"{server.target}: {code.name}: no room"
    assert (len(seen), caught.value.code, caught.value.request_id) == (1, code, "call-7")


def test_nobody_there(ask: Any) -> None:
    with StreamingServer() as server:
        pass
    with pytest.raises(NobodyThere, match=f"^{server.target}: UNAVAILABLE: "):
        ask(server).summarize()


def test_a_stream_is_answered_in_any_order_each_once(ask: Any) -> None:
    async def backwards(requests: Requests, context: Any) -> Responses:
        held = [request async for request in requests]
        for request in reversed(held):
            yield answered(request)

    with StreamingServer(backwards) as server:
        responses = ask(server).stream(_articles(20))
        assert server.endings == ["ended"]
    assert [response.request_id for response in responses] == [f"id-{number}" for number in reversed(range(20))]


def test_an_article_that_fails_has_its_error_and_the_stream_goes_on(ask: Any) -> None:
    async def behave(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            bad = request.request_id == "id-1"
            yield failed("id-1", grpc.StatusCode.RESOURCE_EXHAUSTED, 1.5) if bad else answered(request)

    with StreamingServer(behave) as server:
        errors = [article_error(response) for response in ask(server).stream(_articles(3))]
    assert errors[0] is errors[2] is None
    assert isinstance(errors[1], TryLater)
    assert (errors[1].request_id, errors[1].retry_after, str(errors[1])) == ("id-1", 1.5, "RESOURCE_EXHAUSTED: no")


def test_no_more_is_taken_than_the_window_holds(ask: Any) -> None:
    taken, handed = 0, 0
    most_ahead = 0

    def articles() -> Iterator[summary_pb2.SummarizeRequest]:
        nonlocal taken, most_ahead
        for article in _articles(500):
            taken += 1
            most_ahead = max(most_ahead, taken - handed)
            yield article

    def noted() -> None:
        nonlocal handed
        handed += 1

    with StreamingServer() as server:
        assert len(ask(server).stream(articles(), window=8, pause=noted)) == 500
        assert server.most_unanswered <= 8
    assert 1 <= most_ahead <= 9  # an answer makes room for the next before it is handed out


def test_what_the_caller_s_iterator_raises_is_raised_where_the_answers_are_taken(ask: Any) -> None:
    def articles() -> Iterator[summary_pb2.SummarizeRequest]:
        yield from _articles(2)
        raise LookupError("no third article")

    with StreamingServer() as server, pytest.raises(LookupError, match="no third article"):
        ask(server).stream(articles())


@pytest.mark.parametrize("answers", [0, 1])
def test_a_stream_that_fails_as_a_whole_is_told_as_the_server_did(ask: Any, answers: int) -> None:
    async def breaking(requests: Requests, context: Any) -> Responses:
        for _ in range(answers):
            yield answered(await anext(requests))
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "a stranger", (("x-request-id", "call-7"),))

    for failure in _told(ask, breaking):
        assert isinstance(failure, NotLetIn)
        assert "UNAUTHENTICATED: a stranger" in str(failure)
        assert failure.request_id == "call-7"


def _told(ask: Any, answering: Any) -> list[CallFailed]:
    """How streams fail, of twenty those that are told as the server did; at least one is.

    More than one: that requests are being written meanwhile is a matter of luck. Then grpc.aio may put its own status in the place of a
    server's that was still to come; gRPC for threads does not.
    """
    told = []
    for _ in range(20):
        with StreamingServer(answering) as server:
            asking = ask(server)
            with pytest.raises(CallFailed) as caught:
                asking.stream(_articles(500))
        if isinstance(caught.value, NobodyThere):
            assert not asking._blocking
            assert "grpc.aio lost what it said" in str(caught.value)
        else:
            told.append(caught.value)
    assert told
    return told


def test_a_stream_that_ends_too_soon_is_told(ask: Any) -> None:
    async def ending(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            yield answered(request)
            return

    for failure in _told(ask, ending):
        assert "ABORTED: the server ended the stream before" in str(failure)


def test_a_stream_that_is_closed_ends_the_call_and_leaves_no_thread_behind(ask: Any) -> None:
    ended = threading.Event()

    async def holding(requests: Requests, context: Any) -> Responses:
        try:
            async for request in requests:
                yield answered(request)
                await asyncio.Event().wait()
        finally:
            ended.set()

    before = set(threading.enumerate())
    with StreamingServer(holding) as server:
        assert [response.request_id for response in ask(server).stream(_articles(500), window=2, most=1)] == ["id-0"]
        assert ended.wait(20)
    for thread in set(threading.enumerate()) - before:
        thread.join(20)
        assert not thread.is_alive()


def test_a_stream_of_nothing_ends(ask: Any) -> None:
    with StreamingServer() as server:
        assert ask(server).stream([]) == []


async def test_an_async_iterator_may_wait_for_answers_before_it_goes_on() -> None:
    came: asyncio.Queue[str] = asyncio.Queue()

    async def articles() -> AsyncIterator[summary_pb2.SummarizeRequest]:
        for article in _articles(3):
            yield article
            assert await came.get() == article.request_id

    with StreamingServer() as server:
        async with AsyncClient(server.target) as client:
            async for response in client.summarize_stream(articles()):
                came.put_nowait(response.request_id)
        assert server.received == ["id-0", "id-1", "id-2"]


async def test_a_cancelled_task_cancels_its_call() -> None:
    entered, left = threading.Event(), threading.Event()

    async def holding(requests: Requests, context: Any) -> Responses:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        yield answered(ARTICLE)

    with StreamingServer(holding) as server:
        async with AsyncClient(server.target) as client:
            task = asyncio.create_task(client.summarize(ARTICLE))
            assert await asyncio.to_thread(entered.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(left.wait, 20)


def test_metadata_goes_with_a_call() -> None:
    seen: list[str] = []

    async def noting(requests: Requests, context: Any) -> Responses:
        seen.extend(value for key, value in context.invocation_metadata() if key == "x-request-id")
        async for response in echo(requests, context):
            yield response

    with StreamingServer(noting) as server, Client(server.target) as client:
        client.summarize(ARTICLE, metadata=[("x-request-id", "call-7")])
        list(client.summarize_stream([ARTICLE], metadata=[("x-request-id", "call-8")]))
    assert seen == ["call-7", "call-8"]


def test_the_client_s_own_timeout_holds_where_a_call_names_none() -> None:
    async def holding(requests: Requests, context: Any) -> Responses:
        await asyncio.Event().wait()
        yield answered(ARTICLE)

    with StreamingServer(holding) as server, Client(server.target, timeout=0.2) as client, pytest.raises(DeadlinePassed):
        client.summarize(ARTICLE)


def test_a_server_s_details_that_do_not_parse_cost_only_the_details(ask: Any) -> None:
    behave = _refusing(1, grpc.StatusCode.INTERNAL, [], (("grpc-status-details-bin", b"\xff\xff"),))
    with StreamingServer(behave) as server, pytest.raises(CallFailed, match="INTERNAL: no room") as caught:
        ask(server).summarize()
    assert caught.value.reason == ""
