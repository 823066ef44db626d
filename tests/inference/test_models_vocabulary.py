"""The real vocabulary that is kept: news text is cut into the tokens that the model was trained on, and any text comes through."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from svodka.inference.cache import TOKENIZER_FILE, model_folder
from svodka.inference.catalogue import load_catalogue
from svodka.inference.checkpoint import read_checkpoint
from svodka.inference.convert import write_tokenizer
from svodka.inference.sources import fetch

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

pytestmark = pytest.mark.models

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
# SentencePiece writes spaces as "▁", so that sign alone comes back as a space.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="▁\0"), max_size=40)


@pytest.fixture(scope="module")
def kept(models_dir: Path, prepared_cache: Path) -> SentencePieceProcessor:
    catalogue = load_catalogue(models_dir)
    folder = model_folder(catalogue, catalogue.profile("embedded"), "gemma3-270m-en-ru", prepared_cache)
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))


@pytest.fixture(scope="module")
def whole(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> SentencePieceProcessor:
    catalogue, work = load_catalogue(models_dir), tmp_path_factory.mktemp("base")
    base = catalogue.models["gemma3-270m-q4-k-m"]
    write_tokenizer(read_checkpoint(fetch(base, base.files[0], models_dir, work)).vocabulary, work / TOKENIZER_FILE)
    return sentencepiece.SentencePieceProcessor(model_file=str(work / TOKENIZER_FILE))


def test_most_tokens_are_gone(kept: SentencePieceProcessor, whole: SentencePieceProcessor):
    assert kept.get_piece_size() < whole.get_piece_size() / 2


@given(text=TEXTS)
def test_any_text_comes_through(kept: SentencePieceProcessor, text: str):
    tokens = kept.encode(text)
    assert kept.decode(tokens) == text
    assert kept.unk_id() not in tokens


@pytest.mark.parametrize("text", ["São Paulo, Łódź, Çeşme", "€5, £3, ¥7, ₽9, ₴2", "Київ", "東京", "مرحبا", "🙂", "x² ≤ ½", "№ 5 — «да»"])
def test_foreign_words_and_signs_come_through(kept: SentencePieceProcessor, text: str):
    assert kept.decode(kept.encode(text)) == text


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_news_is_cut_as_with_the_whole_vocabulary(path: Path, kept: SentencePieceProcessor, whole: SentencePieceProcessor):
    lines = [f": {line}\n" for line in path.read_text(encoding="utf-8").splitlines() if line]  # as the prompts have them
    cut, uncut = [kept.encode(line, out_type=str) for line in lines], [whole.encode(line, out_type=str) for line in lines]
    pieces = set(kept.id_to_piece(list(range(kept.get_piece_size()))))
    known = [pieces.issuperset(line) for line in uncut]
    assert any(known)
    assert [line for line, is_known in zip(cut, known, strict=True) if is_known] == [
        line for line, is_known in zip(uncut, known, strict=True) if is_known
    ]
    assert sum(map(len, cut)) <= 1.01 * sum(map(len, uncut))
