"""The command line against a real server with certificates and tokens."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import serving

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Authority

ARTICLE = "The forum opened on Monday."


async def _svodka(*arguments: object, stdin: str = "", **settings: object) -> tuple[int, str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    environment |= {f"SVODKA_{key.upper()}": str(value) for key, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "svodka",
        *map(str, arguments),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin.encode())
    return process.returncode, out.decode(), err.decode()


async def test_a_token_and_the_lines_for_the_file_of_clients() -> None:
    status, out, _ = await _svodka("token", "newsroom")
    token, _, lines = out.partition("\n")
    assert status == 0
    assert len(token) == 43
    assert token not in lines
    assert tomllib.loads(lines) == {"newsroom": {"token_sha256": hashlib.sha256(token.encode()).hexdigest()}}


async def test_a_token_goes_to_a_new_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.token"
    status, out, _ = await _svodka("token", "newsroom", "--token-file", file)
    token = file.read_text().strip()
    assert status == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert token not in out
    assert tomllib.loads(out)["newsroom"]["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    status, _, err = await _svodka("token", "newsroom", "--token-file", file)
    assert (status, "newsroom.token: File exists" in err, file.read_text().strip()) == (2, True, token)


async def test_health_of_one_s_own_server_by_its_settings_alone(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    files = authority.issue("server", "news.example.org")
    settings: dict[str, Any] = {"tls_certificate": files.certificate, "tls_key": files.key}
    # A proxy for the way out is none for the way to this machine.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with serving(**settings) as port:
        # The models are not loaded: it is reached, and says so.
        assert await _svodka("health", **settings, port=port) == (1, "NOT_SERVING\n", "")


async def test_health_of_a_server_that_asks_for_certificates(authority: Authority) -> None:
    files, client = authority.issue("server"), authority.issue("client")
    async with serving(tls_certificate=files.certificate, tls_key=files.key, tls_client_ca=authority.file) as port:
        ask = ("health", "--target", f"localhost:{port}", "--tls-ca", authority.file)
        shown = ("--tls-cert", client.certificate, "--tls-key", client.key)
        assert await _svodka(*ask, *shown) == (1, "NOT_SERVING\n", "")
        status, out, err = await _svodka(*ask)
        assert (status, out, "UNAVAILABLE" in err) == (1, "", True)


async def test_summarize_asks_with_token_and_tls(authority: Authority, tmp_path: Path) -> None:
    token_file, clients_file = tmp_path / "newsroom.token", tmp_path / "clients.toml"
    _, entry, _ = await _svodka("token", "newsroom", "--token-file", token_file)
    clients_file.write_text(entry)
    files = authority.issue("server")
    async with serving(tls_certificate=files.certificate, tls_key=files.key, clients_file=clients_file) as port:
        ask = ("summarize", "-", "--target", f"localhost:{port}", "--tls-ca", authority.file, "--timeout", "2")
        # Past the door, the models are not loaded.
        status, _, err = await _svodka(*ask, "--token-file", token_file, stdin=ARTICLE)
        assert (status, "UNAVAILABLE: the models are still being loaded" in err) == (2, True)
        status, _, err = await _svodka(*ask, stdin=ARTICLE)
        assert (status, "UNAUTHENTICATED: no 'authorization' header" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--token-file", "t"), "TLS and tokens are for a server: say which"),
        (("--target", "news.example.org:1", "--token-file", "t"), "the token would go to news.example.org:1 in plaintext"),
    ],
)
async def test_wrong_use_is_told(arguments: tuple[str, ...], message: str) -> None:
    status, _, err = await _svodka("summarize", "-", *arguments, stdin=ARTICLE)
    assert status == 2
    assert message in " ".join(err.replace("│", " ").split())


async def test_serve_names_what_is_wrong(tmp_path: Path) -> None:
    status, _, err = await _svodka("serve", "--clients-file", tmp_path / "none.toml")
    assert (status, "setting 'clients_file' (SVODKA_CLIENTS_FILE)" in err) == (2, True)
    status, _, err = await _svodka("serve", "--tls-key", tmp_path / "none.key")
    assert (status, "setting 'tls_certificate' (SVODKA_TLS_CERTIFICATE) = none: is needed" in err) == (2, True)
