"""How many tokens a text has for a model, without the model: its tokenizer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sentencepiece

from svodka.inference.cache import TOKENIZER_FILE, prepared_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue

__all__ = ["load_counter"]


def load_counter(catalogue: Catalogue, profile: str, identifier: str, cache_dir: Path) -> Callable[[str], int]:
    """What counts the tokens of a text as a prepared model of a profile does."""
    folder = prepared_folder(catalogue, identifier, catalogue.profile(profile).quantization, cache_dir)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))
    return lambda text: len(tokenizer.encode(text))
