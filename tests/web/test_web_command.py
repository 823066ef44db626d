"""`svodka web` as a user runs it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx2
import pytest

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}


def _run(*arguments: str, code: str = "from svodka.cli import main; main()") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, "web", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT, timeout=60, check=False)


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(package: str) -> None:
    done = _run(code=f"import sys; sys.modules[{package!r}] = None; from svodka.cli import main; main()")
    assert done.returncode == 2
    assert done.stderr == "svodka: svodka web needs the extra 'web': pip install 'svodka[web]'\n"


def test_wrong_files_are_told_before_anything_listens(tmp_path: Path) -> None:
    token = tmp_path / "token"
    done = _run("--token-file", str(token))
    assert (done.returncode, done.stderr) == (2, f"svodka: {token}: No such file or directory\n")
    token.write_text("secret", encoding="utf-8")
    done = _run("--token-file", str(token), "--target", "svodka.example:50051")
    assert done.returncode == 2
    assert "the token would go to svodka.example:50051 in plaintext" in done.stderr


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run("--port", str(port))
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr


def test_it_tells_its_address_serves_the_page_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "svodka", "web", "--port", "0", "--target", "127.0.0.1:1"]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        told = re.fullmatch(r"svodka: the page is at (http://127\.0\.0\.1:\d+/), and asks 127\.0\.0\.1:1\n", process.stderr.readline())
        assert "<title" in httpx2.get(told[1], timeout=20).text
        process.terminate()
        assert process.wait(timeout=20) in {0, -15}
        assert "Traceback" not in process.stderr.read()
