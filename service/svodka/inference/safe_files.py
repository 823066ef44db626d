"""Which files of a checkpoint are taken: those that are data alone, and all of those that a model needs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from svodka.errors import ModelDamaged, ModelMissing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from svodka.inference.entries import FileEntry, ModelEntry

__all__ = ["check_architecture", "check_complete", "is_safe"]

# Weights that are data alone, and what a tokenizer needs. No pickles, no code, nothing in subfolders.
_WEIGHTS = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")
_OTHERS = frozenset(
    {
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "model.safetensors.index.json",
        "sentencepiece.bpe.model",
        "source.spm",
        "special_tokens_map.json",
        "spiece.model",
        "target.spm",
        "tokenizer.json",
        "tokenizer.model",
        "tokenizer_config.json",
        "vocab.json",
    }
)


def is_safe(name: str) -> bool:
    """Tell whether a file of a checkpoint is one that is taken."""
    return name in _OTHERS or _WEIGHTS.fullmatch(name) is not None


def check_complete(place: str, names: Iterable[str], stated: Iterable[FileEntry]) -> None:
    """Refuse a checkpoint without weights, without a configuration, or without a file that the catalogue states.

    Raises:
        ModelMissing: it lacks one; the text says what to do.
    """
    if not any(_WEIGHTS.fullmatch(name) for name in names):
        advice = (
            "take a revision that has them (--revision refs/pr/N, as the hub's own conversion has it), or convert them and give --from DIR"
        )
        raise ModelMissing(f"{place} has no weights in safetensors, and no other format is read, since it may carry code; {advice}")
    missing = sorted({"config.json", *(entry.path for entry in stated)} - set(names))
    if missing:
        raise ModelMissing(f"{place} lacks {', '.join(missing)}")


def check_architecture(identifier: str, model: ModelEntry, folder: Path) -> None:
    """Refuse a checkpoint that is another kind of model than the catalogue states.

    Raises:
        ModelDamaged: it is.
    """
    try:
        found = json.loads((folder / "config.json").read_bytes()).get("model_type")
    except (ValueError, AttributeError) as error:
        raise ModelDamaged(f"{identifier}: config.json is no model's configuration: {error}") from error
    if found != model.architecture:
        raise ModelDamaged(f"{identifier}: config.json tells of a model of the type {found!r} instead of {model.architecture!r}")
