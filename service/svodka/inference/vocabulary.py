"""Cuts the vocabulary of a model to the tokens that its languages need: a file of one bit for each token of the base tells which."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from gguf import TokenType
from safetensors import SafetensorError
from safetensors.numpy import load_file

from svodka.errors import ModelDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.checkpoint import Vocabulary

__all__ = ["KEPT", "cut", "read_kept", "short_lists"]

KEPT = "kept"  # name of the file's only array: bits, the lowest token in the highest bit of the first byte
_LETTERS = {"en": re.compile(r"[A-Za-zÀ-ɏ]"), "ru": re.compile(r"[Ѐ-ӿ]")}
_ROMAN = re.compile(r"[IVXLCDM]+")  # «XVIII век»
_FEW = 2  # letters of another language that any answer may have: a word that its source has not can be spelled by them
_WORTH = 0.5  # a longer list saves too little


def read_kept(path: Path, vocabulary: Vocabulary) -> NDArray[np.intp]:
    """Return the ids of the tokens that a file keeps of a vocabulary, rising.

    Raises:
        ModelDamaged: it is no such file, or belongs to another vocabulary.
    """
    try:
        bits = np.unpackbits(load_file(path)[KEPT])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise ModelDamaged(f"{path} is not a file of kept tokens: {error}") from error
    size = len(vocabulary.pieces)
    if len(bits) != -(-size // 8) * 8 or bits[size:].any():
        raise ModelDamaged(f"{path} has {len(bits)} bits, and the vocabulary {size} tokens")
    return np.flatnonzero(bits)


def cut(vocabulary: Vocabulary, kept: NDArray[np.intp]) -> Vocabulary:
    """Return a vocabulary of the tokens `kept` alone, which get the ids 0, 1, 2 … in their order.

    Raises:
        ModelDamaged: a token that the model cannot do without is not kept.
    """
    places = {int(old): new for new, old in enumerate(kept)}

    def moved(role: str, old: int) -> int:
        if old not in places:
            raise ModelDamaged(f"the kept tokens lack {vocabulary.pieces[old]!r}, the vocabulary's {role}")
        return places[old]

    return replace(
        vocabulary,
        pieces=[vocabulary.pieces[old] for old in kept],
        scores=[vocabulary.scores[old] for old in kept],
        types=[vocabulary.types[old] for old in kept],
        bos=moved("begin", vocabulary.bos),
        eos=moved("end", vocabulary.eos),
        unknown=moved("unknown token", vocabulary.unknown),
        padding=moved("padding", vocabulary.padding),
    )


def short_lists(vocabulary: Vocabulary, languages: Iterable[str]) -> dict[str, NDArray[np.int64]]:
    """For each language whose answers need half of the vocabulary at most, the tokens that they need; names as their source has them apart.

    Those are all but words, and parts of words, of other languages.
    """
    lists: dict[str, NDArray[np.int64]] = {}
    for language in languages:
        others = [letters for other, letters in _LETTERS.items() if other != language]
        needed = [
            token
            for token, (piece, kind) in enumerate(zip(vocabulary.pieces, vocabulary.types, strict=True))
            if kind != TokenType.NORMAL or _ROMAN.fullmatch(piece.strip("▁")) or all(len(other.findall(piece)) <= _FEW for other in others)
        ]
        if len(needed) <= _WORTH * len(vocabulary.pieces):
            lists[language] = np.array(needed)
    return lists
