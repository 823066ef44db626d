"""Prompts of several calls in one search: joined, bounded, fair, and each answered to whom it belongs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.call import Call, working_for
from svodka.errors import Cancelled, DeadlineExceeded, ModelLost
from svodka.inference.batching import Batcher
from svodka.inference.protocols import Hypothesis, Search
from svodka.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SECONDS = 10
GREEDY = Search(beam=1)


class GatedGenerator:
    """Answers a prompt with itself in capitals once the gate is open; what a prompt says may go wrong instead."""

    def __init__(self, *, closed: bool = True) -> None:
        self.gate = threading.Event()
        if not closed:
            self.gate.set()
        self.batches: list[list[str]] = []
        self.began = threading.Semaphore(0)
        self.losses: dict[str, int] = {}

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        self.batches.append(list(prompts))
        self.began.release()
        assert self.gate.wait(SECONDS)
        for prompt in prompts:
            if self.losses.get(prompt, 0) > 0:
                self.losses[prompt] -= 1
                raise ModelLost("translator")
            if prompt == "error":
                raise ValueError("wrong on purpose")
        return [[Hypothesis(text=prompt.upper(), score=-1.0, finished=True)] for prompt in prompts]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        self.batches.append(list(prompts))
        self.began.release()
        assert self.gate.wait(SECONDS)
        return [-float(len(prompt) + len(answer)) for prompt, answer in zip(prompts, answers, strict=True)]


class Asking:
    """A batcher and threads that ask it."""

    def __init__(self, generator: GatedGenerator, *, batch_tokens: int = 1000) -> None:
        self.generator = generator
        self.batcher = Batcher([generator], count_tokens=len, batch_tokens=batch_tokens, wait_seconds=0.0)
        self._pool = ThreadPoolExecutor(16)

    def ask(self, *prompts: str, call: Call | None = None, search: Search = GREEDY) -> Future[list[str]]:
        """Ask in a thread, and come back when the prompts are in the queue or at work."""
        call = call or Call()

        def work() -> list[str]:
            with working_for(call):
                answers = self.batcher.generate(prompts, search=search, max_tokens=[0] * len(prompts))
            return [answer.text for (answer,) in answers]

        future = self._pool.submit(work)
        wait_until(lambda: self._seen().issuperset(prompts) or future.done())
        return future

    def _seen(self) -> set[str]:
        with self.batcher._changed:
            queued = {one.prompt for one in self.batcher._queue}
        return queued.union(*self.generator.batches)

    def hold(self) -> Future[list[str]]:
        """Let the generator be busy until its gate opens."""
        busy = self.ask("busy")
        assert self.generator.began.acquire(timeout=SECONDS)
        return busy

    def close(self) -> None:
        self.generator.gate.set()
        self.batcher.close()
        self._pool.shutdown()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.001)


@pytest.fixture
def asking() -> Iterator[Asking]:
    asking = Asking(GatedGenerator())
    yield asking
    asking.close()


def test_what_waits_is_searched_together_and_each_gets_its_own(asking: Asking) -> None:
    busy = asking.hold()
    first, second = asking.ask("a", "b"), asking.ask("c")
    asking.generator.gate.set()
    assert (busy.result(SECONDS), first.result(SECONDS), second.result(SECONDS)) == (["BUSY"], ["A", "B"], ["C"])
    assert sorted(map(sorted, asking.generator.batches)) == [["a", "b", "c"], ["busy"]]


def test_what_is_searched_differently_is_searched_apart(asking: Asking) -> None:
    asking.hold()
    futures = [asking.ask("a"), asking.ask("b", search=Search(beam=2)), asking.ask("c")]
    asking.generator.gate.set()
    assert [future.result(SECONDS) for future in futures] == [["A"], ["B"], ["C"]]
    assert asking.generator.batches == [["busy"], ["a", "c"], ["b"]]


def test_no_batch_is_wider_than_told_but_for_a_single_prompt() -> None:
    asking = Asking(GatedGenerator(), batch_tokens=10)
    asking.hold()
    wide, many = asking.ask("w" * 20), asking.ask("aaaa", "bbbb", "cccc")
    asking.generator.gate.set()
    assert (wide.result(SECONDS), many.result(SECONDS)) == (["W" * 20], ["AAAA", "BBBB", "CCCC"])
    assert sorted(asking.generator.batches[1:]) == [["aaaa", "bbbb"], ["cccc"], ["w" * 20]]
    asking.close()


def test_a_short_call_does_not_wait_for_all_of_a_long_one() -> None:
    asking = Asking(GatedGenerator(), batch_tokens=8)
    asking.hold()
    long = asking.ask(*[f"lon{number}" for number in range(8)])
    short = asking.ask("shor")
    asking.generator.gate.set()
    assert short.result(SECONDS) == ["SHOR"]
    assert len(long.result(SECONDS)) == 8
    assert "shor" in asking.generator.batches[1]
    asking.close()


def test_a_cancelled_call_is_let_go_at_once_and_its_prompts_are_never_searched(asking: Asking) -> None:
    asking.hold()
    call = Call()
    future = asking.ask("gone", call=call)
    call.cancel()
    with pytest.raises(Cancelled):
        future.result(SECONDS)
    after = asking.ask("next")
    asking.generator.gate.set()
    assert after.result(SECONDS) == ["NEXT"]
    assert asking.generator.batches == [["busy"], ["next"]]


def test_a_call_is_let_go_out_of_the_batch_at_work(asking: Asking) -> None:
    call = Call()
    future = asking.ask("slow", call=call)
    assert asking.generator.began.acquire(timeout=SECONDS)
    call.cancel()
    with pytest.raises(Cancelled):
        future.result(SECONDS)
    assert not asking.generator.gate.is_set()


def test_a_deadline_passes_in_the_queue_and_in_a_batch(asking: Asking) -> None:
    in_batch = asking.ask("slow", call=Call(time.monotonic() + 0.2))
    assert asking.generator.began.acquire(timeout=SECONDS)
    in_queue = asking.ask("late", call=Call(time.monotonic() + 0.2))
    for future in (in_batch, in_queue):
        with pytest.raises(DeadlineExceeded):
            future.result(SECONDS)
    after = asking.ask("next")
    asking.generator.gate.set()
    assert after.result(SECONDS) == ["NEXT"]
    assert asking.generator.batches == [["slow"], ["next"]]


def test_what_is_over_before_it_asks_is_not_queued(asking: Asking) -> None:
    with pytest.raises(DeadlineExceeded):
        asking.ask("late", call=Call(time.monotonic())).result(SECONDS)
    assert asking.generator.batches == []


def test_prompts_of_a_lost_generator_are_searched_again_one_by_one(asking: Asking) -> None:
    asking.generator.losses = {"once": 1, "always": 9}
    asking.hold()
    futures = {prompt: asking.ask(prompt) for prompt in ("fine", "once", "always")}
    asking.generator.gate.set()
    assert futures["fine"].result(SECONDS) == ["FINE"]
    assert futures["once"].result(SECONDS) == ["ONCE"]
    with pytest.raises(ModelLost):
        futures["always"].result(SECONDS)
    assert asking.ask("next").result(SECONDS) == ["NEXT"]


class SharedProcess:
    """What several generators are lost with. The first call waits until the second, whose prompt ends the process, has begun."""

    def __init__(self) -> None:
        self.ended, self.began = threading.Event(), threading.Event()
        self.calls: list[list[str]] = []
        self._at_work = 0

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        self._at_work += 1
        self.calls.append(list(prompts))
        try:
            if len(self.calls) == 1:
                self.began.set()
                assert self.ended.wait(SECONDS)
                raise ModelLost("translator")
            if len(self.calls) > 2:
                assert self._at_work == 1
            if "guilty" in prompts:
                self.ended.set()
                raise ModelLost("translator")
            return [[Hypothesis(text=prompt, score=-1.0, finished=True)] for prompt in prompts]
        finally:
            self._at_work -= 1

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        raise NotImplementedError


def test_what_was_lost_with_another_s_process_is_tried_while_nobody_else_is_at_work() -> None:
    process = SharedProcess()
    batcher = Batcher([process] * 3, count_tokens=len, batch_tokens=1000, wait_seconds=0.0)

    def ask(prompt: str) -> str:
        ((answer,),) = batcher.generate([prompt], search=GREEDY, max_tokens=[1])
        return answer.text

    with ThreadPoolExecutor() as pool:
        innocent = pool.submit(ask, "innocent")
        assert process.began.wait(SECONDS)
        guilty = pool.submit(ask, "guilty")
        assert innocent.result(SECONDS) == "innocent"
        with pytest.raises(ModelLost):
            guilty.result(SECONDS)
    assert sorted(map(str, process.calls[:2])) == sorted(map(str, process.calls[2:])) == ["['guilty']", "['innocent']"]
    batcher.close()


def test_no_more_is_at_work_than_there_is_room_for() -> None:
    generators = [GatedGenerator(), GatedGenerator()]
    batcher = Batcher(generators, count_tokens=len, batch_tokens=1000, wait_seconds=0.0, room=8)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(batcher.generate, ["aaaaa"], search=GREEDY, max_tokens=[0])
        wait_until(lambda: any(each.batches for each in generators))
        second = pool.submit(batcher.generate, ["bbbb"], search=GREEDY, max_tokens=[0])
        wait_until(lambda: len(batcher._queue) == 1)
        third = pool.submit(batcher.generate, ["cccccccccc"], search=GREEDY, max_tokens=[0])  # more than there is room for: alone
        wait_until(lambda: len(batcher._queue) == 2)
        assert sum(len(each.batches) for each in generators) == 1
        for each in generators:
            each.gate.set()
        assert [one.result(SECONDS)[0][0].text for one in (first, second, third)] == ["AAAAA", "BBBB", "CCCCCCCCCC"]
    batcher.close()


def test_an_error_is_its_batch_s_and_the_next_is_searched(asking: Asking) -> None:
    asking.generator.gate.set()
    with pytest.raises(ValueError, match="wrong on purpose"):
        asking.ask("error").result(SECONDS)
    assert asking.ask("next").result(SECONDS) == ["NEXT"]


def test_a_closed_batcher_leaves_nobody_waiting(asking: Asking) -> None:
    asking.hold()
    waiting = asking.ask("a")
    asking.batcher.close()
    with pytest.raises(ModelLost):
        waiting.result(SECONDS)
    with pytest.raises(ModelLost):
        asking.ask("b").result(SECONDS)


@given(calls=st.lists(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=5), min_size=1, max_size=12))
def test_every_prompt_of_many_calls_at_once_gets_its_answer(calls: list[list[str]]) -> None:
    asking = Asking(GatedGenerator(closed=False), batch_tokens=12)
    futures = [asking.ask(*prompts) for prompts in calls]
    assert [future.result(SECONDS) for future in futures] == [[prompt.upper() for prompt in prompts] for prompts in calls]
    assert all(len(batch) * max(map(len, batch)) <= 12 for batch in asking.generator.batches if len(batch) > 1)
    del futures
    wait_until(lambda: not asking.batcher._tags)  # of calls that are over
    asking.close()


def test_scores_come_in_order_and_every_generator_has_its_share():
    generators = [GatedGenerator(closed=False), GatedGenerator(closed=False)]
    batcher = Batcher(generators, count_tokens=len, batch_tokens=1000, wait_seconds=0.0)
    prompts = ["a" * size for size in range(1, 41)]
    assert batcher.score(prompts, ["bb"] * 40) == [-float(size + 2) for size in range(1, 41)]
    assert [prompt for batch in zip(*(each.batches for each in generators), strict=False) for part in batch for prompt in part] == prompts[
        :32
    ]
    assert sum(len(part) for each in generators for part in each.batches) == 40
    batcher.close()


def test_who_waits_to_score_keeps_nobody_who_has_the_turn_from_asking() -> None:
    batcher = Batcher([GatedGenerator(closed=False)], count_tokens=len, batch_tokens=1000, wait_seconds=0.0)
    turns = Turns()

    def score() -> list[float]:
        with turns.taken():
            return batcher.score(["a"], ["b"])

    def ask() -> str:
        with turns.taken():
            with batcher._changed:
                batcher._alone = False
                batcher._changed.notify_all()
            wait_until(lambda: batcher._working == 1)  # the other goes on, but for its turn
            ((answer,),) = batcher.generate(["c"], search=GREEDY, max_tokens=[1])
            return answer.text

    with batcher._changed:
        batcher._alone = True  # as while something is tried again
    with ThreadPoolExecutor() as pool:
        scored = pool.submit(score)
        wait_until(lambda: not turns._lock.locked() and len(batcher._changed._waiters) == 2)  # the generator's thread waits too
        asked = pool.submit(ask)
        assert asked.result(SECONDS) == "C"
        assert scored.result(SECONDS) == [-2.0]
    batcher.close()


def test_a_call_that_is_over_scores_no_further():
    generator = GatedGenerator()
    batcher = Batcher([generator], count_tokens=len, batch_tokens=1000, wait_seconds=0.0)
    call = Call()

    def score() -> list[float]:
        with working_for(call):
            return batcher.score(["a"] * 40, ["b"] * 40)

    with ThreadPoolExecutor(1) as pool:
        scores = pool.submit(score)
        assert generator.began.acquire(timeout=SECONDS)
        call.cancel()
        generator.gate.set()
        with pytest.raises(Cancelled):
            scores.result(SECONDS)
    assert [len(part) for part in generator.batches] == [16]
    batcher.close()
