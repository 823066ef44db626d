"""Asking a server over a real socket: order, errors, refusals, and streams that break."""

from __future__ import annotations

import asyncio
import itertools
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from streaming_server import StreamingServer, answered, echo, failed
from svodka.batch.outcome import Outcome, outcome_of
from svodka.batch.stream import Patience, answer_there
from svodka.channel import Connection
from svodka.errors import SvodkaError
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from streaming_server import Behaviour

    Requests = AsyncIterator[summary_pb2.SummarizeRequest]
    Responses = AsyncIterator[summary_pb2.SummarizeResponse]

QUICK = Patience(silence=20.0, reconnects=3, delay=0.01, refusals=3)


def _requests(count: int) -> Iterator[summary_pb2.SummarizeRequest]:
    for number in range(count):
        yield summary_pb2.SummarizeRequest(request_id=f"id-{number}", text=f"Text {number}.")


def _ask(
    server: StreamingServer, count: int, patience: Patience = QUICK, heard: list[str] | None = None
) -> Iterator[summary_pb2.SummarizeResponse]:
    tell = [].append if heard is None else heard.append
    return answer_there(_requests(count), Connection(target=server.target), patience, tell)


def _assert_each_once(responses: list[summary_pb2.SummarizeResponse], count: int) -> None:
    assert sorted(response.request_id for response in responses) == sorted(f"id-{number}" for number in range(count))
    for response in responses:
        assert response.summaries[0].text == f"Text {response.request_id.removeprefix('id-')}."


def _backwards(group: int) -> Behaviour:
    async def behave(requests: Requests, context: Any) -> Responses:
        held = []
        async for request in requests:
            held.append(request)
            while len(held) == group:
                for one in reversed(held):
                    yield answered(one)
                held.clear()

    return behave


def _breaking(after: int, code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> Behaviour:
    async def behave(requests: Requests, context: Any) -> Responses:
        count = itertools.count(1)
        async for request in requests:
            if next(count) > after:
                await context.abort(code, "going down")
            yield answered(request)

    return behave


async def silent(requests: Requests, context: Any) -> Responses:
    async for _ in requests:
        pass
    yield failed("never", grpc.StatusCode.INTERNAL)


async def ending(requests: Requests, context: Any) -> Responses:
    async for request in requests:
        yield answered(request)
        return


def test_answers_out_of_order() -> None:
    with StreamingServer(_backwards(10)) as server:
        responses = list(_ask(server, 40))
        _assert_each_once(responses, 40)
        assert responses[0].request_id == "id-9"
        assert server.endings == ["ended"]


def test_an_article_s_error_is_its_answer_and_the_stream_goes_on() -> None:
    async def behave(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            bad = request.request_id == "id-1"
            yield failed("id-1", grpc.StatusCode.RESOURCE_EXHAUSTED) if bad else answered(request)

    with StreamingServer(behave) as server:
        outcomes = {response.request_id: outcome_of(response) for response in _ask(server, 3)}
    assert outcomes == {"id-0": Outcome.VERIFIED, "id-1": Outcome.FAILED, "id-2": Outcome.VERIFIED}
    assert server.streams == 1


@pytest.mark.parametrize("code", [grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE])
def test_a_refused_article_is_sent_again_after_the_delay_that_it_was_told(code: grpc.StatusCode) -> None:
    arrivals: dict[str, list[float]] = {}

    async def behave(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            times = arrivals.setdefault(request.request_id, [])
            times.append(asyncio.get_running_loop().time())
            refused = request.request_id in {"id-1", "id-2"} and len(times) < 3
            yield failed(request.request_id, code, 0.2) if refused else answered(request)

    with StreamingServer(behave) as server:
        _assert_each_once(list(_ask(server, 5)), 5)
    assert [len(arrivals[f"id-{number}"]) for number in range(5)] == [1, 3, 3, 1, 1]
    for times in (arrivals["id-1"], arrivals["id-2"]):
        assert all(later - sooner >= 0.2 for sooner, later in itertools.pairwise(times))


def test_an_article_that_is_always_refused_fails_in_the_end() -> None:
    async def behave(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            yield failed(request.request_id, grpc.StatusCode.UNAVAILABLE, 0.0) if request.request_id == "id-0" else answered(request)

    with StreamingServer(behave) as server:
        responses = list(_ask(server, 2))
    assert server.received.count("id-0") == 1 + QUICK.refusals
    assert sorted((response.request_id, response.error.code) for response in responses) == [("id-0", 14), ("id-1", 0)]


def test_answers_that_nobody_asked_for_are_left_out() -> None:
    async def behave(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            yield failed(request.request_id, grpc.StatusCode.UNAVAILABLE, 0.05)
            yield answered(request)
            yield answered(request)
            yield answered(summary_pb2.SummarizeRequest(request_id="other"))

    with StreamingServer(behave) as server:
        _assert_each_once(list(_ask(server, 70)), 70)


@pytest.mark.parametrize("breaks", [_breaking(0), _breaking(5), _breaking(5, grpc.StatusCode.RESOURCE_EXHAUSTED), ending])
def test_a_stream_that_breaks_is_opened_again_and_only_what_is_unanswered_is_sent(breaks: Behaviour) -> None:
    heard: list[str] = []
    with StreamingServer(breaks, breaks, echo) as server:
        _assert_each_once(list(_ask(server, 100, heard=heard)), 100)
        assert server.streams == 3
    assert len(heard) == 2
    assert all("connecting again in 0 s" in line for line in heard)


def test_a_server_that_is_killed_and_started_again_is_gone_on_with() -> None:
    patience = Patience(silence=20.0, reconnects=50, delay=0.05, longest_delay=0.1)
    heard: list[str] = []
    with StreamingServer(_answering_few(7)) as first:
        responses = _ask(first, 100, patience, heard)
        done = [next(responses) for _ in range(7)]
        first.kill()
        with StreamingServer(port=first.port) as second:
            done += responses
            assert second.streams == 1
            assert not {response.request_id for response in done[:7]} & set(second.received)
    _assert_each_once(done, 100)
    assert heard


def _answering_few(count: int) -> Behaviour:
    async def behave(requests: Requests, context: Any) -> Responses:
        left = count
        async for request in requests:
            if left:
                yield answered(request)
            left = max(0, left - 1)

    return behave


def test_a_silent_server_is_left_and_asked_again() -> None:
    heard: list[str] = []
    with StreamingServer(silent, echo) as server:
        patience = Patience(silence=0.5, reconnects=1, delay=0.01)
        _assert_each_once(list(_ask(server, 10, patience, heard)), 10)
        assert server.streams == 2
    assert heard == ["the server was silent for 0.5 s; connecting again in 0 s"]


def test_a_server_that_only_breaks_is_given_up_after_the_bound() -> None:
    with StreamingServer(_breaking(0)) as server:
        with pytest.raises(SvodkaError, match="UNAVAILABLE: going down; the same command goes on from here"):
            list(_ask(server, 10))
        assert server.streams == 1 + QUICK.reconnects


def test_an_answer_between_them_begins_the_count_of_breaks_anew() -> None:
    with StreamingServer(*[_breaking(1)] * (2 * QUICK.reconnects), echo) as server:
        _assert_each_once(list(_ask(server, 20)), 20)
        assert server.streams == 1 + 2 * QUICK.reconnects


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(SvodkaError, match="UNAVAILABLE: failed to connect"):
        list(answer_there(_requests(1), Connection(target="127.0.0.1:1"), Patience(reconnects=1, delay=0.01), [].append))


@pytest.mark.parametrize("code", [grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])
def test_what_trying_again_does_not_mend_is_told_at_once(code: grpc.StatusCode) -> None:
    with StreamingServer(_breaking(2, code)) as server:
        with pytest.raises(SvodkaError, match=f"the server refuses: {code.name}: going down"):
            list(_ask(server, 10))
        assert server.streams == 1


def test_a_request_larger_than_the_server_takes_fails_alone() -> None:
    def requests() -> Iterator[summary_pb2.SummarizeRequest]:
        yield summary_pb2.SummarizeRequest(request_id="large", text="word " * 1000)
        yield from _requests(3)

    with StreamingServer(max_message_bytes=4000) as server:
        large, *others = answer_there(requests(), Connection(target=server.target), QUICK, [].append)
    assert (large.request_id, large.error.code) == ("large", grpc.StatusCode.INVALID_ARGUMENT.value[0])
    assert "the server takes 4000" in large.error.message
    _assert_each_once(others, 3)
    assert "large" not in server.received


def test_nothing_to_ask_connects_to_nothing() -> None:
    nowhere = Connection(target="127.0.0.1:1", token_file=Path("there-is-no-such.token"))
    assert list(answer_there(_requests(0), nowhere, QUICK, [].append)) == []


def test_ten_thousand_articles_go_through_a_window_of_sixty_four() -> None:
    read: list[int] = [0]

    def requests() -> Iterator[summary_pb2.SummarizeRequest]:
        for request in _requests(10_000):
            read[0] += 1
            yield request

    answers, most_ahead = 0, 0
    tracemalloc.start()
    with StreamingServer() as server:
        for _ in answer_there(requests(), Connection(target=server.target), QUICK, [].append):
            most_ahead = max(most_ahead, read[0] - answers)
            answers += 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answers == 10_000
    assert most_ahead <= 64
    assert server.most_unanswered <= 64
    # The server's list of ids is counted with it.
    assert peak < 8 * 1024 * 1024


def test_a_run_that_is_given_up_leaves_no_thread_behind() -> None:
    with StreamingServer(_answering_few(1)) as server:
        responses = _ask(server, 5)
        next(responses)
        pumps = [thread for thread in threading.enumerate() if thread.name == "svodka-batch"]
        responses.close()
        for thread in pumps:
            thread.join(20)
        assert len(pumps) == 1
        assert not pumps[0].is_alive()
