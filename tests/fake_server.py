"""A whole gRPC server on a free port in this process: everything is real but the models."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fakes import FakeEncoder, ladder
from svodka.backend import Backend
from svodka.pipeline import Pipeline
from svodka.server import Server
from svodka.settings import load_settings
from svodka.summarise import ExtractiveSummariser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest


@contextlib.asynccontextmanager
async def fake_server(monkeypatch: pytest.MonkeyPatch, translator: object, **settings: object) -> AsyncIterator[str]:
    """Its address."""

    async def start(backend: Backend) -> None:
        backend._pipelines = {"embedded": Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(translator))}

    monkeypatch.setattr(Backend, "start", start)
    server = Server(load_settings({"port": 0, **settings}))
    port = await server.start()
    await server.warm_up()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop()
