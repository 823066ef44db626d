"""How many tokens a text has for a model, without the model: its tokenizer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sentencepiece

from svodka.inference.cache import TOKENIZER_FILE, model_folder
from svodka.inference.texts import TextTokenizer, tokenizer_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue

__all__ = ["load_counter"]


def load_counter(catalogue: Catalogue, profile: str, identifier: str, cache_dir: Path) -> Callable[[str], int]:
    """What counts the tokens of a text as a prepared model of a profile does."""
    model = catalogue.models[identifier]
    folder = model_folder(catalogue, catalogue.profile(profile), identifier, cache_dir)
    if model.architecture is not None:
        return TextTokenizer(tokenizer_folder(folder), codes=model.codes).count
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))
    return lambda text: len(tokenizer.encode(text))
