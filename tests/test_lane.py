"""A bounded queue before threads: room, refusal, deadlines, cancellation."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from svodka.call import Call, current
from svodka.errors import Cancelled, DeadlineExceeded, Overloaded
from svodka.lane import Lane
from svodka.metrics import Metrics
from svodka.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 10


class Work:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.began, self.released = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.began.set()
        assert self.released.wait(SECONDS)
        current().check()
        return "done"

    async def wait_until_begun(self) -> None:
        assert await asyncio.to_thread(self.began.wait, SECONDS)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def make(metrics: Metrics) -> Iterator[Callable[..., Lane]]:
    lanes: list[Lane] = []

    def make(threads: int = 1, max_calls: int = 2, max_tokens: int = 100) -> Lane:
        lanes.append(Lane("models", threads=threads, max_calls=max_calls, max_tokens=max_tokens, metrics=metrics, turns=Turns()))
        return lanes[-1]

    yield make
    for lane in lanes:
        lane.close()


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, {"lane": "models", **labels})


async def test_calls_over_the_bound_are_refused_at_once_and_told_when_to_come_again(make: Callable[..., Lane], metrics: Metrics) -> None:
    lane = make()
    work = Work()
    accepted = [asyncio.create_task(lane.do(work, tokens=10, call=Call())) for _ in range(2)]
    await work.wait_until_begun()
    started = time.monotonic()
    with pytest.raises(Overloaded, match="2 of 2 requests") as caught:
        await lane.do(work, tokens=10, call=Call())
    assert time.monotonic() - started < 0.05
    assert caught.value.retry_after >= 1
    assert _value(metrics, "svodka_refused_total", reason="full") == 1
    assert _value(metrics, "svodka_queue_tokens") == 20
    work.released.set()
    assert await asyncio.gather(*accepted) == ["done", "done"]
    assert await lane.do(work, tokens=10, call=Call()) == "done"
    assert (_value(metrics, "svodka_queue_tokens"), lane.calls) == (0, 0)


async def test_tokens_bound_the_queue_but_a_single_call_may_have_more(make: Callable[..., Lane]) -> None:
    lane = make(max_calls=10, max_tokens=100)
    work = Work()
    large = asyncio.create_task(lane.do(work, tokens=1000, call=Call()))
    await work.wait_until_begun()
    with pytest.raises(Overloaded, match="1000 of 100 tokens"):
        await lane.do(work, tokens=1, call=Call())
    work.released.set()
    assert await large == "done"


async def test_the_time_to_wait_grows_with_the_queue(make: Callable[..., Lane]) -> None:
    lane = make(max_calls=3)
    work = Work()
    first = asyncio.create_task(lane.do(work, tokens=1, call=Call()))
    await work.wait_until_begun()
    await asyncio.sleep(0.05)  # what is learned: a token takes a twentieth of a second at least
    work.released.set()
    await first
    again = Work()
    waiting = [asyncio.create_task(lane.do(again, tokens=30, call=Call())) for _ in range(3)]
    await again.wait_until_begun()
    with pytest.raises(Overloaded) as caught:
        await lane.do(again, tokens=30, call=Call())
    assert caught.value.retry_after >= 90 * 0.05
    again.released.set()
    await asyncio.gather(*waiting)


async def test_what_would_not_be_ready_in_time_is_not_accepted(make: Callable[..., Lane], metrics: Metrics) -> None:
    lane = make(max_calls=10)
    lane.learn(10, 5.0)  # half a second a token
    work = Work()
    first = asyncio.create_task(lane.do(work, tokens=10, call=Call(time.monotonic() + 0.5)))  # an idle lane tries whatever it is given
    await work.wait_until_begun()
    with pytest.raises(Overloaded, match="may take 15 s, and its deadline is in 5 s") as caught:
        await lane.do(work, tokens=10, call=Call(time.monotonic() + 5))
    assert caught.value.retry_after == pytest.approx(10, abs=1)
    assert _value(metrics, "svodka_refused_total", reason="late") == 1
    later = asyncio.create_task(lane.do(work, tokens=10, call=Call(time.monotonic() + 60)))
    work.released.set()
    assert await asyncio.gather(first, later) == ["done", "done"]


async def test_a_call_that_is_cancelled_in_the_queue_is_never_begun(make: Callable[..., Lane]) -> None:
    lane = make()
    busy, never = Work(), Work()
    first = asyncio.create_task(lane.do(busy, tokens=1, call=Call()))
    await busy.wait_until_begun()
    second = asyncio.create_task(lane.do(never, tokens=1, call=Call()))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert lane.calls == 1
    busy.released.set()
    assert await first == "done"
    assert not never.began.is_set()


async def test_a_call_that_is_cancelled_at_work_gives_its_place_back_at_once_and_stops(make: Callable[..., Lane]) -> None:
    lane = make(max_calls=1)
    work, call = Work(), Call()
    task = asyncio.create_task(lane.do(work, tokens=1, call=call))
    await work.wait_until_begun()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lane.calls == 0
    with pytest.raises(Cancelled):
        call.check()
    work.released.set()


async def test_a_deadline_passes_in_the_queue_and_at_work(make: Callable[..., Lane], metrics: Metrics) -> None:
    lane = make()
    work, never = Work(), Work()
    at_work = asyncio.create_task(lane.do(work, tokens=1, call=Call(time.monotonic() + 0.1)))
    await work.wait_until_begun()
    in_queue = asyncio.create_task(lane.do(never, tokens=1, call=Call(time.monotonic() + 0.1)))
    for task in (at_work, in_queue):
        with pytest.raises(DeadlineExceeded):
            await task
    assert lane.calls == 0
    assert _value(metrics, "svodka_refused_total", reason="expired") == 2
    work.released.set()
    assert not never.began.is_set()


async def test_who_is_patient_waits_for_room(make: Callable[..., Lane]) -> None:
    lane = make(max_calls=1)
    work = Work()
    first = asyncio.create_task(lane.do(work, tokens=1, call=Call()))
    await work.wait_until_begun()
    patient = asyncio.create_task(lane.do(lambda: "after", tokens=1, call=Call(), patient=True))
    late = asyncio.create_task(lane.do(lambda: "late", tokens=1, call=Call(time.monotonic() + 0.05), patient=True))
    with pytest.raises(DeadlineExceeded):
        await late
    assert not patient.done()
    work.released.set()
    assert (await first, await patient) == ("done", "after")


async def test_an_error_of_the_work_is_the_caller_s(make: Callable[..., Lane]) -> None:
    lane = make()

    def wrong() -> None:
        raise TimeoutError("of the work's own")

    with pytest.raises(TimeoutError, match="of the work's own"):
        await lane.do(wrong, tokens=1, call=Call(time.monotonic() + 60))
    assert lane.calls == 0
