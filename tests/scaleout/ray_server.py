"""The service behind Ray Serve, with two replicas: `svodka ray serve` in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from typing import TYPE_CHECKING

import grpc
import psutil

from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

_START_SECONDS = 120


class RayServer:
    """The process, its address and a channel to it."""

    threads = 1  # of inference in each replica

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.address = f"127.0.0.1:{port}"
        self.channel = grpc.insecure_channel(self.address, options=[("grpc.max_receive_message_length", -1)])
        self.stub = summary_service_pb2_grpc.SummaryServiceStub(self.channel)
        self._serving = threading.Event()
        self._log: list[str] = []
        threading.Thread(target=self._read_log, daemon=True).start()

    def _read_log(self) -> None:
        for line in self.process.stderr:
            self._log.append(line)
            if line.startswith("{") and json.loads(line)["event"] == "serving":
                self._serving.set()

    def wait_until_serving(self) -> None:
        assert self._serving.wait(_START_SECONDS), "".join(self._log)

    def replicas(self) -> set[int]:
        """The processes of the replicas."""
        found = set()
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if process.cmdline()[:1] == ["ray::ServeReplica:svodka:Replica"]:
                    found.add(process.pid)
        return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def without_settings(cache_dir: Path) -> dict[str, str]:
    """The environment, with no settings in it but where the models are."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SVODKA_", "RAY_"))}
    return environment | {"SVODKA_CACHE_DIR": str(cache_dir), "SVODKA_LOG_FORMAT": "json"}
