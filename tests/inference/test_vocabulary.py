"""A vocabulary that was cut: the same tokens for the same text, the same answers, and no text that cannot be written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import ctranslate2
import numpy as np
import pytest
import sentencepiece
import tiny
from safetensors.numpy import save_file

from svodka.errors import ModelDamaged, SettingsError
from svodka.inference.cache import model_folder
from svodka.inference.catalogue import load_catalogue
from svodka.inference.generator import CTranslate2Generator
from svodka.inference.prepare import prepare_profile
from svodka.inference.protocols import Search

if TYPE_CHECKING:
    from pathlib import Path

ALL = [piece.replace("  ", "▁▁") for piece, _ in tiny.PIECES]
# "▁he" and "ll" are left out, and all of the Cyrillic.
KEPT = [piece for piece in ALL if piece not in {"▁he", "ll"} and not re.search("[а-я]", piece)]
TEXT = "en: a cab. bed\nru:"  # the whole vocabulary cuts it in no other way


def prepared(tmp_path: Path, kept: list[str] | None) -> Path:
    name = "whole" if kept is None else "cut"
    models_dir = tiny.build(tmp_path / name, kept=kept).models_dir
    return prepare_profile("tiny", models_dir=models_dir, cache_dir=tmp_path / f"{name}-cache")["translator"]


def tokenizer(folder: Path) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))


def log_probabilities(folder: Path) -> dict[str, np.ndarray]:
    """What the model says of each token, by its piece, after each token of `TEXT`."""
    pieces = ["<bos>", *tokenizer(folder).encode(TEXT, out_type=str)]
    computed = np.array(ctranslate2.Generator(str(folder)).forward_batch([pieces], return_log_probs=False))[0]
    names = tokenizer(folder).id_to_piece(list(range(tokenizer(folder).get_piece_size())))
    return dict(zip(names, computed.T, strict=True))


def test_a_cut_model_says_of_the_kept_tokens_what_the_whole_one_says(tmp_path: Path):
    cut, whole = log_probabilities(prepared(tmp_path, KEPT)), log_probabilities(prepared(tmp_path, None))
    assert list(cut) == KEPT
    assert len(whole) == len(ALL)
    for piece, expected in cut.items():
        np.testing.assert_allclose(whole[piece], expected, atol=1e-4)


@pytest.mark.parametrize("beam", [1, 3])
def test_a_cut_model_answers_the_same_where_nothing_that_was_cut_is_said(tmp_path: Path, beam: int):
    prompts = ["en: a cab\nru:", "en: bed\nru:"]
    whole = prepared(tmp_path, None)
    expected = CTranslate2Generator(whole, threads=1).generate(prompts, search=Search(beam=beam, n_best=beam), max_tokens=[5, 5])
    # What the whole model says in its search, and all that it may need to say it.
    said = {piece for answer in expected for found in answer for piece in tokenizer(whole).encode(found.text, out_type=str)}
    kept = [piece for piece in ALL if piece in said or piece in KEPT or not re.search("[а-я]", piece)]
    found = CTranslate2Generator(prepared(tmp_path, kept), threads=1).generate(prompts, search=Search(beam=beam), max_tokens=[5, 5])
    assert [answer[0].text for answer in found] == [answer[0].text for answer in expected]


def test_what_was_cut_is_written_in_pieces_and_bytes(tmp_path: Path):
    cut = tokenizer(prepared(tmp_path, KEPT))
    assert cut.encode("he hell а", out_type=str) == ["he", "▁", "he", "l", "l", "▁", "<0xD0>", "<0xB0>"]
    assert cut.decode(cut.encode("he hell а")) == "he hell а"


@pytest.mark.parametrize(
    ("token", "role"), [("<bos>", "begin"), ("<eos>", "end"), ("<unk>", "unknown token"), ("<pad>", "padding")], ids=lambda part: part
)
def test_a_vocabulary_without_a_token_that_it_cannot_do_without_is_refused(tmp_path: Path, token: str, role: str):
    with pytest.raises(ModelDamaged, match=f"the kept tokens lack '{token}', the vocabulary's {role}"):
        prepared(tmp_path, [piece for piece in KEPT if piece != token])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"no weights", "is not a file of kept tokens", id="no safetensors"),
        pytest.param({"other": np.zeros(8, dtype=np.uint8)}, "is not a file of kept tokens: 'kept'", id="another array"),
        pytest.param({"kept": np.zeros(8, dtype=np.float32)}, "is not a file of kept tokens", id="no bits"),
        pytest.param({"kept": np.zeros(8, dtype=np.uint8)}, "has 64 bits, and the vocabulary", id="another vocabulary"),
        pytest.param(
            {"kept": np.full(-(-(len(ALL) - 1) // 8), 255, dtype=np.uint8)}, "bits, and the vocabulary", id="a token beyond the last"
        ),
    ],
)
def test_a_wrong_file_of_kept_tokens_is_refused(tmp_path: Path, content: bytes | dict[str, np.ndarray], message: str):
    from svodka.inference.checkpoint import read_checkpoint
    from svodka.inference.vocabulary import read_kept

    whole = read_checkpoint(tiny.build(tmp_path / "models").models_dir / "base.gguf").vocabulary
    vocabulary = replace(whole, pieces=whole.pieces[:-1])
    path = tmp_path / "kept.safetensors"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        save_file(content, path)
    with pytest.raises(ModelDamaged, match=message):
        read_kept(path, vocabulary)


def test_another_vocabulary_gets_a_folder_of_its_own(tmp_path: Path):
    folders = {
        model_folder(catalogue, catalogue.profile("tiny"), "translator", tmp_path).name
        for name, kept in {"whole": None, "cut": KEPT, "other": [*KEPT, "ll"]}.items()
        if (catalogue := load_catalogue(tiny.build(tmp_path / name, kept=kept).models_dir))
    }
    assert len(folders) == 3


@pytest.mark.parametrize("named", ["gone.safetensors", "delta.safetensors"])
def test_a_vocabulary_that_is_none_of_the_files_is_refused(tmp_path: Path, named: str):
    path = tiny.build(tmp_path / "models", kept=KEPT).models_dir / "catalogue.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('vocabulary = "kept.safetensors"', f'vocabulary = "{named}"'), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"models.translator: .*vocabulary '{named}' is none of the files behind the first"):
        load_catalogue(tmp_path / "models")
