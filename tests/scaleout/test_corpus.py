"""Parts of a corpus, and what answers them in a process of Ray's: the models are fakes, and Ray is not needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.batch.articles import identify
from svodka.pipeline import Pipeline
from svodka.scaleout import corpus
from svodka.settings import load_settings
from svodka.summarise import ExtractiveSummariser

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."
LINE = json.dumps({"text": TEXT, "targetLanguages": ["en"]})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Seven articles: the first with a byte order mark before it, two alike, one that cannot be read, one that is empty."""
    lines = [json.dumps({"requestId": "a", "text": TEXT, "targetLanguages": ["en"]}), LINE, "", LINE, "nonsense"]
    lines += [
        json.dumps({"requestId": name, "text": text, "targetLanguages": ["en"]}) for name, text in (("й", TEXT), ("c", ""), ("d", TEXT))
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def answerer(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> corpus.Answerer:
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator()))
    monkeypatch.setattr(corpus, "open_pipeline", lambda settings: (None, pipeline))
    (tmp_path / "out").mkdir()
    return corpus.Answerer(source, tmp_path / "out", load_settings(), retry_errors=False)


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for file in sorted(folder.iterdir()) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_parts_have_every_article_once(source: Path, size: int) -> None:
    parts = list(corpus.parts(source, size))
    assert [name for part in parts for name in part["ids"]] == list(identify(source))
    assert len({part["file"] for part in parts}) == len(parts)
    assert all(1 <= len(part["ids"]) <= size for part in parts)


def test_a_file_that_grows_keeps_its_parts(source: Path) -> None:
    before = list(corpus.parts(source, 2))
    with source.open("a", encoding="utf-8") as file:
        file.write(LINE + "\n")
    after = list(corpus.parts(source, 2))
    assert after[: len(before) - 1] == before[:-1]
    assert after[len(before) - 1]["file"] == before[-1]["file"]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_answers_are_those_of_a_batch(answerer: corpus.Answerer, source: Path, tmp_path: Path, size: int) -> None:
    outcomes = [row["outcome"] for part in corpus.parts(source, size) for row in answerer(part)]
    assert outcomes == ["verified", "verified", "verified", "failed", "verified", "failed", "verified"]
    lines = _lines(tmp_path / "out")
    assert [line["requestId"] for line in lines] == list(identify(source))
    assert [line["error"]["message"] for line in lines if "error" in line] == [
        "line 5 is no SummarizeRequest in protobuf JSON: is not a JSON object",
        "text: is empty; send a text in English or Russian",
    ]


def test_a_part_that_was_stopped_is_gone_on_with(answerer: corpus.Answerer, source: Path, tmp_path: Path) -> None:
    (part,) = corpus.parts(source)
    answerer(part)
    file = tmp_path / "out" / part["file"]
    whole = file.read_bytes().splitlines(keepends=True)
    kept = b'{"requestId": "' + b'a", "verdict": "UNVERIFIED"}\n'
    file.write_bytes(kept + whole[1][:40])
    assert [row["outcome"] for row in answerer(part)][:2] == ["unverified", "verified"]
    assert file.read_bytes().startswith(kept)
    assert [line["requestId"] for line in _lines(tmp_path / "out")] == list(identify(source))


def test_errors_are_asked_again_where_that_is_wanted(answerer: corpus.Answerer, source: Path, tmp_path: Path) -> None:
    (part,) = corpus.parts(source)
    answerer(part)
    mended = source.read_text(encoding="utf-8").replace('"text": ""', f'"text": {json.dumps(TEXT)}')
    source.write_text(mended, encoding="utf-8")
    assert [row["outcome"] for row in answerer(part)].count("failed") == 2
    again = corpus.Answerer(source, tmp_path / "out", load_settings(), retry_errors=True)
    assert [row["outcome"] for row in again(part)].count("failed") == 1
