"""`svodka models pull`, `pin`, `verify` and `list` on models of a hub, with a catalogue of the user's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import huggingface_hub.constants
import pytest
from typer.testing import CliRunner

from hub_server import TOKEN
from svodka.cli.models import app
from svodka.inference.protocols import Search
from svodka.inference.pull import FROM_DISK
from svodka.inference.runtime import load_generator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from hub_server import Hub

CATALOGUE = """
format = 1

[profiles.own]
description = "Our own."
encoder = "multilingual-e5-small-q4"
translators = {{ en-ru = "own-marian" }}
runtime = "ctranslate2"
quantization = "int8"

[models.own-marian]
task = "translate"
description = "A tiny one."
languages = ["en", "ru"]
directions = ["en-ru"]
architecture = "marian"
limits = {{ max_input_tokens = 512 }}
licence = {{ name = "CC-BY-NC-4.0", url = "https://example.org", commercial_use = false, notice = "Ours." }}

{source}
"""
UNPINNED = '[models.own-marian.source]\nkind = "hub"\nrepo = "somebody/marian"\nrevision = "main"'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The user's own catalogue."""
    path = tmp_path / "own.toml"
    path.write_text(CATALOGUE.format(source=UNPINNED), encoding="utf-8")
    return path


@pytest.fixture
def models(hub: Hub, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", hub.url)
    places = ["--catalogue-file", str(own), "--cache-dir", str(tmp_path / "cache")]
    return lambda *arguments: CliRunner().invoke(app, [*arguments, *places], env={"COLUMNS": "200"})


def test_a_profile_is_pulled_and_verified(hub: Hub, models: Callable[..., Result], checkpoint: Callable[[str], Path], tmp_path: Path):
    number = hub.add("somebody/marian", checkpoint("marian")).names["main"]
    missing = models("verify", "--profile", "own")
    assert missing.exit_code == 1
    assert "own-marian is not on this machine; run: svodka models pull own-marian" in missing.stdout
    pulled = models("pull", "--profile", "own")
    assert (pulled.exception, pulled.stdout) == (None, "")
    (folder,) = (path for path in (tmp_path / "cache" / "hub").iterdir() if path.is_dir())
    assert f"svodka: own-marian ({number}) is now in {folder}" in pulled.stderr
    assert "own-marian may not be used commercially: CC-BY-NC-4.0" in pulled.stderr
    assert f"own-marian: {folder}: ok" in models("verify", "--profile", "own").stdout
    (folder / "vocab.json").write_bytes(b"")
    assert "vocab.json is damaged" in models("verify", "--profile", "own").stdout


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_what_was_pulled_is_prepared_and_answers(
    hub: Hub, models: Callable[..., Result], own: Path, checkpoint: Callable[[str], Path], tmp_path: Path
):
    hub.add("somebody/marian", checkpoint("marian"))
    unpulled = models("prepare", "--profile", "own")
    assert "run: svodka models pull own-marian" in str(unpulled.exception)
    models("pull", "own-marian")
    assert models("prepare", "--profile", "own").exception is None
    assert {line.rsplit(": ", 1)[1] for line in models("verify", "--profile", "own").stdout.splitlines()} == {"ok"}
    generator = load_generator("own", "own-marian", catalogue_file=own, cache_dir=tmp_path / "cache", threads=1)
    ((best, *_),) = generator.generate(["The bank lent 8 billion."], search=Search(beam=1, direction="en-ru"), max_tokens=[8])
    assert best.text


def test_list_tells_what_is_pinned_and_here(hub: Hub, models: Callable[..., Result], checkpoint: Callable[[str], Path]):
    hub.add("somebody/marian", checkpoint("marian"))
    models("pull", "own-marian")
    rows = {row["id"]: row for row in json.loads(models("list", "--json").stdout)["models"]}
    assert {name: (rows[name]["pinned"], rows[name]["pulled"]) for name in ("own-marian", "opus-mt-en-ru", "gemma3-270m-en-ru")} == {
        "own-marian": (False, True),
        "opus-mt-en-ru": (True, False),
        "gemma3-270m-en-ru": (True, None),
    }
    assert "what is not pinned is trusted as it is first pulled" in models("list").stderr


def test_what_was_pulled_can_be_pinned(
    hub: Hub, models: Callable[..., Result], own: Path, checkpoint: Callable[[str], Path], tmp_path: Path
):
    number = hub.add("somebody/marian", checkpoint("marian")).names["main"]
    models("pull", "own-marian")
    (folder,) = (path for path in (tmp_path / "cache" / "hub").iterdir() if path.is_dir())
    lines = models("pin", "own-marian").stdout
    entry = tomllib.loads(lines)["models"]["own-marian"]
    assert entry["source"] == {"kind": "hub", "repo": "somebody/marian", "revision": number}
    assert {file["path"]: file["size"] for file in entry["files"]} == {
        path.name: path.stat().st_size for path in checkpoint("marian").iterdir()
    }
    own.write_text(CATALOGUE.format(source=lines), encoding="utf-8")
    hub.requests.clear()
    assert models("pull", "own-marian", "--from", str(folder)).exit_code == 0
    again = models("pull", "own-marian").stderr
    assert (f"own-marian ({FROM_DISK} " in again, "was already in" in again) == (True, True)
    assert not hub.requests


def test_the_environment_of_the_hubs_own_library_counts(hub: Hub, own: Path, checkpoint: Callable[[str], Path], tmp_path: Path):
    hub.add("somebody/marian", checkpoint("marian"), gated=True)

    def pull(**environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "svodka", "models", "pull", "own-marian"]
        given = {"HF_ENDPOINT": hub.url, "SVODKA_CATALOGUE_FILE": str(own), "SVODKA_CACHE_DIR": str(tmp_path / "cache")}
        return subprocess.run(command, env=os.environ | given | environment, capture_output=True, text=True, check=False, timeout=60)

    refused = pull()
    assert (refused.returncode, refused.stderr) == (
        2,
        f"svodka: somebody/marian is gated: accept its terms at {hub.url}/somebody/marian, then set HF_TOKEN to a token of yours\n",
    )
    offline = pull(HF_HUB_OFFLINE="1")
    assert (offline.returncode, "offline mode is on" in offline.stderr) == (2, True)
    assert pull(HF_TOKEN=TOKEN).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["pull", "gone"], "the catalogue has no model 'gone'; there is bart-large-cnn", id="no such model"),
        pytest.param(["pull", "gemma3-270m-en-ru"], "comes from no hub (trained by us)", id="of no hub"),
        pytest.param(["pin", "gemma3-270m-en-ru"], "its files are pinned as they are", id="pinned already"),
        pytest.param(["pin", "own-marian"], "own-marian is not on this machine", id="not pulled"),
        pytest.param(["pull", "--profile", "opus", "--revision", "main"], "are for one model", id="a revision of several"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], message: str, models: Callable[..., Result]):
    refused = models(*arguments)
    assert message in f"{refused.exception} {refused.stderr}"
    assert refused.exit_code != 0


def test_a_profile_without_a_hub_needs_no_pull(models: Callable[..., Result]):
    assert models("pull", "--profile", "embedded").stderr == "svodka: profile embedded has no model of a hub: there is nothing to pull\n"
