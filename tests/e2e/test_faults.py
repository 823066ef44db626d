"""What goes wrong around a server: nothing accepted is lost, nothing crashes, and the next call works."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from typing import TYPE_CHECKING

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from svodka.v1 import figures_pb2, summary_pb2, translation_pb2

from .conftest import SERVING, RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.models

SENTENCE = "The yard delivered 82 ships worth $8 billion by 8 October 2023."
FIGURES = figures_pb2.ExtractFiguresRequest(text="It cost $8.")
TRANSLATOR, ENCODER = "gemma3-270m-en-ru", "multilingual-e5-small-q4"
SECONDS = 120


def _text(sentences: int) -> translation_pb2.TranslateRequest:
    text = " ".join(SENTENCE.replace("82", str(82 + number)) for number in range(sentences))
    return translation_pb2.TranslateRequest(text=text, target_language="ru", policy=summary_pb2.REPORT)


def _metric(server: RunningServer, name: str) -> float:
    page = server.metrics()
    return next(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(f"{name} "))


def _wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(SECONDS * 20):
        if condition():
            return
        pause.wait(0.05)
    pytest.fail("it never came to that")


@pytest.fixture(scope="module")
def measured(prepared_cache: Path) -> Iterator[RunningServer]:
    with running_server(prepared_cache, metrics_port=0, handshake_seconds=1) as running:
        yield running


@pytest.fixture
def fine_after(measured: RunningServer) -> Iterator[RunningServer]:
    """The server, which must answer and have nothing left to do after the test."""
    yield measured
    assert measured.stub.Translate(_text(1), timeout=SECONDS).sentences
    _wait_until(lambda: _metric(measured, 'svodka_queue_requests{lane="models"}') == 0)


def _accepted(server: RunningServer, calls: int) -> None:
    """Wait until the server has accepted so many calls."""
    _wait_until(lambda: _metric(server, 'svodka_queue_requests{lane="models"}') == calls)


def test_a_client_that_vanishes_leaves_no_work_behind(fine_after: RunningServer) -> None:
    with grpc.insecure_channel(fine_after.address) as channel:
        call = channel.unary_unary("/svodka.v1.SummaryService/Translate", request_serializer=lambda request: request.SerializeToString())
        pending = call.future(_text(60), timeout=SECONDS)
        _accepted(fine_after, 1)
        assert not pending.done()
    _accepted(fine_after, 0)


def test_a_client_that_vanishes_in_a_stream_leaves_no_work_behind(fine_after: RunningServer) -> None:
    with grpc.insecure_channel(fine_after.address) as channel:
        call = channel.stream_stream(
            "/svodka.v1.SummaryService/SummarizeStream", request_serializer=lambda request: request.SerializeToString()
        )
        answers = call(iter([summary_pb2.SummarizeRequest(text=_text(40).text)] * 5), timeout=SECONDS)
        _accepted(fine_after, 5)
        answers.cancel()
    _accepted(fine_after, 0)


def test_a_deadline_that_passes_ends_the_call_and_its_work(fine_after: RunningServer) -> None:
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as caught:
            fine_after.stub.Translate(_text(60), timeout=1)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    _accepted(fine_after, 0)


def test_the_server_has_a_deadline_of_its_own(prepared_cache: Path) -> None:
    with running_server(prepared_cache, max_request_seconds=1) as hasty:
        with pytest.raises(grpc.RpcError) as caught:
            hasty.stub.Translate(_text(60))
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert "not ready in time" in caught.value.details()
        assert hasty.stub.ExtractFigures(FIGURES, timeout=SECONDS).figures


@pytest.mark.parametrize("model", [TRANSLATOR, ENCODER])
def test_a_killed_model_is_started_again_and_no_call_is_lost(fine_after: RunningServer, model: str) -> None:
    health = health_pb2_grpc.HealthStub(fine_after.channel)
    watches = [health.Watch(health_pb2.HealthCheckRequest(service=service), timeout=SECONDS) for service in ("", model)]
    assert [next(watch).status for watch in watches] == [SERVING, SERVING]
    pid = fine_after.logged("model loaded", model=model)["pid"]
    calls = [fine_after.stub.Translate.future(_text(3), timeout=SECONDS) for _ in range(3)]
    _accepted(fine_after, 3)
    os.kill(pid, signal.SIGKILL)
    for watch in watches:
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert next(watch).status == SERVING
        watch.cancel()
    assert [len(call.result().sentences) for call in calls] == [3, 3, 3]
    assert fine_after.logged("model started again", model=model)["pid"] != pid
    assert _metric(fine_after, f'svodka_model_restarts_total{{model="{model}"}}') == 1


def test_clients_that_say_nothing_or_too_little_are_hung_up_on(fine_after: RunningServer) -> None:
    host, port = fine_after.address.split(":")
    sockets = [socket.create_connection((host, int(port)), timeout=SECONDS) for _ in range(20)]
    for number, connection in enumerate(sockets):
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[:number])
    assert fine_after.stub.ExtractFigures(FIGURES, timeout=SECONDS).figures
    for connection in sockets:
        while select.select([connection], [], [], SECONDS)[0] and connection.recv(4096):
            pass  # the server's own settings may come first; then the end, or this would wait and fail
        connection.close()


def test_sigterm_under_load_loses_no_accepted_call(prepared_cache: Path) -> None:
    with running_server(prepared_cache, metrics_port=0, drain_seconds=SECONDS) as stopping:
        calls = [stopping.stub.Translate.future(_text(3), timeout=SECONDS) for _ in range(6)]
        _accepted(stopping, 6)
        stopping.process.send_signal(signal.SIGTERM)
        assert [len(call.result().sentences) for call in calls] == [3] * 6
        assert stopping.process.wait(timeout=60) == 0


def test_a_drain_has_a_limit(prepared_cache: Path) -> None:
    with running_server(prepared_cache, metrics_port=0, drain_seconds=1) as stopping:
        call = stopping.stub.Translate.future(_text(60), timeout=SECONDS)
        _accepted(stopping, 1)
        stopping.process.send_signal(signal.SIGTERM)
        assert call.exception(timeout=SECONDS).code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
        assert stopping.process.wait(timeout=60) == 0
