"""Certificates of an authority of one's own, and a server with nothing behind its door."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
import structlog
import trustme
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from svodka.metrics import Metrics
from svodka.security.clients import Clients, entry_of
from svodka.security.doorkeeper import Doorkeeper
from svodka.server import Server
from svodka.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

SERVICE = "test.Service"
EXPIRED, FUTURE = (-2, -1), (1, 2)  # days of validity


@dataclass(frozen=True, kw_only=True)
class Files:
    """A certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._ca = trustme.CA()
        self.file = folder / "ca.pem"
        self.pem = self._ca.cert_pem.bytes()
        self.file.write_bytes(self.pem)

    def issue(self, name: str, host: str = "localhost", days: tuple[int, int] = (-1, 365)) -> Files:
        """A certificate that is valid between two days, counted from now."""
        begins, ends = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=day) for day in days)
        leaf = self._ca.issue_cert(host, not_before=begins, not_after=ends)
        files = Files(certificate=self._folder / f"{name}.pem", key=self._folder / f"{name}.key")
        files.certificate.write_bytes(b"".join(part.bytes() for part in leaf.cert_chain_pems))
        files.key.write_bytes(leaf.private_key_pem.bytes())
        return files


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """An authority that nobody has named."""
    return Authority(tmp_path / "stranger")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """The entries that are logged, each with the names that its call has bound."""
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as entries:
        yield entries


@contextlib.asynccontextmanager
async def serving(**settings: object) -> AsyncIterator[int]:
    """The real server with these settings, and its port; no models are loaded."""
    server = Server(load_settings({"port": 0, "drain_seconds": 0, **settings}))
    port = await server.start()
    try:
        yield port
    finally:
        await server.stop()


class Behind:
    """One method of each shape; `hold` and `count` do not end by themselves."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.release = asyncio.Event()
        self.ended = asyncio.Event()
        self._log = structlog.get_logger("behind")

    async def echo(self, request: bytes, context: object) -> bytes:
        self._log.info("echo")
        return request

    async def hold(self, request: bytes, context: object) -> bytes:
        self.entered.set()
        await self.release.wait()
        return request

    async def fail(self, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        await context.abort(grpc.StatusCode.DATA_LOSS, "lost")

    async def count(self, request: bytes, context: object) -> AsyncIterator[bytes]:
        self.entered.set()
        try:
            while True:
                yield request
        finally:
            self.ended.set()

    async def write(self, request: bytes, context: grpc.aio.ServicerContext) -> None:
        for _ in range(3):
            await context.write(request)

    async def join(self, requests: AsyncIterator[bytes], context: object) -> bytes:
        return b"".join([request async for request in requests])

    async def chat(self, requests: AsyncIterator[bytes], context: object) -> AsyncIterator[bytes]:
        async for request in requests:
            yield request

    def handlers(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            SERVICE,
            {
                "echo": grpc.unary_unary_rpc_method_handler(self.echo),
                "hold": grpc.unary_unary_rpc_method_handler(self.hold),
                "fail": grpc.unary_unary_rpc_method_handler(self.fail),
                "count": grpc.unary_stream_rpc_method_handler(self.count),
                "write": grpc.unary_stream_rpc_method_handler(self.write),
                "join": grpc.stream_unary_rpc_method_handler(self.join),
                "chat": grpc.stream_stream_rpc_method_handler(self.chat),
            },
        )


class Guarded:
    """What a test sees of a guarded server: its address, what is behind the door, and a way to call."""

    def __init__(self, port: int, behind: Behind, clients_file: Path, metrics: Metrics) -> None:
        self.address = f"127.0.0.1:{port}"
        self.behind = behind
        self.clients_file = clients_file
        self.metrics = metrics
        self.channel = grpc.aio.insecure_channel(self.address)

    def call(self, method: str, *requests: bytes, token: str | None = None, header: str | None = None) -> Any:
        value = header if token is None else f"Bearer {token}"
        metadata = [] if value is None else [("authorization", value)]
        multi = {
            "join": self.channel.stream_unary,
            "chat": self.channel.stream_stream,
            "count": self.channel.unary_stream,
            "write": self.channel.unary_stream,
        }.get(method, self.channel.unary_unary)
        request = list(requests) if method in {"join", "chat"} else requests[0]
        return multi(f"/{SERVICE}/{method}")(request, metadata=metadata, timeout=20)


@contextlib.asynccontextmanager
async def guarded(folder: Path, tokens: dict[str, str], limits: str = "") -> AsyncIterator[Guarded]:
    """A server that knows these clients' tokens; `limits` are lines that every client has."""
    file = folder / "clients.toml"
    file.write_text("".join(f"{entry_of(name, token)}\n{limits}\n" for name, token in tokens.items()))
    behind, health_servicer, metrics = Behind(), health.aio.HealthServicer(), Metrics()
    server = grpc.aio.server(interceptors=[Doorkeeper(Clients(file), metrics)])
    server.add_generic_rpc_handlers((behind.handlers(),))
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    reflection.enable_server_reflection([SERVICE, reflection.SERVICE_NAME], server)
    running = Guarded(server.add_insecure_port("127.0.0.1:0"), behind, file, metrics)
    await server.start()
    try:
        async with running.channel:
            yield running
    finally:
        await server.stop(0)
