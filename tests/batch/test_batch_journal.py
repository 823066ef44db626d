"""The file of answers: whatever a kill left of it, no whole line is lost and none is doubled."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.any_pb2 import Any

from streaming_server import failed
from svodka.batch.journal import Journal
from svodka.batch.outcome import Outcome, failure
from svodka.errors import InvalidRequest
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from pathlib import Path


def _answer(request_id: str, verdict: int = summary_pb2.VERIFIED) -> summary_pb2.SummarizeResponse:
    summary = summary_pb2.Summary(language="ru", text="Строка\nи ещё\u2028одна.")
    return summary_pb2.SummarizeResponse(request_id=request_id, verdict=verdict, summaries=[summary])


def _written(path: Path, *responses: summary_pb2.SummarizeResponse) -> bytes:
    with Journal(path) as journal:
        for response in responses:
            journal.append(response)
    return path.read_bytes()


def _ids(path: Path) -> list[str]:
    return [json.loads(line)["requestId"] for line in path.read_bytes().splitlines()]


def test_a_later_run_knows_what_came_of_every_article(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    verdicts = {"a": summary_pb2.VERIFIED, "b": summary_pb2.REPAIRED, "c": summary_pb2.UNVERIFIED}
    data = _written(
        path, *(_answer(request_id, verdict) for request_id, verdict in verdicts.items()), failed("d", grpc.StatusCode.INTERNAL)
    )
    assert data.count(b"\n") == 4
    assert json.loads(data.splitlines()[3]) == {"requestId": "d", "error": {"code": 13, "message": "no"}}
    assert json.loads(data.splitlines()[0])["reasons"] == []
    with Journal(path) as journal:
        assert journal.answered == {
            "a": Outcome.VERIFIED,
            "b": Outcome.REPAIRED,
            "c": Outcome.UNVERIFIED,
            "d": Outcome.FAILED,
        }
    assert path.read_bytes() == data


def test_a_line_torn_anywhere_is_cut_off_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    first = _written(path, _answer("a"))
    both = _written(path, _answer("b"))
    for length in range(len(first), len(both)):
        path.write_bytes(both[:length])
        with Journal(path) as journal:
            assert set(journal.answered) == {"a"}
            assert path.read_bytes() == first
            journal.append(_answer("b"))
        assert path.read_bytes() == both


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"Dear diary", 1),
        (b'{"text": "no line end"}', 1),
        (b'{"requestId": "a", "text": "a request"}\n', 1),
        (b'{"requestId": "a", "verdict": "GOOD"}\n', 1),
        (b'{"requestId": 5, "verdict": "VERIFIED"}\n', 1),
        (b"[]\n", 1),
        (b'{"requestId": "a", "verdict": "VERIFIED"}\n\n', 2),
        (b'{"requestId": "a", "verdict": "VERIFIED"}\n\xff\n', 2),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_and_left_alone(tmp_path: Path, data: bytes, line: int) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(data)
    with pytest.raises(InvalidRequest, match=f"line {line}: is no answer of an earlier run"):
        Journal(path)
    assert path.read_bytes() == data


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with Journal(path) as journal:
        with pytest.raises(InvalidRequest, match="another run is writing to it"):
            Journal(path)
        journal.append(_answer("a"))
    assert _ids(path) == ["a"]


def test_errors_are_taken_out_to_be_asked_again(tmp_path: Path) -> None:
    path, link = tmp_path / "out.jsonl", tmp_path / "link.jsonl"
    _written(path, _answer("a"), failed("b", grpc.StatusCode.INTERNAL), _answer("c"))
    path.chmod(0o640)
    link.symlink_to(path)
    with Journal(link, retry_errors=True) as journal:
        assert set(journal.answered) == {"a", "c"}
        assert _ids(path) == ["a", "c"]
        journal.append(_answer("b"))
        with pytest.raises(InvalidRequest, match="another run"):
            Journal(path)
    assert _ids(path) == ["a", "c", "b"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.jsonl", "out.jsonl"]


def test_details_of_a_type_that_is_not_known_do_not_stop_a_run(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    response = failed("a", grpc.StatusCode.UNAVAILABLE, 2.5)
    response.error.details.append(Any(type_url="type.googleapis.com/news.Unknown", value=b"\x01"))
    (line,) = _written(path, response).splitlines()
    assert json.loads(line)["error"]["details"] == [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.500s"}]
    assert len(response.error.details) == 2


@pytest.mark.parametrize("name", ["nowhere/out.jsonl", "."])
def test_a_place_where_no_file_can_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"No such file|no ordinary file"):
        Journal(tmp_path / name)


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidRequest, match="no ordinary file"):
        Journal(tmp_path / "pipe")


def test_a_long_message_is_cut() -> None:
    assert len(failure("a", grpc.StatusCode.INTERNAL, "x" * 10_000).error.message) == 500
