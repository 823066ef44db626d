"""Searches that others join: who is searched with whom, when each is over, what an error leaves behind. The model says what it is told."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from svodka.inference.beams import Beams
from svodka.inference.cores import Cores
from svodka.inference.head import Next
from svodka.inference.joining import JoinedSearches, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

SECONDS = 10
END, ON = 0, 1


class CountingMemory:
    """How many tokens each answer is still to get."""

    def __init__(self, left: list[int]) -> None:
        self.left = left

    def follow(self, parents: Sequence[Sequence[int]], going_on: Sequence[int]) -> None:
        assert all(own == [0] for own in parents)
        self.left = [self.left[number] for number in going_on]

    def join(self, other: CountingMemory) -> None:
        self.left += other.left


class CountingModel:
    """Answers a prompt of n tokens with n; takes a step whenever it is let. A prompt of 13 tokens is an error."""

    def __init__(self) -> None:
        self.lets = threading.Semaphore(0)
        self.began = threading.Semaphore(0)
        self.together: list[int] = []  # how many answers got a token in each step
        self.read_languages: list[str] = []

    def read(
        self, prompts: Sequence[Sequence[int]], *, count: int, language: str, more: Sequence[Sequence[int]]
    ) -> tuple[CountingMemory, Next]:
        assert count >= 1
        assert len(more) == len(prompts)
        self.read_languages += [language] * len(prompts)
        if any(len(prompt) == 13 for prompt in prompts):
            raise ValueError("wrong on purpose")
        for _ in prompts:
            self.began.release()
        return self._told(CountingMemory([len(prompt) for prompt in prompts]))

    def go_on(self, memory: CountingMemory, tokens: NDArray[np.int64], *, count: int) -> Next:
        assert count >= 1
        assert tokens.tolist() == [ON] * len(memory.left)
        assert self.lets.acquire(timeout=SECONDS)
        self.together.append(len(memory.left))
        memory.left = [left - 1 for left in memory.left]
        return self._told(memory)[1]

    def let_go(self) -> None:
        pass

    @staticmethod
    def _told(memory: CountingMemory) -> tuple[CountingMemory, Next]:
        tokens = np.array([[ON if left > 1 else END] for left in memory.left])
        return memory, Next(tokens=tokens, log_probabilities=np.zeros(tokens.shape))


class Asking:
    """Threads that want answers."""

    def __init__(self, *, cores: int = 1, room: int = 1000) -> None:
        self.model = CountingModel()
        self._searches = JoinedSearches(self.model, Cores(cores), room=room)  # type: ignore[arg-type]  # its memory is another
        self._pool = ThreadPoolExecutor(16)
        self.futures: list[Future[list[int]]] = []

    def ask(self, *sizes: int, language: str = "ru", begin: bool = True) -> None:
        """Want answers of these sizes, and wait until they begin."""

        def work() -> list[int]:
            wanted = [
                Wanted(
                    prompt=[5] * size,
                    beams=Beams(width=1, ends=frozenset({END}), limit=100),
                    language=language,
                    more=(),
                    width=size,
                )
                for size in sizes
            ]
            self._searches.search(wanted)
            return [len(one.beams.best(1)[0].tokens) for one in wanted]

        self.futures.append(self._pool.submit(work))
        for _ in sizes if begin else ():
            assert self.model.began.acquire(timeout=SECONDS)

    def wait_for(self, waiting: int) -> None:
        """Until so many wait for room."""
        end = time.monotonic() + SECONDS
        while len(self._searches._waiting) != waiting:
            assert time.monotonic() < end
            threading.Event().wait(0.001)

    def step(self, times: int) -> None:
        for _ in range(times):
            self.model.lets.release()

    def close(self) -> None:
        self.step(1000)
        self._pool.shutdown()


@pytest.fixture
def asking() -> Iterator[Asking]:
    asking = Asking()
    yield asking
    asking.close()


def test_who_comes_while_a_search_runs_joins_it_and_does_not_wait_for_its_end(asking: Asking) -> None:
    asking.ask(20)
    asking.step(1)
    asking.ask(3, begin=False)
    asking.step(1)
    assert asking.model.began.acquire(timeout=SECONDS)  # read between two steps of the other
    asking.step(3)
    assert asking.futures[1].result(SECONDS) == [3]
    assert not asking.futures[0].done()
    asking.step(100)
    assert asking.futures[0].result(SECONDS) == [20]
    assert 2 in asking.model.together


def test_answers_come_in_the_order_in_which_they_were_asked_for(asking: Asking) -> None:
    asking.step(100)
    asking.ask(4, 9, 1, 6)
    assert asking.futures[0].result(SECONDS) == [4, 9, 1, 6]


def test_what_has_no_room_waits() -> None:
    asking = Asking(room=10)
    asking.ask(6)
    asking.ask(5, begin=False)
    asking.ask(30, begin=False)  # wider than the room: alone
    asking.wait_for(2)
    asking.step(1000)
    assert [future.result(SECONDS) for future in asking.futures] == [[6], [5], [30]]
    assert set(asking.model.together) == {1}
    asking.close()


def test_another_language_is_searched_apart_and_gets_its_turn(asking: Asking) -> None:
    asking.ask(4)
    asking.ask(4, language="en", begin=False)
    asking.wait_for(1)
    asking.ask(4, begin=False)  # would fit, and comes too late
    asking.wait_for(2)
    asking.step(1000)
    assert [future.result(SECONDS) for future in asking.futures] == [[4]] * 3
    assert asking.model.read_languages == ["ru", "en", "ru"]
    assert set(asking.model.together) == {1}


def test_each_core_has_a_search_and_its_share() -> None:
    asking = Asking(cores=2)
    asking.ask(5, 5, 5, 5)
    asking.step(1000)
    assert asking.futures[0].result(SECONDS) == [5] * 4
    assert max(asking.model.together) == 2
    asking.close()


def test_an_error_is_theirs_who_are_searched_then_and_the_next_is_searched(asking: Asking) -> None:
    asking.ask(20)
    asking.ask(13, begin=False)
    asking.step(1)
    for future in asking.futures:
        with pytest.raises(ValueError, match="wrong on purpose"):
            future.result(SECONDS)
    asking.step(100)
    asking.ask(2)
    assert asking.futures[2].result(SECONDS) == [2]
