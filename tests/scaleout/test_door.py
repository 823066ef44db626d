"""The door of a proxy: deadlines are handed on, Serve's own failures are told as ours. A few lines stand in for Serve."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpc_status import rpc_status

from svodka.scaleout import door
from svodka.scaleout.context import REPLICA_KEY, SECONDS_LEFT_KEY
from svodka.v1 import summary_service_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Behaviour = Callable[[Any, grpc.aio.ServicerContext], Awaitable[bytes]]

SUMMARIZE = "/svodka.v1.SummaryService/Summarize"
STREAM = "/svodka.v1.SummaryService/SummarizeStream"


@contextlib.asynccontextmanager
async def proxy(unary: Behaviour | None = None, stream: object = None) -> AsyncIterator[grpc.aio.Channel]:
    """A server whose methods were replaced as Serve replaces them."""
    server = grpc.aio.server()
    added: list[grpc.GenericRpcHandler] = []

    class Taking:
        def add_generic_rpc_handlers(self, handlers: tuple[grpc.GenericRpcHandler, ...]) -> None:
            (handler,) = handlers
            handler._method_handlers = {
                path: method._replace(response_serializer=None, unary_unary=unary, stream_stream=stream)
                for path, method in handler._method_handlers.items()
            }
            added.append(handler)
            server.add_generic_rpc_handlers(handlers)

    door.add_summary_service(None, Taking())
    door.add_health(None, Taking())
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    await server.stop(None)


async def _failure(call: Awaitable[object]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


def _status(error: grpc.aio.AioRpcError) -> dict[str, object]:
    """The names of its error, and of the delay that it asks for."""
    ((_, raw),) = [item for item in error.trailing_metadata() if item[0] == "grpc-status-details-bin"]
    status = rpc_status.status_pb2.Status.FromString(raw)
    assert status.code == error.code().value[0]
    told: dict[str, object] = {}
    for detail in status.details:
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            told["reason"] = info.reason
        if detail.Unpack(retry):
            told["retry"] = retry.retry_delay.ToTimedelta().total_seconds()
    return told


def test_every_method_of_the_contract_has_its_place() -> None:
    taken: dict[str, grpc.RpcMethodHandler] = {}

    class Taking:
        def add_generic_rpc_handlers(self, handlers: tuple[grpc.GenericRpcHandler, ...]) -> None:
            taken.update(handlers[0]._method_handlers)

    door.add_summary_service(None, Taking())
    methods = summary_service_pb2.DESCRIPTOR.services_by_name["SummaryService"].methods
    assert {path: handler.request_streaming for path, handler in taken.items()} == {
        f"/svodka.v1.SummaryService/{method.name}": method.client_streaming for method in methods
    }


async def test_requests_pass_undecoded_with_the_deadline() -> None:
    seen: list[tuple[bytes, dict[str, str]]] = []

    async def unary(raw: bytes, context: grpc.aio.ServicerContext) -> bytes:
        seen.append((raw, dict(context.invocation_metadata())))
        assert context.peer()  # whatever else is asked is the real one's
        return b"answer"

    async with proxy(unary) as channel:
        call = channel.unary_unary(SUMMARIZE)
        # What a client says of it does not count.
        assert await call(b"\xff", timeout=20, metadata=((SECONDS_LEFT_KEY, "900"), ("x-request-id", "mine"))) == b"answer"
        assert await call(b"", metadata=((SECONDS_LEFT_KEY, "900"),)) == b"answer"
    (raw, metadata), (_, without) = seen
    assert raw == b"\xff"
    # gRPC rounds a deadline up to three digits on the wire, so a little more than was asked may be left.
    assert 10 < float(metadata[SECONDS_LEFT_KEY]) < 21
    assert metadata["x-request-id"] == "mine"
    assert SECONDS_LEFT_KEY not in without


@pytest.mark.parametrize(
    ("code", "told", "status"),
    [
        (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE, {"reason": "MODEL_LOST", "retry": 1.0}),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.RESOURCE_EXHAUSTED, {"reason": "OVERLOADED", "retry": 1.0}),
        (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE, {"reason": "NOT_READY", "retry": 3.0}),
        (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAVAILABLE, {"reason": "NOT_READY", "retry": 3.0}),
        (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.DEADLINE_EXCEEDED, {"reason": "DEADLINE_EXCEEDED"}),
    ],
    ids=lambda value: value.name if isinstance(value, grpc.StatusCode) else "",
)
async def test_a_failure_of_serve_s_own_is_told_as_ours(code: grpc.StatusCode, told: grpc.StatusCode, status: dict[str, object]) -> None:
    async def unary(raw: bytes, context: grpc.aio.ServicerContext) -> bytes:
        context.set_code(code)
        context.set_details("ray.exceptions.Something: a traceback")
        return b""

    async with proxy(unary) as channel:
        error = await _failure(channel.unary_unary(SUMMARIZE)(b"", timeout=20))
    assert error.code() is told
    assert "traceback" not in error.details()
    assert _status(error) == status


async def test_what_a_replica_says_stays_as_it_is() -> None:
    async def unary(raw: bytes, context: grpc.aio.ServicerContext) -> bytes:
        context.set_code(grpc.StatusCode.INTERNAL)
        context.set_details("the server failed; its log says how")
        context.set_trailing_metadata(((REPLICA_KEY, "1"), ("x-request-id", "of the call")))
        return b""

    async with proxy(unary) as channel:
        error = await _failure(channel.unary_unary(SUMMARIZE)(b"", timeout=20))
    assert (error.code(), error.details()) == (grpc.StatusCode.INTERNAL, "the server failed; its log says how")
    assert ("x-request-id", "of the call") in tuple(error.trailing_metadata())


async def test_a_stream_that_fails_sends_no_message_for_its_status() -> None:
    async def stream(requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext) -> AsyncIterator[bytes]:
        async for raw in requests:
            yield raw
        context.set_trailing_metadata(((REPLICA_KEY, "1"),))
        context.set_code(grpc.StatusCode.INVALID_ARGUMENT)
        yield b"carries the status"

    async with proxy(stream=stream) as channel:
        call = channel.stream_stream(STREAM)(iter([b"a", b"b"]), timeout=20)
        answers = []
        with contextlib.suppress(grpc.aio.AioRpcError):
            async for answer in call:
                answers.append(answer)  # noqa: PERF401 (those before the failure count)
        assert await call.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert answers == [b"a", b"b"]


async def test_health_has_check_and_no_watch() -> None:
    async def unary(raw: bytes, context: grpc.aio.ServicerContext) -> bytes:
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING).SerializeToString()

    async with proxy(unary) as channel:
        assert await channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=20)
        error = await _failure(channel.unary_unary("/grpc.health.v1.Health/Watch")(b"", timeout=20))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_method_that_serve_has_not_taken_says_so() -> None:
    server = grpc.aio.server()
    door.add_summary_service(None, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        error = await _failure(channel.unary_unary(SUMMARIZE)(b"", timeout=20))
    await server.stop(None)
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
