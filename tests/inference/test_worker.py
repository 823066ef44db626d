"""A model in another process: its answers, its errors, its loss and its return."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from recipes import DamagedRecipe, DyingRecipe, GoodRecipe

from svodka.errors import ModelDamaged, ModelLost
from svodka.inference.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
SECONDS = 10


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker("model", GoodRecipe())
    worker.start()
    yield worker
    worker.close()
    assert not worker.is_alive()


def test_methods_are_called_in_the_other_process(worker: Worker) -> None:
    assert worker.pid != os.getpid()
    assert worker.call("echo", "да", times=2, limit=10) == "дада"


def test_a_model_lets_the_server_go_first(worker: Worker) -> None:
    assert worker.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_an_error_of_a_method_is_the_caller_s_and_the_process_lives(worker: Worker) -> None:
    pid = worker.pid
    with pytest.raises(ValueError, match="wrong on purpose"):
        worker.call("fail", limit=10)
    assert worker.call("echo", "x", limit=10) == "x"
    assert worker.pid == pid


@pytest.mark.parametrize("method", ["die", "hang"])
def test_a_process_that_ends_or_hangs_is_lost_and_can_be_started_again(worker: Worker, method: str) -> None:
    pid = worker.pid
    with pytest.raises(ModelLost, match="the model was lost while it worked"):
        worker.call(method, limit=0.5)
    assert not worker.is_alive()
    worker.start()
    assert worker.pid != pid
    assert worker.call("echo", "x", limit=10) == "x"


def test_a_killed_process_is_told_by_its_sentinel_and_calls_wait_until_it_is_back(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    assert select.select([worker.sentinel], [], [], 10)[0]
    worker.lose()
    answers: list[str] = []
    waiting = threading.Thread(target=lambda: answers.append(worker.call("echo", "x", limit=10)))
    waiting.start()
    worker.start()
    waiting.join(10)
    assert answers == ["x"]


def test_calls_are_answered_side_by_side_and_lost_together() -> None:
    worker = Worker("model", GoodRecipe(), at_once=2)
    worker.start()
    with ThreadPoolExecutor() as pool:
        first, second = (pool.submit(worker.call, "meet", 2, limit=SECONDS) for _ in range(2))  # either waits for the other
        assert sorted([first.result(SECONDS), second.result(SECONDS)]) == [0, 1]
        hanging = pool.submit(worker.call, "hang", limit=SECONDS)
        with pytest.raises(ModelLost):
            worker.call("die", limit=SECONDS)
        with pytest.raises(ModelLost):
            hanging.result(SECONDS)
        worker.start()
        assert [worker.call("echo", text, limit=SECONDS) for text in "abc"] == ["a", "b", "c"]
        first, second = (pool.submit(worker.call, "meet", 2, limit=SECONDS) for _ in range(2))
        assert sorted([first.result(SECONDS), second.result(SECONDS)]) == [0, 1]
    worker.close()


def test_why_a_model_cannot_be_loaded_is_told() -> None:
    with pytest.raises(ModelDamaged, match="not the expected one"):
        Worker("model", DamagedRecipe()).start()
    with pytest.raises(ModelLost):
        Worker("model", DyingRecipe()).start()


def test_a_closed_worker_answers_nobody() -> None:
    worker = Worker("model", GoodRecipe())
    worker.start()
    worker.close()
    with pytest.raises(ModelLost):
        worker.call("echo", "x", limit=1)


def test_processes_end_with_the_one_that_started_them() -> None:
    code = (
        "import sys, time; from recipes import GoodRecipe; from svodka.inference.worker import Worker\n"
        "if __name__ == '__main__':\n"
        "    worker = Worker('model', GoodRecipe()); worker.start(); print(worker.pid, flush=True); sys.stdin.read()\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    assert select.select([child], [], [], 10)[0]
    os.close(child)
