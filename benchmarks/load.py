"""What a server does under load: answers a second, latencies, refusals, memory.

    python benchmarks/load.py --target HOST:PORT --rate 0.5 --duration 120
    python benchmarks/load.py --start-server --sweep 1,4,16 --duration 60

With --rate, articles arrive by a schedule, whatever the server does (open loop): latency counts from when an article was due, so that a
server that falls behind cannot hide it; that of refusals counts from when it was sent. With --concurrency or --sweep, so many callers each
wait for their answer before they ask again (closed loop); one that is refused waits a second. After the duration nothing new is sent, and
what is on its way is waited for: answers a second are all good answers by the time until the last call ended. Memory is that of the
server's process and of its children together.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import psutil
from grpc_health.v1 import health_pb2, health_pb2_grpc
from load_report import REFUSALS, Call, MemoryCourse, report, show

from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from load_report import Report

    Ask = Callable[[float], Awaitable[Call]]
    Load = Callable[[Ask], Awaitable[list[Call]]]

METHOD = "/svodka.v1.SummaryService/Summarize"
_SEEDS = Path(__file__).parent.parent / "seeds"
_SAMPLE_SECONDS = 0.5
_START_SECONDS = 300
_CONNECT_SECONDS = 30
_REFUSED_SECONDS = 1.0
_MEGABYTE = 1024 * 1024


@dataclass(kw_only=True, slots=True)
class Memory:
    """Samples of the memory of a process and its children, in bytes: pages that they share count once (Linux: PSS)."""

    process: psutil.Process
    samples: list[int] = field(default_factory=list)

    def sample(self) -> None:
        """Look once; a process that ends meanwhile counts no more."""
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in (self.process, *self.process.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    told = process.memory_full_info()
                    total += getattr(told, "pss", told.rss)
        self.samples.append(total)

    async def watch(self) -> None:
        """Look every now and then until cancelled; in a thread, since the kernel takes its time, and calls are timed meanwhile."""
        while True:
            await asyncio.to_thread(self.sample)
            await asyncio.sleep(_SAMPLE_SECONDS)

    def megabytes(self) -> MemoryCourse:
        """How it went, in MiB."""
        sizes = [round(size / _MEGABYTE) for size in self.samples]
        quarters = (sizes[len(sizes) * part // 4 : len(sizes) * (part + 1) // 4] for part in range(4))
        return MemoryCourse(first=sizes[0], most=tuple(max(quarter, default=sizes[-1]) for quarter in quarters), last=sizes[-1])


def schedule(rate: float, duration: float, *, poisson: bool, seed: int = 0) -> Iterator[float]:
    """The seconds from the start at which articles are due: evenly, or as independent readers send them (Poisson)."""
    rng = random.Random(seed)  # noqa: S311 (arrivals, not secrets)
    if poisson:
        arrivals = itertools.accumulate((rng.expovariate(rate) for _ in itertools.count()), initial=0.0)
    else:
        arrivals = (number / rate for number in itertools.count())
    return itertools.takewhile(lambda due: due < duration, arrivals)


async def open_loop(ask: Ask, arrivals: Iterator[float]) -> list[Call]:
    """Start a call whenever one is due; `ask` is told when that was, on the clock of time.perf_counter."""
    started = time.perf_counter()
    calls = []
    for due in arrivals:
        await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
        calls.append(asyncio.create_task(ask(started + due)))
    return list(await asyncio.gather(*calls))


async def closed_loop(ask: Ask, callers: int, duration: float) -> list[Call]:
    """So many callers, each with one call at a time, until the time is over."""
    until = time.perf_counter() + duration

    async def caller() -> list[Call]:
        calls = []
        while (now := time.perf_counter()) < until:
            calls.append(await ask(now))
            if calls[-1].code in REFUSALS:
                await asyncio.sleep(_REFUSED_SECONDS)
        return calls

    return list(itertools.chain.from_iterable(await asyncio.gather(*(caller() for _ in range(callers)))))


class Client:
    """Sends the articles in turn, over one connection or several; requests are serialised once."""

    def __init__(self, channels: Sequence[grpc.aio.Channel], requests: Sequence[bytes], deadline: float) -> None:
        self._calls = itertools.cycle([channel.unary_unary(METHOD) for channel in channels])
        self._requests = itertools.cycle(requests)
        self._deadline = deadline

    async def ask(self, due: float) -> Call:
        """One call; its latency counts from when it was due."""
        late = time.perf_counter() - due
        try:
            answer = await next(self._calls)(next(self._requests), timeout=self._deadline)
        except grpc.aio.AioRpcError as error:
            return Call(code=error.code().name, seconds=time.perf_counter() - due, late=late)
        seconds = time.perf_counter() - due
        verdict = summary_pb2.SummarizeResponse.FromString(answer).verdict
        return Call(code="OK", seconds=seconds, late=late, verdict=summary_pb2.Verdict.Name(verdict))


@contextlib.asynccontextmanager
async def connected(target: str, count: int) -> AsyncIterator[list[grpc.aio.Channel]]:
    """Channels with a connection each, made already."""
    options = [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    async with contextlib.AsyncExitStack() as stack:
        channels = [await stack.enter_async_context(grpc.aio.insecure_channel(target, options=options)) for _ in range(count)]
        try:
            await asyncio.wait_for(asyncio.gather(*(channel.channel_ready() for channel in channels)), _CONNECT_SECONDS)
        except TimeoutError:
            sys.exit(f"{target} cannot be reached")
        yield channels


async def measure(options: argparse.Namespace, target: str, pid: int | None) -> list[Report]:
    """Run every load that was asked for, one after another."""
    requests = [_request(path, options.sentences) for path in options.articles]
    loads: list[tuple[str, Load]] = [
        (f"{callers} at a time", lambda ask, callers=callers: closed_loop(ask, callers, options.duration)) for callers in options.sweep
    ]
    if options.rate:
        arrivals = schedule(options.rate, options.duration, poisson=options.poisson, seed=options.seed)
        kind = "Poisson" if options.poisson else "even"
        loads.append((f"{options.rate:g} a second, {kind}", lambda ask: open_loop(ask, arrivals)))
    reports = []
    for name, load in loads:
        async with connected(target, options.channels) as channels, sampled(pid) as memory:
            started = time.perf_counter()
            calls = await load(Client(channels, requests, options.deadline).ask)
            seconds = time.perf_counter() - started
        reports.append(report(name, calls, seconds, memory.megabytes() if memory else None))
    return reports


@contextlib.asynccontextmanager
async def sampled(pid: int | None) -> AsyncIterator[Memory | None]:
    """Watch the memory of a process, if one is named."""
    if pid is None:
        yield None
        return
    memory = Memory(process=psutil.Process(pid))
    memory.sample()
    watching = asyncio.create_task(memory.watch())
    try:
        yield memory
    finally:
        watching.cancel()
        memory.sample()


def _request(path: Path, sentences: int) -> bytes:
    text = path.read_text(encoding="utf-8")
    return summary_pb2.SummarizeRequest(text=text, length=summary_pb2.Length(max_sentences=sentences)).SerializeToString()


@contextlib.contextmanager
def started_server() -> Iterator[tuple[str, int]]:
    """`svodka serve` on a free port, warm; its address and process id. Settings come from the environment."""
    command = [sys.executable, "-m", "svodka", "serve", "--port", "0", "--log-format", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:  # noqa: S603
        target = f"127.0.0.1:{_port(process)}"
        # A server whose log nobody reads stops when the pipe is full.
        drain = threading.Thread(target=deque, args=(process.stderr, 0), daemon=True)
        drain.start()
        try:
            with grpc.insecure_channel(target) as channel:
                watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=_START_SECONDS)
                next(answer for answer in watch if answer.status == health_pb2.HealthCheckResponse.SERVING)
            yield target, process.pid
        finally:
            process.terminate()
            drain.join()


def _port(process: subprocess.Popen[str]) -> int:
    told = []
    for line in process.stderr:
        told.append(line)
        if line.startswith("{") and (entry := json.loads(line))["event"] == "listening":
            return entry["port"]
    sys.exit("the server did not start:\n" + "".join(told))


def _parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    server = parser.add_mutually_exclusive_group(required=True)
    server.add_argument("--target", metavar="HOST:PORT")
    server.add_argument("--start-server", action="store_true", help="start one, and stop it at the end")
    parser.add_argument("--pid", type=int, help="the server's process, for its memory; known where it is started here")
    load = parser.add_mutually_exclusive_group(required=True)
    load.add_argument("--rate", type=float, help="articles a second, whatever the server does")
    load.add_argument("--concurrency", type=int, dest="sweep", metavar="N", help="callers, each with one call at a time")
    load.add_argument("--sweep", metavar="N,N,…", help="several concurrencies, one after another")
    parser.add_argument("--poisson", action="store_true", help="arrivals at random; default: evenly")
    parser.add_argument("--seed", type=int, default=0, help="of the arrivals")
    parser.add_argument("--duration", type=float, default=60.0, help="seconds, of each load")
    parser.add_argument("--articles", type=Path, nargs="+", default=sorted(_SEEDS.glob("*.txt")), metavar="FILE", help="sent in turn")
    parser.add_argument("--sentences", type=int, default=3, help="of a summary")
    parser.add_argument("--deadline", type=float, default=300.0, help="seconds that a call may take")
    parser.add_argument("--channels", type=int, default=1, help="connections")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    options.sweep = [int(callers) for callers in str(options.sweep or "").split(",") if callers]
    return options


def main() -> None:
    """Run."""
    options = _parse()
    with started_server() if options.start_server else contextlib.nullcontext((options.target, options.pid)) as (target, pid):
        reports = asyncio.run(measure(options, target, pid))
    if options.json:
        print(json.dumps([asdict(each) for each in reports], indent=2))
    else:
        show(reports)


if __name__ == "__main__":
    main()
