"""The Node example against the real server; its packages come from the registry of npm."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from docs_blocks import ROOT
from security.conftest import Authority, serving
from svodka.client import Client
from svodka.security.clients import entry_of
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from pathlib import Path

    from node_example import NodeExample

    from .conftest import RunningServer

pytestmark = pytest.mark.models

SEED = ROOT / "seeds" / "army-2023.ru.txt"


def test_the_node_example_prints_what_the_server_answers(server: RunningServer, node_example: NodeExample) -> None:
    done = node_example.run(SEED, "--target", server.address, "--timeout", 120)
    assert (done.returncode, done.stderr) == (0, "")
    with Client(server.address) as client:
        answer = client.summarize(summary_pb2.SummarizeRequest(text=SEED.read_text(encoding="utf-8")))
    for summary in answer.summaries:
        assert f"{summary.language}: {summary.text}\n" in done.stdout
    for entry in answer.ledger:
        assert f"\n{entry.kind} | {f'{entry.value} {entry.unit}'.strip()} | " in done.stdout
    assert done.stdout.splitlines()[-1].split("; ")[0] == summary_pb2.Verdict.Name(answer.verdict)


def test_the_node_example_has_a_deadline(server: RunningServer, node_example: NodeExample) -> None:
    done = node_example.run(SEED, "--target", server.address, "--timeout", 0.05)
    assert (done.returncode, done.stderr.startswith("4 DEADLINE_EXCEEDED")) == (1, True)


async def test_the_node_example_shows_its_token_over_tls(tmp_path: Path, node_example: NodeExample) -> None:
    authority = Authority(tmp_path / "authority")
    files = authority.issue("server")
    token_file, clients_file = tmp_path / "newsroom.token", tmp_path / "clients.toml"
    token_file.write_text("kSx0-token-of-the-newsroom\n")
    clients_file.write_text(entry_of("newsroom", "kSx0-token-of-the-newsroom"))
    async with serving(tls_certificate=files.certificate, tls_key=files.key, clients_file=clients_file) as port:
        ask = (SEED, "--target", f"localhost:{port}", "--tls-ca", authority.file, "--timeout", 2)
        # Past the door, the models are not loaded.
        done = await asyncio.to_thread(node_example.run, *ask, "--token-file", token_file)
        assert (done.returncode, done.stdout, done.stderr.startswith("14 UNAVAILABLE: the models are still being loaded")) == (1, "", True)
        done = await asyncio.to_thread(node_example.run, *ask)
        assert (done.returncode, done.stdout, done.stderr.startswith("16 UNAUTHENTICATED")) == (1, "", True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give one ARTICLE.txt"),
        (("a.txt", "--timeout", "soon"), "--timeout is a number of seconds"),
        (
            ("a.txt", "--target", "news.example.org:1", "--token-file", "t"),
            "the token would leave this machine in plaintext; give --tls-ca",
        ),
    ],
)
def test_wrong_use_of_the_node_example_is_told(node_example: NodeExample, arguments: tuple[str, ...], told: str) -> None:
    done = node_example.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{told}\n")
