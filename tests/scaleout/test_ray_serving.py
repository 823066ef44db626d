"""Behind Ray Serve: the cases of the server of one machine, and what goes wrong where there are several."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
import psutil
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

# They take this folder's server.
from e2e.test_serving import (  # noqa: F401
    SHORT,
    test_a_glossary_s_empty_side_is_named,
    test_a_message_that_does_not_parse_is_the_client_s_fault,
    test_a_stream_answers_each_article_and_tells_what_is_wrong_with_others,
    test_a_stream_of_nothing_ends,
    test_a_stream_that_does_not_parse_is_the_client_s_fault,
    test_a_wrong_field_is_named,
    test_an_answer_tells_the_id_of_its_call,
    test_both_summaries_come_back_for_an_article_of_either_language,
    test_figures,
    test_reflection_lists_the_services,
    test_service_info_tells_models_and_limits,
    test_several_wrong_fields_are_named_together,
    test_terms_of_the_client_s_come_through_or_are_told,
    test_the_socket_and_the_process_answer_alike,
    test_translate,
    test_translations_are_compared_side_by_side,
    test_two_hundred_calls_at_once_each_get_their_status_and_the_next_is_answered,
)
from svodka.client.options import OPTIONS
from svodka.v1 import figures_pb2, summary_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ray_server import RayServer

pytestmark = pytest.mark.models

BRIEF = summary_pb2.SummarizeRequest(text=SHORT, target_languages=["ru"])


def _code(call: Callable[..., object], request: object) -> grpc.StatusCode:
    try:
        call(request, timeout=120)
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def _wait_for(condition: Callable[[], bool], seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return met


def test_the_standard_health_service_is_mapped(server: RayServer) -> None:
    stub = health_pb2_grpc.HealthStub(server.channel)
    for service in ("", "svodka.v1.SummaryService"):
        answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=20)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert _code(stub.Check, health_pb2.HealthCheckRequest(service="other")) is grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.RpcError) as caught:
        next(stub.Watch(health_pb2.HealthCheckRequest(), timeout=20))
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_serve_s_own_health_is_there(server: RayServer) -> None:
    call = server.channel.unary_unary("/ray.serve.RayServeAPIService/Healthz")
    assert b"success" in call(b"", timeout=20)


def test_a_call_that_is_cut_off_leaves_the_next_one_answered(server: RayServer) -> None:
    text = " ".join(f"The fund spent ${number}.25 billion on {number} bridges." for number in range(60, 90))
    with pytest.raises(grpc.RpcError) as caught:
        server.stub.Summarize(summary_pb2.SummarizeRequest(text=text), timeout=0.15)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert server.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), timeout=20).figures


def test_a_message_longer_than_any_text_may_be_is_refused(server: RayServer) -> None:
    code = _code(server.stub.Summarize, summary_pb2.SummarizeRequest(text="word " * 1_000_000))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    code = _code(server.stub.Summarize, summary_pb2.SummarizeRequest(text="word " * 4_000_000))
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert server.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), timeout=20).figures


def _at_work(models: Sequence[psutil.Process]) -> bool:
    """Whether a call is being answered now: its replica's models compute."""
    before = sum(sum(model.cpu_times()[:2]) for model in models)
    threading.Event().wait(0.05)
    return sum(sum(model.cpu_times()[:2]) for model in models) - before >= 0.03


def _kill_a_replica_under(server: RayServer, call: Callable[[], grpc.StatusCode]) -> Counter[grpc.StatusCode]:
    """The statuses of twenty calls, four at a time, a replica being killed amid them."""
    assert _wait_for(lambda: len(server.replicas()) == 2)
    before = server.replicas()
    answered = threading.Semaphore(0)

    def counted(_: int) -> grpc.StatusCode:
        try:
            return call()
        finally:
            answered.release()

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(counted, number) for number in range(20)]
        for _ in range(4):
            assert answered.acquire(timeout=120)
        models = psutil.Process(min(before)).children(recursive=True)
        assert models
        assert _wait_for(lambda: _at_work(models))
        os.kill(min(before), signal.SIGKILL)
        codes = Counter(one.result() for one in calls)
    assert not psutil.wait_procs(models, timeout=30)[1]
    assert _wait_for(lambda: len(server.replicas()) == 2 and min(before) not in server.replicas())
    return codes


def test_a_lost_replica_s_calls_are_unavailable_and_serve_brings_another(server: RayServer) -> None:
    def call() -> grpc.StatusCode:
        try:
            server.stub.Summarize(BRIEF, timeout=120)
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.UNAVAILABLE, error
            retry = error_details_pb2.RetryInfo()
            assert any(detail.Unpack(retry) for detail in rpc_status.from_call(error).details)
            return error.code()
        return grpc.StatusCode.OK

    codes = _kill_a_replica_under(server, call)
    assert 1 <= codes[grpc.StatusCode.UNAVAILABLE] <= 4
    assert server.stub.Summarize(BRIEF, timeout=120).summaries


def test_clients_that_try_again_do_not_see_that_a_replica_is_lost(server: RayServer) -> None:
    with grpc.insecure_channel(server.address, options=OPTIONS) as channel:
        stub = summary_service_pb2_grpc.SummaryServiceStub(channel)
        codes = _kill_a_replica_under(server, lambda: _code(stub.Summarize, BRIEF))
    assert codes == {grpc.StatusCode.OK: 20}
