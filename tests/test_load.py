"""The load generator measures what it says: arrivals by schedule, nearest-rank percentiles, latency from when a call was due."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import psutil
import pytest
from load import Client, Memory, closed_loop, connected, open_loop, schedule
from load_report import Call, Latency, MemoryCourse, latency, report

from streaming_server import StreamingServer, answered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from svodka.v1 import summary_pb2

ROOT = Path(__file__).parents[1]


def test_an_even_schedule() -> None:
    assert list(schedule(10, 1, poisson=False)) == [number / 10 for number in range(10)]


def test_random_arrivals_come_at_the_rate_and_independently() -> None:
    arrivals = list(schedule(50, 200, poisson=True, seed=1))
    gaps = [later - sooner for sooner, later in itertools.pairwise(arrivals)]
    mean = sum(gaps) / len(gaps)
    assert arrivals == sorted(arrivals)
    assert mean == pytest.approx(1 / 50, rel=0.05)
    # Of exponential gaps, one in e is longer than the mean; of even ones, none.
    assert sum(gap > mean for gap in gaps) / len(gaps) == pytest.approx(0.368, abs=0.02)
    assert arrivals == list(schedule(50, 200, poisson=True, seed=1))
    assert arrivals != list(schedule(50, 200, poisson=True, seed=2))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ([], None),
        ([3.0], Latency(p50=3.0, p95=3.0, p99=3.0, max=3.0)),
        ([4.0, 1.0, 3.0, 2.0], Latency(p50=2.0, p95=4.0, p99=4.0, max=4.0)),
        ([float(number) for number in range(200, 0, -1)], Latency(p50=100.0, p95=190.0, p99=198.0, max=200.0)),
    ],
)
def test_percentiles(seconds: list[float], told: Latency | None) -> None:
    assert latency(seconds) == told


def test_a_report_keeps_refusals_apart_from_answers() -> None:
    calls = [
        Call(code="OK", seconds=2.0, verdict="VERIFIED", late=0.1),
        Call(code="OK", seconds=4.0, verdict="UNVERIFIED"),
        Call(code="RESOURCE_EXHAUSTED", seconds=0.75, late=0.25),
        Call(code="DEADLINE_EXCEEDED", seconds=9.0),
    ]
    course = MemoryCourse(first=100, most=(110, 120, 120, 115), last=110)
    told = report("one", calls, 8.0, course)
    assert (told.offered, told.answered, told.answers_per_second) == (4, 2, 0.25)
    assert told.latency == Latency(p50=2.0, p95=4.0, p99=4.0, max=4.0)
    assert told.refusal_latency == Latency(p50=0.5, p95=0.5, p99=0.5, max=0.5)
    assert told.codes == {"OK": 2, "RESOURCE_EXHAUSTED": 1, "DEADLINE_EXCEEDED": 1}
    assert told.verdicts == {"VERIFIED": 1, "UNVERIFIED": 1}
    assert (told.sent_late_seconds, told.memory) == (0.25, course)


async def test_an_open_loop_does_not_wait_for_answers() -> None:
    asked: list[float] = []
    all_asked = asyncio.Event()

    async def ask(due: float) -> Call:
        asked.append(due)
        if len(asked) == 20:
            all_asked.set()
        await asyncio.wait_for(all_asked.wait(), 20)  # no call ends before the last has begun
        return Call(code="OK", seconds=0.0)

    assert len(await open_loop(ask, schedule(1000, 0.02, poisson=False))) == 20
    assert [due - asked[0] for due in asked] == pytest.approx([number / 1000 for number in range(20)])


async def test_a_closed_loop_has_one_call_a_caller() -> None:
    busy = most = 0

    async def ask(_: float) -> Call:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0)
        busy -= 1
        return Call(code="OK", seconds=0.0)

    assert len(await closed_loop(ask, 4, 0.05)) > 4
    assert most == 4


async def test_latency_counts_from_when_the_call_was_due() -> None:
    with StreamingServer() as server:
        async with connected(server.target, 2) as channels:
            client = Client(channels, [b""], deadline=20)
            call = await client.ask(time.perf_counter() - 5.0)
    assert (call.code, call.verdict) == ("OK", "VERIFIED")
    assert 5.0 <= call.late <= call.seconds < 10.0


async def test_a_call_that_fails_is_counted_by_its_status() -> None:
    async def refuse(requests: AsyncIterator[summary_pb2.SummarizeRequest], context: Any) -> AsyncIterator[summary_pb2.SummarizeResponse]:
        async for request in requests:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "full")
            yield answered(request)

    with StreamingServer(refuse) as server:
        async with connected(server.target, 1) as channels:
            call = await Client(channels, [b""], deadline=20).ask(0.0)
    assert (call.code, call.verdict) == ("RESOURCE_EXHAUSTED", "")


def test_memory_counts_children_too() -> None:
    alone = Memory(process=psutil.Process())
    alone.sample()
    held = "held = b'x' * (64 * 1024 * 1024); print(len(held), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        child.stdout.readline()
        alone.sample()
        child.communicate("\n")
    course = alone.megabytes()
    assert course.last - course.first >= 64
    assert len(course.most) == 4
    assert max(course.most) == course.last


def test_the_program_prints_a_column_a_load() -> None:
    with StreamingServer() as server:
        command = [sys.executable, "benchmarks/load.py", "--target", server.target, "--duration", "0.2", "--pid", str(os.getpid())]
        swept = subprocess.run([*command, "--sweep", "1,2", "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
        rated = subprocess.run([*command, "--rate", "50", "--poisson"], cwd=ROOT, capture_output=True, text=True, check=True)
    one, two = json.loads(swept.stdout)
    assert [one["load"], two["load"]] == ["1 at a time", "2 at a time"]
    assert one["answered"] == one["offered"] == one["verdicts"]["VERIFIED"] > 0
    assert min(one["memory"]["most"]) > 10
    assert "50 a second, Poisson" in rated.stdout
    assert "answers a second" in rated.stdout
