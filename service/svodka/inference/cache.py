"""Where the models of a profile lie once they are ready to load."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import platformdirs

from svodka.inference.origins import HubSource
from svodka.inference.pulled import pulled_folder

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import ProfileEntry

__all__ = [
    "EMBEDDINGS_FILE",
    "ENCODER_FILE",
    "GRAPH_FILE",
    "HEAD_FILES",
    "REPLACED_FILE",
    "TOKENIZER_FILE",
    "TOKENIZER_FOLDER",
    "head_file",
    "model_folder",
    "resolve_cache_dir",
    "source_hashes",
]

GRAPH_FILE = "graph.onnx"  # of a model that ONNX Runtime runs: its body
HEAD_FILES = "head_*.onnx"  # the graphs that say what comes next among all tokens, one or two
ENCODER_FILE = "encoder.onnx"  # what reads the texts, of a model that has an encoder and a decoder
EMBEDDINGS_FILE = "embeddings.safetensors"  # the vectors of tokens, and of an encoder's places
REPLACED_FILE = "replaced.json"  # of an encoder: what stands in place of a character before a text is cut into tokens
TOKENIZER_FILE = "tokenizer.model"  # of a model that continues prompts
TOKENIZER_FOLDER = "tokenizer"  # of a hub's model: what its checkpoint has beside the weights
_LAYOUT = 1  # goes up when folders that older versions prepared can no longer be read
_GRAPHS = 8  # the same for those of ONNX Runtime
_ENCODERS = 2  # and for those of encoders


def head_file(language: str = "", *, half: int = 0) -> str:
    """The file of a graph that says what comes next: in a language that has a short list, or among all tokens or the half of them."""
    return f"head.{language}.onnx" if language else f"head_{half}.onnx"


def resolve_cache_dir(given: Path | None = None) -> Path:
    """Return the folder of prepared models: the given one, else the user's cache."""
    return given if given is not None else platformdirs.user_cache_path("svodka")


def source_hashes(catalogue: Catalogue, identifier: str) -> dict[str, str]:
    """Return the SHA-256 of every file that a model is made from, its base's included; of a hub's model that lists none, its revision."""
    model = catalogue.models[identifier]
    hashes = {file.path: file.sha256 for file in model.files}
    if isinstance(model.source, HubSource) and not hashes:
        return {model.source.repo: f"{model.source.repo}@{model.source.revision}"}
    return hashes if model.base is None else source_hashes(catalogue, model.base) | hashes


def model_folder(catalogue: Catalogue, profile: ProfileEntry, identifier: str, cache_dir: Path) -> Path:
    """Return where a model of a profile belongs: another place for other weights, another runtime or another quantisation.

    A hub's model that transformers runs needs no preparation: it lies where it was pulled to.
    """
    model = catalogue.models[identifier]
    if profile.runtime == "transformers" and isinstance(model.source, HubSource):
        return pulled_folder(identifier, model, cache_dir)
    if identifier == profile.encoder:
        return cache_dir / f"{identifier}-{_digest([_ENCODERS, sorted(source_hashes(catalogue, identifier).values())])}"
    form = profile.quantization if profile.runtime == "ctranslate2" else f"{profile.runtime}-{profile.quantization}"
    layout = _GRAPHS if profile.runtime == "onnxruntime" else _LAYOUT
    return cache_dir / f"{identifier}-{form}-{_digest([layout, form, sorted(source_hashes(catalogue, identifier).values())])}"


def _digest(told: list[object]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
