"""`svodka models` on the made-up catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from svodka.cli.models import app
from svodka.errors import ModelDamaged, UnknownProfile

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from tiny import TinyModel


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def models(tiny_model: TinyModel, cache_dir: Path, *arguments: str) -> Result:
    folders = ["--models-dir", str(tiny_model.models_dir), "--cache-dir", str(cache_dir)]
    return CliRunner().invoke(app, [*arguments, *folders], env={"COLUMNS": "160"})


def test_prepare_says_where_and_does_it_once(tiny_model: TinyModel, cache_dir: Path):
    first = models(tiny_model, cache_dir, "prepare", "--profile", "tiny")
    assert first.exit_code == 0
    encoder, translator = sorted(path for path in cache_dir.iterdir() if path.is_dir())
    assert f"profile tiny is now prepared in {translator} and {encoder}" in first.stderr
    assert first.stdout == ""
    second = models(tiny_model, cache_dir, "prepare", "--profile", "tiny")
    assert f"profile tiny was already prepared in {translator} and {encoder}" in second.stderr


def test_prepare_refuses_an_unknown_profile(tiny_model: TinyModel, cache_dir: Path):
    assert isinstance(models(tiny_model, cache_dir, "prepare", "--profile", "large").exception, UnknownProfile)


def test_prepare_refuses_damaged_weights(tiny_model: TinyModel, cache_dir: Path):
    (tiny_model.models_dir / "delta.safetensors").write_bytes(b"")
    assert isinstance(models(tiny_model, cache_dir, "prepare", "--profile", "tiny").exception, ModelDamaged)


def test_list_gives_models_terms_and_profiles(tiny_model: TinyModel, cache_dir: Path):
    listing = json.loads(models(tiny_model, cache_dir, "list", "--json").stdout)
    assert [(row["id"], row["task"], row["licence"], row["commercial_use"]) for row in listing["models"]] == [
        ("encoder", "embed", "MIT", True),
        ("base", "generate", "MIT", True),
        ("translator", "translate", "MIT", True),
    ]
    assert [(row["id"], row["prepared"]) for row in listing["profiles"]] == [("tiny", False)]
    models(tiny_model, cache_dir, "prepare", "--profile", "tiny")
    assert json.loads(models(tiny_model, cache_dir, "list", "--json").stdout)["profiles"][0]["prepared"] is True


def test_list_draws_a_table(tiny_model: TinyModel, cache_dir: Path):
    lines = models(tiny_model, cache_dir, "list").stdout.splitlines()
    assert any("translator" in line and "trained by us" in line for line in lines)


def test_verify_tells_of_each_file_and_fails_where_one_is_wrong(tiny_model: TinyModel, cache_dir: Path):
    assert models(tiny_model, cache_dir, "verify", "--profile", "tiny").exit_code == 1
    models(tiny_model, cache_dir, "prepare", "--profile", "tiny")
    whole = models(tiny_model, cache_dir, "verify", "--profile", "tiny")
    assert (whole.exit_code, [line.rsplit(": ", 1)[1] for line in whole.stdout.splitlines()]) == (0, ["ok"] * 5)
    (tiny_model.models_dir / "encoder.bin").write_bytes(b"another")
    damaged = models(tiny_model, cache_dir, "verify", "--profile", "tiny")
    assert damaged.exit_code == 1
    assert "encoder.bin is damaged" in damaged.stdout
