"""Fixtures of the tests on Ray; where Ray is not installed, those that need it are skipped."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ray_server import RayServer, free_port, without_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def ray() -> None:
    """Ray is there; the tests themselves have no need to import it."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed; ./scripts/test-ray runs these tests")


@pytest.fixture(scope="session")
def server(ray: None, prepared_cache: Path) -> Iterator[RayServer]:
    port = free_port()
    command = [sys.executable, "-m", "svodka", "ray", "serve", "--replicas", "2", "--port", str(port)]
    environment = without_settings(prepared_cache)
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            running = RayServer(process, port)
            running.wait_until_serving()
            with running.channel:
                yield running
        finally:
            process.terminate()
            process.wait(timeout=120)
