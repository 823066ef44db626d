"""What other services call with, against the real server: the Python clients, and the lines of README and the docs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs_blocks import DOCS, ROOT, blocks
from svodka.client import AsyncClient, Client, RequestRefused, article_error
from svodka.v1 import figures_pb2, summary_pb2, translation_pb2

if TYPE_CHECKING:
    from .conftest import RunningServer

pytestmark = pytest.mark.models

PORT = "127.0.0.1:50051"


def test_every_method_of_the_client(server: RunningServer) -> None:
    with Client(server.address) as client:
        assert client.service_info().default_profile == "embedded"
        checked = client.check_figures(figures_pb2.CheckFiguresRequest(source="It cost $8 billion.", target="Это стоило 8 млн долларов."))
        assert checked.verdict == figures_pb2.CHECK_VERDICT_MISMATCH
        extracted = client.extract_figures(figures_pb2.ExtractFiguresRequest(text="It cost $8 billion."))
        assert [figure.value for figure in extracted.figures] == ["8000000000"]
        translated = client.translate(translation_pb2.TranslateRequest(text="The work cost $8 billion.", target_language="ru"))
        assert "8" in translated.text
        translators = [
            translation_pb2.Translator(name="embedded"),
            translation_pb2.Translator(name="desk", given="Работы стоили 8 миллиардов долларов."),
        ]
        compared = client.compare_translations(
            translation_pb2.CompareTranslationsRequest(text="The work cost $8 billion.", translators=translators)
        )
        assert [translation.name for translation in compared.translations] == ["embedded", "desk"]
        with pytest.raises(RequestRefused, match="target_languages") as caught:
            client.summarize(summary_pb2.SummarizeRequest(text="The forum opened on Monday.", target_languages=["fr"]))
        assert [violation.field for violation in caught.value.violations] == ["target_languages[0]"]


async def test_a_stream_of_the_async_client_tells_what_is_wrong_with_one_article(server: RunningServer) -> None:
    requests = [
        summary_pb2.SummarizeRequest(request_id="good", text="The forum opened on Monday.", target_languages=["en"]),
        summary_pb2.SummarizeRequest(request_id="empty"),
    ]
    async with AsyncClient(server.address) as client:
        errors = {response.request_id: article_error(response) async for response in client.summarize_stream(requests)}
    assert errors["good"] is None
    assert isinstance(errors["empty"], RequestRefused)


# What the answer has to a line that holds the words.
_SAID = {
    "--list-methods": "svodka.v1.SummaryService/SummarizeStream",
    "Health/Check": '"SERVING"',
    "SummaryService/CheckFigures": "CHECK_VERDICT_MISMATCH",
    "SummaryService/SummarizeStream": '"field": "text"',
    "SummaryService/Summarize\n": '"summaries"',
}


@pytest.mark.parametrize("line", [block for file in DOCS for block in blocks(file, "sh", f"buf curl.*{PORT}")])
def test_a_line_of_buf_curl_does_what_it_says(server: RunningServer, line: str) -> None:
    (said,) = [said for words, said in _SAID.items() if words in line]
    done = _run(["sh", "-euc", line.replace(".venv/bin/", f"{Path(sys.executable).parent}/")], server)
    assert said in done.stdout


@pytest.mark.parametrize("program", [block for file in DOCS for block in blocks(file, "python", PORT)])
def test_the_python_of_the_docs_runs(server: RunningServer, program: str) -> None:
    assert _run([sys.executable, "-W", "ignore::ResourceWarning", "-c", program], server).stdout


def _run(command: list[str], server: RunningServer) -> subprocess.CompletedProcess[str]:
    written = [word.replace(PORT, server.address) for word in command]
    done = subprocess.run(written, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done
