"""The command line as a user runs it: results on standard output, all else on standard error, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[1] / "seeds"
SHORT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."


def _svodka(*arguments: str, stdin: str = "", cache_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    if cache_dir:
        environment["SVODKA_CACHE_DIR"] = str(cache_dir)
    return subprocess.run(
        [sys.executable, "-m", "svodka", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def test_the_version() -> None:
    assert _svodka("--version").stdout.strip()[0].isdigit()


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["summarize", "-"], "  ", "text: is empty"),
        (["summarize", "/nowhere.txt"], "", "/nowhere.txt: No such file or directory"),
        (["summarize", "-", "--sentences", "99"], SHORT, "length.max_sentences: is 99; say 1 to 20"),
        (["summarize", "-", "--to", "fr"], SHORT, "target_languages[0]: 'fr' is not supported"),
        (["summarize", "-", "--target", "127.0.0.1:1"], SHORT, "127.0.0.1:1: UNAVAILABLE"),
        (["translate", "-", "--from", "en", "--to", "en"], SHORT, "the lines are in that language already"),
        (["translate", "-", "--from", "en", "--to", "ru", "--term", "forum"], SHORT, "write SOURCE=TARGET"),
        (["summarize", "-", "--term", "=форум"], SHORT, "write SOURCE=TARGET"),
        (["serve", "--port", "-1"], "", "setting 'port' (SVODKA_PORT) = -1"),
    ],
)
def test_wrong_usage_and_wrong_input_end_with_status_2(arguments: list[str], stdin: str, message: str) -> None:
    done = _svodka(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_models_that_are_not_prepared_are_told(tmp_path: Path) -> None:
    done = _svodka("summarize", "-", stdin=SHORT, cache_dir=tmp_path)
    assert done.returncode == 2
    assert "svodka models prepare" in done.stderr


def test_health_without_a_server_fails() -> None:
    done = _svodka("health", "--target", "127.0.0.1:1")
    assert done.returncode == 1
    assert "UNAVAILABLE" in done.stderr


@pytest.mark.models
def test_an_article_in_process(prepared_cache: Path) -> None:
    done = _svodka("summarize", str(SEEDS / "army-2023.en.txt"), "--json", cache_dir=prepared_cache)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {"requestId", "sourceLanguage", "summaries", "ledger", "verdict", "reasons", "repairs", "profile"} <= answer.keys()
    assert answer["verdict"] in {"VERIFIED", "REPAIRED", "UNVERIFIED"}
    text = (SEEDS / "army-2023.en.txt").read_text(encoding="utf-8")
    for entry in answer["ledger"]:
        assert {"kind", "value", "unit", "qualifier", "key", "occurrences", "relations"} <= entry.keys()
        for occurrence in entry["occurrences"]:
            if occurrence["where"] == "article":
                assert text[occurrence["start"] : occurrence["end"]] == occurrence["text"]


@pytest.mark.models
def test_an_article_for_a_reader(prepared_cache: Path) -> None:
    done = _svodka("summarize", "-", stdin=SHORT, cache_dir=prepared_cache)
    assert done.returncode == 0, done.stderr
    assert "English" in done.stdout
    assert "Русский" in done.stdout
    assert "1,500" in done.stdout
    assert "Verdict: " in done.stdout


@pytest.mark.models
def test_as_many_lines_come_out_as_went_in(prepared_cache: Path) -> None:
    done = _svodka(
        "translate", "-", "--from", "en", "--to", "ru", "--no-guard", stdin="Good morning.\n\nThe end.\n", cache_dir=prepared_cache
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert lines[1] == ""
    assert lines[0]
    assert lines[2]
