from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from svodka.security.clients import entry_of
from svodka.v1 import info_pb2, summary_service_pb2_grpc

from .conftest import guarded, serving

if TYPE_CHECKING:
    from pathlib import Path

TOKEN, OTHER, WRONG = "kSx0-token-of-the-newsroom", "9fQ_-token-of-the-archive", "wZ77-token-of-nobody"
TOKENS = {"newsroom": TOKEN, "archive": OTHER}
SHAPES = ["echo", "write", "count", "join", "chat", "unheard_of"]


async def _read(call: Any) -> list[bytes]:
    return [response async for response in call]


async def _error(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await (_read(call) if hasattr(call, "__aiter__") else call)
    return caught.value


def _detail(error: grpc.aio.AioRpcError, kind: Any) -> Any:
    message = kind()
    status = rpc_status.from_call(_Told(error))
    assert any(detail.Unpack(message) for detail in status.details)
    return message


class _Told:
    """An error of grpc.aio as grpc_status reads one."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.code, self.details, self.trailing_metadata = error.code, error.details, error.trailing_metadata


async def test_calls_of_every_shape_get_through_with_a_token(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS) as server:
        assert await server.call("echo", b"a", token=TOKEN) == b"a"
        assert await _read(server.call("write", b"a", token=OTHER)) == [b"a", b"a", b"a"]
        assert await server.call("join", b"a", b"b", token=TOKEN) == b"ab"
        assert await _read(server.call("chat", b"a", b"b", token=TOKEN)) == [b"a", b"b"]
        assert (await _error(server.call("fail", b"a", token=TOKEN))).code() is grpc.StatusCode.DATA_LOSS
        assert (await _error(server.call("unheard_of", b"a", token=TOKEN))).code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("header", [None, "Bearer", f"Basic {TOKEN}", f"Bearer {WRONG}"], ids=["none", "empty", "basic", "wrong"])
async def test_calls_of_every_shape_are_refused_without_one(tmp_path: Path, shape: str, header: str | None) -> None:
    async with guarded(tmp_path, TOKENS) as server:
        error = await _error(server.call(shape, b"a", header=header))
        assert error.code() is grpc.StatusCode.UNAUTHENTICATED
        assert "send the header 'authorization: Bearer TOKEN'" in error.details()
        assert _detail(error, error_details_pb2.ErrorInfo).reason == "UNAUTHENTICATED"
        assert dict(error.trailing_metadata())["x-request-id"]


async def test_health_needs_no_token_and_reflection_does(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS) as server:
        health = health_pb2_grpc.HealthStub(server.channel)
        assert (await health.Check(health_pb2.HealthCheckRequest(), timeout=20)).status == health_pb2.HealthCheckResponse.SERVING
        watch = health.Watch(health_pb2.HealthCheckRequest(), timeout=20)
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
        watch.cancel()
        ask = reflection_pb2_grpc.ServerReflectionStub(server.channel).ServerReflectionInfo
        request = [reflection_pb2.ServerReflectionRequest(list_services="")]
        assert (await _error(ask(request, timeout=20))).code() is grpc.StatusCode.UNAUTHENTICATED
        (answer,) = await _read(ask(request, timeout=20, metadata=[("authorization", f"Bearer {TOKEN}")]))
        assert "test.Service" in {service.name for service in answer.list_services_response.service}


async def test_a_client_over_its_concurrent_requests_is_told_and_others_go_on(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS, "max_concurrent_requests = 1") as server:
        running = server.call("hold", b"a", token=TOKEN)
        await server.behind.entered.wait()
        for shape in ("echo", "write", "join", "chat"):
            error = await _error(server.call(shape, b"a", token=TOKEN))
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            (violation,) = _detail(error, error_details_pb2.QuotaFailure).violations
            assert (violation.subject, violation.description) == ("client:newsroom", "1 concurrent requests")
            assert _detail(error, error_details_pb2.RetryInfo).retry_delay.seconds == 1
        assert await server.call("echo", b"a", token=OTHER) == b"a"
        server.behind.release.set()
        assert await running == b"a"
        assert await server.call("echo", b"a", token=TOKEN) == b"a"


async def test_a_client_over_its_requests_per_minute_is_told(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS, "requests_per_minute = 2") as server:
        for _ in range(2):
            assert await server.call("echo", b"a", token=TOKEN) == b"a"
        error = await _error(server.call("echo", b"a", token=TOKEN))
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        (violation,) = _detail(error, error_details_pb2.QuotaFailure).violations
        assert (violation.subject, violation.description) == ("client:newsroom", "2 requests per minute")
        delay = _detail(error, error_details_pb2.RetryInfo).retry_delay
        assert 0 < delay.ToTimedelta().total_seconds() <= 30
        refused = {"lane": "door", "reason": "quota"}
        assert server.metrics.registry.get_sample_value("svodka_refused_total", refused) == 1
        assert await server.call("echo", b"a", token=OTHER) == b"a"


async def test_a_stream_goes_no_faster_than_its_client_may(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS, "requests_per_minute = 1200") as server:
        sent = [str(number).encode() for number in range(1210)]
        started = time.monotonic()
        assert await _read(server.call("chat", *sent, token=TOKEN)) == sent
        assert time.monotonic() - started >= 10 / 20  # 20 a second after the first 1200


@pytest.mark.parametrize("method", ["hold", "count"])
async def test_a_cancelled_call_gives_its_room_back(tmp_path: Path, method: str) -> None:
    async with guarded(tmp_path, TOKENS, "max_concurrent_requests = 1") as server:
        running = server.call(method, b"a", token=TOKEN)
        await server.behind.entered.wait()
        if method == "count":
            assert await running.read() == b"a"
        assert (await _error(server.call("echo", b"a", token=TOKEN))).code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        running.cancel()
        # That the call is gone comes to the server a moment later.
        while True:
            try:
                assert await server.call("echo", b"a", token=TOKEN) == b"a"
                break
            except grpc.aio.AioRpcError as error:
                assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        if method == "count":
            assert server.behind.ended.is_set()


async def test_a_failed_call_gives_its_room_back(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS, "max_concurrent_requests = 1") as server:
        for _ in range(3):
            assert (await _error(server.call("fail", b"a", token=TOKEN))).code() is grpc.StatusCode.DATA_LOSS


async def test_a_changed_file_counts_for_the_next_call(tmp_path: Path) -> None:
    async with guarded(tmp_path, TOKENS) as server:
        server.clients_file.write_text(entry_of("desk", WRONG))
        assert await server.call("echo", b"a", token=WRONG) == b"a"
        assert (await _error(server.call("echo", b"a", token=TOKEN))).code() is grpc.StatusCode.UNAUTHENTICATED


async def test_logs_name_the_client_and_never_a_token(tmp_path: Path, logged: list[Any]) -> None:
    async with guarded(tmp_path, TOKENS, "requests_per_minute = 1") as server:
        await server.call("echo", b"a", token=TOKEN)
        await server.call("echo", b"a", token=OTHER)
        await _error(server.call("echo", b"a", token=TOKEN))
        for header in (f"Bearer {WRONG}", f"Basic {TOKEN}", TOKEN):
            await _error(server.call("echo", b"a", header=header))
        server.clients_file.write_text(f'[newsroom]\ntoken_sha256 = "{TOKEN}"\n')
        await _error(server.call("echo", b"a", token=TOKEN))
    assert [(entry["event"], entry.get("client"), entry.get("code")) for entry in logged] == [
        ("echo", "newsroom", None),
        ("echo", "archive", None),
        ("refused", "newsroom", "RESOURCE_EXHAUSTED"),
        ("refused", None, "UNAUTHENTICATED"),
        ("refused", None, "UNAUTHENTICATED"),
        ("refused", None, "UNAUTHENTICATED"),
        ("new files not taken, the old ones stay in use", None, None),
        ("refused", "newsroom", "RESOURCE_EXHAUSTED"),
    ]
    for token in (TOKEN, OTHER, WRONG):
        assert token not in repr(logged)


async def test_the_server_asks_for_tokens_where_it_has_a_file_of_clients(tmp_path: Path, logged: list[Any]) -> None:
    file = tmp_path / "clients.toml"
    file.write_text(entry_of("newsroom", TOKEN))
    async with serving(clients_file=file) as port, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        ask = summary_service_pb2_grpc.SummaryServiceStub(channel).GetServiceInfo
        assert (await _error(ask(info_pb2.GetServiceInfoRequest(), timeout=20))).code() is grpc.StatusCode.UNAUTHENTICATED
        answer = await ask(info_pb2.GetServiceInfoRequest(), timeout=20, metadata=[("authorization", f"Bearer {TOKEN}")])
        assert answer.version
    assert [entry["client"] for entry in logged if entry["event"] == "answered"] == ["newsroom"]
    assert TOKEN not in repr(logged)
