"""`svodka batch` as a user runs it: killed, started again, asked for what is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from streaming_server import StreamingServer, answered, echo, failed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from streaming_server import Behaviour
    from svodka.v1 import summary_pb2

    Requests = AsyncIterator[summary_pb2.SummarizeRequest]
    Responses = AsyncIterator[summary_pb2.SummarizeResponse]

_WAIT_SECONDS = 30.0


def _start(*arguments: object, cache_dir: Path | None = None) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    if cache_dir:
        environment["SVODKA_CACHE_DIR"] = str(cache_dir)
    command = [sys.executable, "-m", "svodka", "batch", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment)


def _batch(*arguments: object, cache_dir: Path | None = None) -> tuple[int, str]:
    with _start(*arguments, cache_dir=cache_dir) as process:
        out, told = process.communicate(timeout=120)
    assert out == ""
    assert "Traceback" not in told
    return process.returncode, " ".join(told.replace("│", " ").split())


def _file(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def _articles(folder: Path, count: int) -> Path:
    return _file(folder / "in.jsonl", *({"requestId": f"id-{number}", "text": f"Text {number}."} for number in range(count)))


def _entries(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def _wait_for_lines(path: Path, count: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.005)


def _at_most(count: int) -> Behaviour:
    """Answers so many articles, then none, while the stream stays open."""

    async def behave(requests: Requests, context: Any) -> Responses:
        left = count
        async for request in requests:
            if left:
                left -= 1
                yield answered(request)

    return behave


def test_a_run_that_is_killed_again_and_again_answers_every_article_once(tmp_path: Path) -> None:
    source, out = _articles(tmp_path, 200), tmp_path / "out.jsonl"
    with StreamingServer(_at_most(30), _at_most(50), _at_most(1), echo) as server:
        for lines in (30, 80, 81):
            with _start(source, out, "--target", server.target) as process:
                _wait_for_lines(out, lines, process)
                process.send_signal(signal.SIGKILL)
            assert process.returncode == -signal.SIGKILL
            with out.open("ab") as file:
                file.write(b'{"requestId": "id-1')  # what a kill within a write leaves
        code, told = _batch(source, out, "--target", server.target)
    assert (code, told) == (0, "svodka: 200 of 200 articles answered: 200 verified, 0 repaired, 0 unverified, 0 failed")
    entries = _entries(out)
    assert Counter(entry["requestId"] for entry in entries) == Counter(f"id-{number}" for number in range(200))
    for entry in entries:
        assert entry["summaries"][0]["text"] == f"Text {entry['requestId'].removeprefix('id-')}."
    assert Counter(server.received)["id-0"] == 1


def test_a_server_that_dies_leaves_a_file_that_is_gone_on_with(tmp_path: Path) -> None:
    source, out = _articles(tmp_path, 20), tmp_path / "out.jsonl"
    with StreamingServer(_at_most(5)) as server:
        with _start(source, out, "--target", server.target, "--reconnects", "0") as process:
            _wait_for_lines(out, 5, process)
            server.kill()
            _, told = process.communicate(timeout=30)
        assert process.returncode == 2
        assert "the same command goes on from here" in told
        code, told = _batch(source, out, "--target", server.target, "--reconnects", "0")
        assert code == 2
        assert "UNAVAILABLE: failed to connect" in told
    with StreamingServer() as server:
        assert _batch(source, out, "--target", server.target)[0] == 0
        assert len(server.received) == 15
    assert sorted(entry["requestId"] for entry in _entries(out)) == sorted(f"id-{number}" for number in range(20))


def test_errors_are_entries_and_are_asked_again_when_that_is_wanted(tmp_path: Path) -> None:
    async def refusing(requests: Requests, context: Any) -> Responses:
        async for request in requests:
            yield failed("b", grpc.StatusCode.INVALID_ARGUMENT) if request.request_id == "b" else answered(request)

    good = [{"requestId": "a", "text": "A."}, {"requestId": "b", "text": "B."}]
    source, out = _file(tmp_path / "in.jsonl", *good, "not JSON", {"text": "C."}), tmp_path / "out.jsonl"
    with StreamingServer(refusing, echo) as server:
        first = _batch(source, out, "--target", server.target)
        again = _batch(source, out, "--target", server.target)
        assert first == again == (1, "svodka: 4 of 4 articles answered: 2 verified, 0 repaired, 0 unverified, 2 failed")
        errors = {entry["requestId"]: entry["error"] for entry in _entries(out) if "error" in entry}
        assert errors == {
            "b": {"code": 3, "message": "no"},
            "line-3": {"code": 3, "message": "line 3 is no SummarizeRequest in protobuf JSON: is not a JSON object"},
        }
        _file(source, *good, {"requestId": "mended", "text": "D."}, {"text": "C."})
        code, told = _batch(source, out, "--target", server.target, "--retry-errors")
    assert (code, told) == (0, "svodka: 4 of 4 articles answered: 4 verified, 0 repaired, 0 unverified, 0 failed")
    assert len(server.received) == 5
    assert len(_entries(out)) == 4
    assert not any("error" in entry for entry in _entries(out))


def test_an_empty_file_needs_no_server(tmp_path: Path) -> None:
    source, out = _file(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    for target in ((), ("--target", "127.0.0.1:1")):
        assert _batch(source, out, *target) == (0, "svodka: 0 of 0 articles answered: 0 verified, 0 repaired, 0 unverified, 0 failed")
    assert _entries(out) == []


@pytest.mark.parametrize(
    ("lines", "out", "message"),
    [
        (['{"requestId": "a"}', '{"requestId": "a"}'], "out.jsonl", "in.jsonl, line 2: the request id 'a' stands in line 1 already"),
        (['{"requestId": "a"}'], "in.jsonl", "is the file of the articles"),
        (['{"requestId": "a"}'], "nowhere/out.jsonl", "No such file or directory"),
    ],
)
def test_wrong_input_ends_with_status_2_and_changes_nothing(tmp_path: Path, lines: list[str], out: str, message: str) -> None:
    source = _file(tmp_path / "in.jsonl", *lines)
    before = source.read_bytes()
    code, told = _batch(source, tmp_path / out)
    assert code == 2
    assert message in told
    assert source.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.jsonl"]


def test_ctrl_c_ends_a_run_that_can_be_gone_on_with(tmp_path: Path) -> None:
    source, out = _articles(tmp_path, 10), tmp_path / "out.jsonl"
    with StreamingServer(_at_most(3)) as server, _start(source, out, "--target", server.target) as process:
        _wait_for_lines(out, 3, process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told == "svodka: stopped; the same command goes on from here\n"
    assert len(_entries(out)) == 3


def test_models_that_are_not_prepared_are_told(tmp_path: Path) -> None:
    code, told = _batch(_articles(tmp_path, 1), tmp_path / "out.jsonl", cache_dir=tmp_path / "cache")
    assert code == 2
    assert "svodka models prepare" in told
    assert _entries(tmp_path / "out.jsonl") == []


@pytest.mark.models
def test_articles_in_process(tmp_path: Path, prepared_cache: Path) -> None:
    text = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."
    lines = [{"requestId": "good", "text": text, "targetLanguages": ["en"]}, {"requestId": "empty"}]
    source, out = _file(tmp_path / "in.jsonl", *lines), tmp_path / "out.jsonl"
    code, told = _batch(source, out, cache_dir=prepared_cache)
    assert (code, told) == (1, "svodka: 2 of 2 articles answered: 1 verified, 0 repaired, 0 unverified, 1 failed")
    good, empty = _entries(out)
    assert "1,500" in good["summaries"][0]["text"]
    assert empty["error"]["message"].startswith("text: is empty")
