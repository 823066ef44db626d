"""Preparation: the weights that come out are right, and nothing half-made or damaged is ever taken."""

from __future__ import annotations

import errno
import stat
import threading
from typing import TYPE_CHECKING

import ctranslate2
import numpy as np
import pytest
import sentencepiece
import tiny

from svodka.errors import ModelDamaged, ModelError, ModelMissing, ModelNotPrepared
from svodka.inference import hashing, prepare
from svodka.inference.cache import model_folder
from svodka.inference.catalogue import load_catalogue
from svodka.inference.inventory import check_profile
from svodka.inference.manifest import read_manifest, verify_prepared
from svodka.inference.prepare import prepare_profile

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel

TEXT = "en: hello hell. абв hab\nru:"


class Interrupted(Exception):
    """Stands for whatever may end a process: a signal, a full disk."""


def prepared(model: TinyModel, cache_dir: Path) -> Path:
    return prepare_profile("tiny", models_dir=model.models_dir, cache_dir=cache_dir)["translator"]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_prepared_model_computes_what_the_weights_say(tiny_model: TinyModel, tmp_path: Path):
    folder = prepared(tiny_model, tmp_path / "cache")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    ids = [tokenizer.bos_id(), *tokenizer.encode(TEXT)]
    generator = ctranslate2.Generator(str(folder))
    computed = np.array(generator.forward_batch([tokenizer.id_to_piece(ids)], return_log_probs=True))[0]
    np.testing.assert_allclose(computed, tiny.log_probabilities(tiny_model.weights, ids), atol=1e-4)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("he hello", ["he", "▁he", "ll", "o"], id="no space is put before the first word"),
        pytest.param("a  b", ["a", "▁▁", "b"], id="a run of spaces is a piece of its own"),
        pytest.param("a\n\nb", ["a", "\n\n", "b"], id="so are line breaks"),
        pytest.param("ж€", ["ж", "<0xE2>", "<0x82>", "<0xAC>"], id="an unknown character becomes bytes"),
        pytest.param("<eos>", ["<0x3C>", "e", "o", "s", "<0x3E>"], id="a control piece cannot be written by a text"),
    ],
)
def test_the_vocabulary_cuts_text_as_the_model_was_trained_to_see_it(tiny_model: TinyModel, tmp_path: Path, text: str, pieces: list[str]):
    folder = prepared(tiny_model, tmp_path / "cache")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    assert tokenizer.encode(text, out_type=str) == pieces
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_the_manifest_says_what_was_made_from_what(tiny_model: TinyModel, tmp_path: Path):
    folder = prepared(tiny_model, tmp_path / "cache")
    manifest = read_manifest(folder)
    assert set(manifest.files) == {"config.json", "model.bin", "tokenizer.model", "vocabulary.json"}
    assert set(manifest.sources) == {"base.gguf", "delta.safetensors"}
    assert manifest.versions["ctranslate2"] == ctranslate2.__version__
    assert (manifest.model, manifest.quantization) == ("translator", "float32")


def test_what_is_prepared_is_kept(tiny_model: TinyModel, tmp_path: Path):
    before = (prepared(tiny_model, tmp_path / "cache") / "model.bin").stat()
    assert (prepared(tiny_model, tmp_path / "cache") / "model.bin").stat().st_mtime_ns == before.st_mtime_ns


def test_a_damaged_prepared_file_is_found_and_made_anew(tiny_model: TinyModel, tmp_path: Path):
    folder = prepared(tiny_model, tmp_path / "cache")
    flip_a_byte(folder / "model.bin")
    with pytest.raises(ModelDamaged, match=r"model\.bin is damaged: its SHA-256 is"):
        verify_prepared(folder)
    assert verify_prepared(prepared(tiny_model, tmp_path / "cache"))


def test_a_prepared_file_that_must_not_be_read_is_told(tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    folder = prepared(tiny_model, tmp_path / "cache")
    monkeypatch.setattr(hashing, "sha256_of", refuse)  # root may read any file
    with pytest.raises(ModelError, match=r"cannot be read: Permission denied"):
        verify_prepared(folder)


@pytest.mark.parametrize("key", ["quantization", "weights", "runtime"])
def test_what_a_model_is_made_of_has_a_folder_of_its_own(tiny_model: TinyModel, tmp_path: Path, key: str):
    catalogue = load_catalogue(tiny_model.models_dir)
    path = tiny_model.models_dir / "catalogue.toml"
    before, after = {
        "quantization": ('quantization = "float32"', 'quantization = "int8"'),
        "weights": (catalogue.models["base"].files[0].sha256, "0" * 64),
        "runtime": ('runtime = "ctranslate2"', 'runtime = "transformers"'),
    }[key]
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    folders = {
        model_folder(found, found.profile("tiny"), "translator", tmp_path) for found in (catalogue, load_catalogue(tiny_model.models_dir))
    }
    assert len(folders) == 2


def test_a_hubs_models_of_one_revision_but_other_repositories_are_prepared_apart(models_dir: Path, tmp_path: Path):
    text = (models_dir / "catalogue.toml").read_text(encoding="utf-8")
    found = [load_catalogue(models_dir)]
    (tmp_path / "catalogue.toml").write_text(text.replace('repo = "sshleifer/', 'repo = "elsewhere/'), encoding="utf-8")
    found.append(load_catalogue(tmp_path))
    assert not found[0].models["distilbart-cnn-12-6"].files  # its revision is a name, not a commit
    folders = {model_folder(each, each.profile("distil"), "distilbart-cnn-12-6", tmp_path) for each in found}
    assert len(folders) == 2


@pytest.mark.parametrize("name", ["encoder.bin", "base.gguf", "delta.safetensors"])
def test_a_damaged_source_is_refused(tiny_model: TinyModel, tmp_path: Path, name: str):
    flip_a_byte(tiny_model.models_dir / name)
    with pytest.raises(ModelDamaged, match=f"{name} is damaged: its SHA-256 is [0-9a-f]{{64}} instead of"):
        prepared(tiny_model, tmp_path / "cache")


def test_a_source_cut_short_is_refused(tiny_model: TinyModel, tmp_path: Path):
    path = tiny_model.models_dir / "base.gguf"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelDamaged, match=r"base\.gguf is damaged: it has \d+ bytes instead of \d+"):
        prepared(tiny_model, tmp_path / "cache")


@pytest.mark.parametrize("name", ["encoder.bin", "base.gguf", "delta.safetensors"])
def test_a_missing_source_is_named(tiny_model: TinyModel, tmp_path: Path, name: str):
    (tiny_model.models_dir / name).unlink()
    with pytest.raises(ModelMissing, match=f"{name} is missing"):
        prepared(tiny_model, tmp_path / "cache")


@pytest.mark.parametrize("stage", ["checking the weights", "reading the base", "merging the weights", "converting"])
def test_an_interrupted_preparation_leaves_nothing(tiny_model: TinyModel, tmp_path: Path, stage: str):
    def interrupt(at: str, done: int, total: int) -> None:
        if (at, done) == (stage, total):
            raise Interrupted

    with pytest.raises(Interrupted):
        prepare_profile("tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache", progress=interrupt)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_what_a_killed_process_left_is_removed(tiny_model: TinyModel, tmp_path: Path):
    left_over = tmp_path / "cache" / ".preparing-killed"
    left_over.mkdir(parents=True)
    folder = prepared(tiny_model, tmp_path / "cache")
    assert left_over not in (tmp_path / "cache").iterdir()
    assert folder.is_dir()


@pytest.mark.parametrize("runtime", ["ctranslate2", "onnxruntime", "transformers"])
def test_whoever_may_read_the_folder_may_read_every_file(runtime: str, tiny_model: TinyModel, tmp_path: Path):
    catalogue = tiny_model.models_dir / "catalogue.toml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace('runtime = "ctranslate2"', f'runtime = "{runtime}"'), encoding="utf-8")
    folder = prepared(tiny_model, tmp_path / "cache")
    permitted = stat.S_IMODE(folder.stat().st_mode) & 0o666
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(modes, permitted)


def test_two_at_once_prepare_once(tiny_model: TinyModel, tmp_path: Path):
    conversions: list[str] = []
    folders: list[Path] = []

    def count(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("converting", total):
            conversions.append(stage)

    def run() -> None:
        made = prepare_profile("tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache", progress=count)
        folders.append(made["translator"])

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(conversions) == 1
    assert len(folders) == 3
    assert len(set(folders)) == 1


def test_a_full_disk_is_told_before_work_begins(tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prepare.shutil, "disk_usage", lambda path: prepare.shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(ModelError, match=r"0 MiB free, and preparing needs \d+ MiB"):
        prepared(tiny_model, tmp_path / "cache")


def test_a_profile_is_checked_file_by_file(tiny_model: TinyModel, tmp_path: Path):
    def problems() -> dict[str, str | None]:
        catalogue = load_catalogue(tiny_model.models_dir)
        findings = check_profile(catalogue, "tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache")
        return {finding.name.rsplit("/", 1)[-1].split("-")[0]: finding.problem for finding in findings}

    assert problems()["translator"] is not None
    prepared(tiny_model, tmp_path / "cache")
    assert problems() == dict.fromkeys(["encoder.bin", "base.gguf", "delta.safetensors", "translator", "encoder"])
    flip_a_byte(tiny_model.models_dir / "delta.safetensors")
    assert [name for name, problem in problems().items() if problem] == ["delta.safetensors"]


def test_a_folder_without_a_manifest_is_not_prepared(tmp_path: Path):
    with pytest.raises(ModelNotPrepared, match=r"no model is prepared in .*; run: svodka models prepare"):
        read_manifest(tmp_path)


def test_a_manifest_that_does_not_parse_is_damage(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"format": 1', encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"manifest\.json does not parse; remove .* and run: svodka models prepare"):
        read_manifest(tmp_path)
