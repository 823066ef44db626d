"""Both clients against the real server with certificates and tokens; its models are not loaded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from svodka.client import AsyncClient, Client, Connection, NobodyThere, NotLetIn, TryLater
from svodka.errors import SettingsError
from svodka.security.clients import entry_of
from svodka.v1 import figures_pb2, summary_pb2

from .conftest import serving

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Authority

TOKEN = "kSx0-token-of-the-newsroom"
ARTICLE = summary_pb2.SummarizeRequest(text="The forum opened on Monday.")


@pytest.fixture(params=[True, False], ids=["blocking", "asyncio"])
def ask(request: pytest.FixtureRequest) -> Any:
    """Call a method of either client, or take what its stream answers."""

    def blocking(connection: Connection, method: str, *arguments: Any, **options: Any) -> Any:
        with Client(connection) as client:
            answer = getattr(client, method)(*arguments, **options)
            return list(answer) if method == "summarize_stream" else answer

    async def ask(connection: Connection, method: str, *arguments: Any, **options: Any) -> Any:
        if request.param:
            return await asyncio.to_thread(blocking, connection, method, *arguments, **options)
        async with AsyncClient(connection) as client:
            answer = getattr(client, method)(*arguments, **options)
            return [response async for response in answer] if method == "summarize_stream" else await answer

    return ask


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "newsroom.token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.toml"
    path.write_text(entry_of("newsroom", TOKEN))
    return path


async def test_a_token_goes_with_calls_and_streams(ask: Any, token_file: Path, clients_file: Path) -> None:
    async with serving(clients_file=clients_file) as port:
        known = Connection(target=f"127.0.0.1:{port}", token_file=token_file)
        assert (await ask(known, "service_info")).languages == ["en", "ru"]
        figures = await ask(known, "extract_figures", figures_pb2.ExtractFiguresRequest(text="It cost $8 billion.", language="en"))
        assert [figure.value for figure in figures.figures] == ["8000000000"]
        assert await ask(known, "summarize_stream", []) == []
        stranger = Connection(target=f"127.0.0.1:{port}")
        for method, arguments in (("service_info", ()), ("summarize_stream", ([ARTICLE],))):
            with pytest.raises(NotLetIn, match="no 'authorization' header"):
                await ask(stranger, method, *arguments)


async def test_tls_with_certificates_of_both_sides(ask: Any, authority: Authority) -> None:
    files, own = authority.issue("server"), authority.issue("client")
    async with serving(tls_certificate=files.certificate, tls_key=files.key, tls_client_ca=authority.file) as port:
        shown = {"tls_cert": own.certificate, "tls_key": own.key}
        known = Connection(target=f"localhost:{port}", tls_ca=authority.file, **shown)
        assert (await ask(known, "service_info")).default_profile == "embedded"
        with pytest.raises(NobodyThere):
            await ask(Connection(target=f"localhost:{port}", tls_ca=authority.file), "service_info")


async def test_a_pinned_certificate_is_trusted_whatever_name_it_is_for(ask: Any, authority: Authority) -> None:
    files = authority.issue("server", "news.example.org")
    async with serving(tls_certificate=files.certificate, tls_key=files.key) as port:
        pinned = Connection(target=f"127.0.0.1:{port}", tls_ca=files.certificate, pinned=True)
        assert (await ask(pinned, "service_info")).default_profile == "embedded"


async def test_a_server_that_is_not_ready_says_when_to_try_again(ask: Any) -> None:
    async with serving() as port:
        with pytest.raises(TryLater, match="the models are still being loaded") as caught:
            await ask(Connection(target=f"127.0.0.1:{port}"), "summarize", ARTICLE, timeout=2.0)
    assert (caught.value.code, caught.value.retry_after) == (grpc.StatusCode.UNAVAILABLE, 3.0)
    assert len(caught.value.request_id) == 32


async def test_a_token_leaves_this_machine_in_no_plaintext(ask: Any, token_file: Path) -> None:
    with pytest.raises(SettingsError, match="in plaintext"):
        await ask(Connection(target="news.example.org:1", token_file=token_file), "service_info")
