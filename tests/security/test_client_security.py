"""Both clients against the real server with certificates and tokens; its models are not loaded."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest

import svodka
from docs_blocks import DOCS, blocks
from svodka.client import AsyncClient, Client, Connection, NobodyThere, NotLetIn, TryLater
from svodka.errors import SettingsError
from svodka.security.clients import entry_of
from svodka.v1 import figures_pb2, summary_pb2

from .conftest import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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


@pytest.fixture
async def guarded_port(authority: Authority, tmp_path: Path, token_file: Path, clients_file: Path) -> AsyncIterator[int]:
    """A server with a certificate and a client, and the files that the docs name in the folder of the test."""
    files = authority.issue("server")
    shutil.copy(authority.file, tmp_path / "server.pem")
    async with serving(tls_certificate=files.certificate, tls_key=files.key, clients_file=clients_file) as port:
        yield port


SECURED = "localhost:50051"


@pytest.mark.parametrize("program", [block for file in DOCS for block in blocks(file, "python", SECURED)])
async def test_the_python_of_the_docs_runs(guarded_port: int, tmp_path: Path, program: str) -> None:
    assert await _run(guarded_port, tmp_path, sys.executable, "-c", program) == f"{svodka.__version__}\n"


@pytest.mark.parametrize("line", [block for file in DOCS for block in blocks(file, "sh", f"buf curl.*{SECURED}")])
async def test_a_line_of_buf_curl_does_what_it_says(guarded_port: int, tmp_path: Path, line: str) -> None:
    written = line.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    assert f'"version": "{svodka.__version__}"' in await _run(guarded_port, tmp_path, "sh", "-euc", written)


async def _run(port: int, folder: Path, *command: str) -> str:
    written = [word.replace(SECURED, f"localhost:{port}") for word in command]
    done = await asyncio.to_thread(subprocess.run, written, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


async def test_a_token_leaves_this_machine_in_no_plaintext(ask: Any, token_file: Path) -> None:
    with pytest.raises(SettingsError, match="in plaintext"):
        await ask(Connection(target="news.example.org:1", token_file=token_file), "service_info")
