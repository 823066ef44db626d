"""Threads that compute one at a time, and let another go on while they wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from svodka.turns import Turns, waiting

SECONDS = 10


def test_one_thread_at_a_time_computes() -> None:
    turns = Turns()
    inside, most, together = 0, 0, threading.Barrier(4)

    def compute() -> None:
        nonlocal inside, most
        together.wait(SECONDS)
        for _ in range(200):
            with turns.taken():
                inside += 1
                most = max(most, inside)
                inside -= 1

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(compute) for _ in range(4)]:
            done.result(SECONDS)
    assert (inside, most) == (0, 1)


def test_who_waits_lets_another_compute_and_goes_on_when_it_is_through() -> None:
    turns = Turns()
    told: list[str] = []
    begun, answered = threading.Event(), threading.Event()

    def asking() -> None:
        with turns.taken():
            told.append("asks")
            begun.set()
            with waiting():
                assert answered.wait(SECONDS)
            told.append("goes on")

    def answering() -> None:
        assert begun.wait(SECONDS)
        with turns.taken():
            answered.set()
            told.append("answers")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(asking), pool.submit(answering)]:
            done.result(SECONDS)
    assert told == ["asks", "answers", "goes on"]


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns()

    def fail() -> None:
        with turns.taken(), waiting():
            raise ValueError("wrong on purpose")

    for _ in range(2):
        with pytest.raises(ValueError, match="wrong on purpose"):
            fail()
    with turns.taken():
        pass


def test_whoever_has_no_turn_just_waits() -> None:
    with waiting():
        told = "here"
    assert told == "here"
