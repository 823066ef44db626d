"""A real server in a process of its own, on a free port, with the real embedded models."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import urllib.request
from typing import TYPE_CHECKING

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from node_example import NodeExample
from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVING = health_pb2.HealthCheckResponse.SERVING
_START_SECONDS = 60


class RunningServer:
    """The process, its address and a channel to it."""

    threads = 0  # of inference, as its settings have it

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._log: list[dict[str, object]] = []
        self._grown = threading.Condition()
        # A server whose log nobody reads stops when the pipe is full.
        threading.Thread(target=self._read_log, daemon=True).start()
        self.address = f"127.0.0.1:{self.logged('listening')['port']}"
        self.channel = grpc.insecure_channel(self.address, options=[("grpc.max_receive_message_length", -1)])
        self.stub = summary_service_pb2_grpc.SummaryServiceStub(self.channel)

    def _read_log(self) -> None:
        for line in self.process.stderr:
            if line.startswith("{"):
                with self._grown:
                    self._log.append(json.loads(line))
                    self._grown.notify_all()

    def logged(self, event: str, **fields: object) -> dict[str, object]:
        """Wait for a line of the log, the first of its sort."""

        def found() -> dict[str, object] | None:
            return next((entry for entry in self._log if entry["event"] == event and fields.items() <= entry.items()), None)

        with self._grown:
            return self._grown.wait_for(found, _START_SECONDS) or pytest.fail(f"the server never logged {event!r} {fields}")

    def loaded(self) -> list[object]:
        """The models that it has loaded."""
        return [entry["model"] for entry in self._log if entry["event"] == "model loaded"]

    def metrics(self) -> str:
        """The page that Prometheus reads."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.logged('metrics')['port']}/metrics", timeout=20) as answer:
            return answer.read().decode()

    def wait_until_serving(self) -> None:
        watch = health_pb2_grpc.HealthStub(self.channel).Watch(health_pb2.HealthCheckRequest(), timeout=_START_SECONDS, wait_for_ready=True)
        for answer in watch:
            if answer.status == SERVING:
                watch.cancel()
                return
        pytest.fail("the server never turned SERVING")


@contextlib.contextmanager
def running_server(cache_dir: Path, **settings: object) -> Iterator[RunningServer]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    environment |= {f"SVODKA_{key.upper()}": str(value) for key, value in settings.items()}
    environment |= {"SVODKA_CACHE_DIR": str(cache_dir), "SVODKA_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "svodka", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            server = RunningServer(process)
            server.wait_until_serving()
            with server.channel:
                yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="session")
def server(prepared_cache: Path) -> Iterator[RunningServer]:
    with running_server(prepared_cache) as running:
        yield running


@pytest.fixture(scope="session")
def node_example(tmp_path_factory: pytest.TempPathFactory) -> NodeExample:
    """The Node example, installed once for all tests."""
    return NodeExample(tmp_path_factory.mktemp("node"))
