"""Prompts of one call spread over searches side by side: each answered once, in order, and at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.inference.cores import Cores
from svodka.inference.protocols import Hypothesis, Search
from svodka.inference.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS = 10
GREEDY = Search(beam=1)


class Echo:
    """Answers with the prompt, its limit and its beginning; each call waits for `together` of them."""

    def __init__(self, together: int = 1) -> None:
        self.shares: list[list[str]] = []
        self._barrier = threading.Barrier(together)

    def count_tokens(self, text: str) -> int:
        return len(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        self.shares.append(list(prompts))
        self._barrier.wait(SECONDS)
        if "error" in prompts:
            raise ValueError("wrong on purpose")
        answers = zip(prompts, max_tokens, beginnings, strict=True)
        return [[Hypothesis(text=f"{begun}{prompt} {limit} {search.beam}", score=0.0, finished=True)] for prompt, limit, begun in answers]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        self.shares.append(list(prompts))
        self._barrier.wait(SECONDS)
        return [float(f"{len(prompt)}.{len(answer)}{len(direction)}") for prompt, answer in zip(prompts, answers, strict=True)]


@given(st.lists(st.text(max_size=9), max_size=12), st.integers(1, 4))
def test_every_prompt_is_answered_once_and_in_order(prompts: list[str], threads: int) -> None:
    inner = Echo()
    outer = SideBySide(inner, Cores(threads))
    limits = list(range(len(prompts)))
    answers = outer.generate(prompts, search=GREEDY, max_tokens=limits, beginnings=[f"{limit}:" for limit in limits])
    assert [answer.text for (answer,) in answers] == [f"{limit}:{prompt} {limit} 1" for prompt, limit in zip(prompts, limits, strict=True)]
    assert sorted(prompt for share in inner.shares for prompt in share) == sorted(prompts)
    assert len(inner.shares) == min(threads, len(prompts))
    assert outer.score(prompts, ["ab"] * len(prompts), direction="xyz") == [float(f"{len(prompt)}.23") for prompt in prompts]


def test_shares_are_searched_at_the_same_time_and_long_prompts_are_dealt_out() -> None:
    inner = Echo(together=2)  # either share waits until the other has begun
    outer = SideBySide(inner, Cores(2))
    answers = outer.generate(["a", "bbbb", "ccc", "dd"], search=GREEDY, max_tokens=[1] * 4)
    assert [answer.text for (answer,) in answers] == ["a 1 1", "bbbb 1 1", "ccc 1 1", "dd 1 1"]
    assert sorted(map(sorted, inner.shares)) == [["a", "ccc"], ["bbbb", "dd"]]
    assert outer.score(["a", "bb"], ["c", "d"]) == [1.10, 2.10]


def test_an_error_in_a_share_is_the_caller_s_and_the_next_call_works() -> None:
    outer = SideBySide(Echo(), Cores(2))
    with pytest.raises(ValueError, match="wrong on purpose"):
        outer.generate(["a", "error"], search=GREEDY, max_tokens=[1, 1])
    assert outer.generate(["a"], search=GREEDY, max_tokens=[1])[0][0].text == "a 1 1"
    assert outer.count_tokens("abc") == 3


def test_parts_are_made_at_the_same_time_where_a_core_is_free() -> None:
    cores = Cores(2)
    meeting = threading.Barrier(2)

    def part(number: int) -> int:
        meeting.wait(SECONDS)  # until the other has begun
        return number

    for _ in range(3):  # the core is free again
        assert cores.spread(lambda _: cores.all_of(part, [1, 2]), ["alone"]) == [(["alone"], [1, 2])]


def test_parts_are_made_one_after_the_other_where_no_core_is_free() -> None:
    cores = Cores(2)
    meeting = threading.Barrier(2)

    def parts(_: Sequence[str]) -> list[str]:
        meeting.wait(SECONDS)
        made = cores.all_of(lambda _: threading.current_thread().name, [1, 2, 3])
        meeting.wait(SECONDS)  # until the other has made its parts
        return made

    threads = [set(made) for _, made in cores.spread(parts, ["one", "another"])]
    assert [len(each) for each in threads] == [1, 1]
    assert threads[0] != threads[1]


def test_an_error_in_a_part_frees_its_core() -> None:
    cores = Cores(2)

    def parts(_: object) -> list[float]:
        return cores.all_of(lambda number: 1 / number, [1, 0])

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            cores.spread(parts, ["alone"])
    assert cores.spread(lambda share: cores.all_of(str, [*share, *share]), [1, 2]) == [([1], ["1", "1"]), ([2], ["2", "2"])]


class Long:
    """Takes as long as a test wants."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), threading.Event()

    def __call__(self, share: Sequence[str]) -> Sequence[str]:
        self.begun.set()
        assert self.over.wait(SECONDS)
        return share


@pytest.fixture
def long() -> Iterator[Long]:
    found = Long()
    yield found
    found.over.set()


def test_who_comes_while_a_core_is_taken_is_searched_together_on_the_other(long: Long) -> None:
    cores = Cores(2)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(cores.spread, long, ["long"])
        assert long.begun.wait(SECONDS)
        assert cores.spread(list, ["a", "b", "c"]) == [(["a", "b", "c"], ["a", "b", "c"])]
        long.over.set()
        assert first.result(SECONDS) == [(["long"], ["long"])]
    assert cores.spread(list, ["a", "b", "c"]) == [(["a", "c"], ["a", "c"]), (["b"], ["b"])]


def test_who_comes_while_all_cores_are_taken_waits_for_one(long: Long) -> None:
    cores = Cores(1)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(cores.spread, long, ["long"])
        assert long.begun.wait(SECONDS)
        second = pool.submit(cores.spread, list, ["a", "b"])
        long.over.set()
        assert first.result(SECONDS) == [(["long"], ["long"])]
        assert second.result(SECONDS) == [(["a", "b"], ["a", "b"])]
