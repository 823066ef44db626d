"""`svodka compare` as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SHORT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it.\n"
TABLE = "source\tone\ttwo\nIt cost $8.\tЭто стоило 8 долларов.\tЭто стоило 9 долларов.\n"


def _compare(*arguments: str | Path, stdin: str = "", cache_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    if cache_dir:
        environment["SVODKA_CACHE_DIR"] = str(cache_dir)
    command = [sys.executable, "-m", "svodka", "compare", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a FILE, or a --table"),
        (["-", "--with", "a"], "write NAME=PROFILE"),
        (["-", "--with", "a=embedded,width=3"], "'width=3' is neither beam=N nor policy=report|repair"),
        (["-", "--with", "a=embedded,policy=strict"], "'policy=strict' is neither"),
        (["-", "--with", "a=embedded,beam=99", "--with", "b=embedded"], "translators[0].beam: is 99; say 1 to 16"),
        (
            ["-", "--with", "a=gpt", "--with", "b=embedded"],
            "no profile 'gpt'; there is distil, distil-onnxruntime, embedded, embedded-ctranslate2, nllb",
        ),
        (["-", "--given", "a"], "write NAME=FILE"),
        (["-", "--given", "a=/nowhere.txt"], "/nowhere.txt: No such file or directory"),
        (["-", "--to", "fr"], "'fr' is not supported"),
        (["-", "--target", "127.0.0.1:1"], "127.0.0.1:1: UNAVAILABLE"),
        (["--table", "/nowhere.tsv"], "/nowhere.tsv: No such file or directory"),
    ],
)
def test_wrong_usage_and_wrong_input_end_with_status_2(arguments: list[str], message: str) -> None:
    done = _compare(*arguments, stdin=SHORT)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_a_table_of_systems_for_a_reader_a_program_and_a_browser(tmp_path: Path) -> None:
    table, report = tmp_path / "systems.tsv", tmp_path / "report.html"
    table.write_text(TABLE, encoding="utf-8")
    shown = _compare("--table", table, "--no-similarity")
    assert shown.returncode == 0, shown.stderr
    assert "two: Это стоило ≠9 долларов." in shown.stdout
    told = _compare("--table", table, "--no-similarity", "--json", "--html", report)
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert [translation["name"] for translation in answer["translations"]] == ["one", "two"]
    assert [translation["totals"]["wrong"] for translation in answer["translations"]] == [0, 1]
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    table = tmp_path / "systems.tsv"
    table.write_text(TABLE, encoding="utf-8")
    done = _compare("--table", table, "--no-similarity", "--html", tmp_path / "nowhere" / "report.html")
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr


@pytest.mark.models
def test_the_embedded_translator_beside_a_given_translation(prepared_cache: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("Форум открылся в понедельник, 14 августа 2023 года.\nВ нём участвуют более 1500 компаний.\n", encoding="utf-8")
    done = _compare("-", "--given", f"human={given}", "--reference", given, "--json", stdin=SHORT, cache_dir=prepared_cache)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    names = [translation["name"] for translation in answer["translations"]]
    assert names == ["repaired", "as it comes", "human"]
    human = answer["translations"][2]
    assert human["totals"]["wrong"] == 0
    assert human["totals"]["bleu"]["value"] > 99
    assert all(passage["similarity"] > 0.8 for passage in human["passages"])
