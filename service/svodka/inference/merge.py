"""Makes our own translator: base + our change of its weights, its vocabulary cut -> a model that its runtime loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.errors import ModelDamaged, ModelError
from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.checkpoint import read_checkpoint
from svodka.inference.convert import write_model, write_tokenizer
from svodka.inference.delta import Delta
from svodka.inference.sources import fetch
from svodka.inference.vocabulary import cut, read_kept, short_lists

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.checkpoint import Checkpoint
    from svodka.inference.entries import ProfileEntry
    from svodka.inference.protocols import Progress

__all__ = ["libraries", "write_merged"]

_LIBRARIES = ("gguf", "numpy", "safetensors", "sentencepiece")
_LIBRARY_OF_RUNTIME = {"ctranslate2": "ctranslate2", "onnxruntime": "onnx", "transformers": "transformers"}
_EMBEDDINGS = "model.embed_tokens.weight"


def write_merged(
    catalogue: Catalogue, profile: ProfileEntry, identifier: str, *, models_dir: Path, work: Path, target: Path, progress: Progress
) -> None:
    """Write the merged model, for the profile's runtime, and its tokenizer into the folder `target`; it and `work` exist.

    Raises:
        ModelError: the model has no base.
        ModelMissing, ModelDamaged: as `fetch`.
    """
    model = catalogue.models[identifier]
    if model.base is None:
        raise ModelError(f"the catalogue's {identifier!r} has no base, and this version prepares only changes of a base")
    base = catalogue.models[model.base]

    progress("checking the weights", 0, 1)
    delta_path = fetch(model, model.files[0], models_dir, work)
    base_path = fetch(base, base.files[0], models_dir, work)
    kept_file = model.vocabulary_file
    kept_path = fetch(model, kept_file, models_dir, work) if kept_file is not None else None
    progress("checking the weights", 1, 1)

    progress("reading the base", 0, 1)
    checkpoint = read_checkpoint(base_path)
    progress("reading the base", 1, 1)
    vocabulary = checkpoint.vocabulary
    weights = _merge(checkpoint, Delta(delta_path), progress)
    if kept_path is not None:
        kept = read_kept(kept_path, vocabulary)
        vocabulary = cut(vocabulary, kept)
        weights[_EMBEDDINGS] = weights[_EMBEDDINGS][kept]  # a row a token

    progress("converting", 0, 1)
    write_tokenizer(vocabulary, target / TOKENIZER_FILE)
    if profile.runtime == "transformers":
        from svodka.inference.gemma import write_gemma  # PyTorch takes long to load, and the default profile does without it

        write_gemma(checkpoint.config, weights, profile.quantization, target)
    elif profile.runtime == "onnxruntime":
        from svodka.inference.gemma_onnx import write_graphs  # the writer of graphs is not needed where a model is prepared already

        lists = short_lists(vocabulary, model.languages)
        write_graphs(checkpoint.config, weights, profile.quantization, target, short_lists=lists)
    else:
        write_model(checkpoint.config, vocabulary, weights, profile.quantization, target)
    progress("converting", 1, 1)


def libraries(profile: ProfileEntry) -> tuple[str, ...]:
    """What takes part in making a model for a profile's runtime."""
    return (_LIBRARY_OF_RUNTIME[profile.runtime], *_LIBRARIES)


def _merge(checkpoint: Checkpoint, delta: Delta, progress: Progress) -> dict[str, NDArray[np.float32]]:
    weights: dict[str, NDArray[np.float32]] = {}
    total = len(checkpoint.reader.tensors)
    for name, weight in checkpoint.weights():
        delta.add_to(name, weight)
        weights[name] = weight
        progress("merging the weights", len(weights), total)
    unknown = delta.names - weights.keys()
    if unknown:
        raise ModelDamaged(f"the trained change has weights that its base has not: {', '.join(sorted(unknown))}")
    return weights
