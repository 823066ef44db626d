"""Where prepared models lie, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue

__all__ = ["TOKENIZER_FILE", "prepared_folder", "resolve_cache_dir", "source_hashes"]

TOKENIZER_FILE = "tokenizer.model"
_LAYOUT = 1  # goes up when folders that older versions prepared can no longer be read


def resolve_cache_dir(given: Path | None = None) -> Path:
    """Return the folder of prepared models: the given one, else the user's cache."""
    return given if given is not None else platformdirs.user_cache_path("svodka")


def source_hashes(catalogue: Catalogue, identifier: str) -> dict[str, str]:
    """Return the SHA-256 of every file that a model is made from, its base's included."""
    model = catalogue.models[identifier]
    hashes = {file.path: file.sha256 for file in model.files}
    return hashes if model.base is None else source_hashes(catalogue, model.base) | hashes


def prepared_folder(catalogue: Catalogue, identifier: str, quantization: str, cache_dir: Path) -> Path:
    """Return where a prepared model belongs: another place for other weights or another quantisation."""
    recipe = [_LAYOUT, quantization, sorted(source_hashes(catalogue, identifier).values())]
    digest = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()
    return cache_dir / f"{identifier}-{quantization}-{digest[:12]}"
