"""Prepares a profile's translator, once: base + our change of its weights -> a CTranslate2 model in the user's cache."""

from __future__ import annotations

import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import filelock

from svodka.errors import ModelDamaged, ModelError
from svodka.inference.cache import TOKENIZER_FILE, prepared_folder, resolve_cache_dir, source_hashes
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.checkpoint import read_checkpoint
from svodka.inference.convert import write_model, write_tokenizer
from svodka.inference.delta import Delta
from svodka.inference.manifest import verify_prepared, write_manifest
from svodka.inference.sources import check_source, fetch
from svodka.inference.vocabulary import cut, read_kept

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.checkpoint import Checkpoint

__all__ = ["Progress", "is_prepared", "prepare_profile"]

_DISK_FACTOR = 3  # the assembled base, the converted model and room to breathe, in sizes of the base
_EMBEDDINGS = "model.embed_tokens.weight"
_LIBRARIES = ("ctranslate2", "gguf", "numpy", "safetensors", "sentencepiece")


class Progress(Protocol):
    """Is told how far preparation has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `stage` has done `done` of `total` of its work."""
        ...


def _ignore(stage: str, done: int, total: int) -> None:
    pass


def is_prepared(folder: Path) -> bool:
    """Tell whether a folder holds a prepared model whose every file is whole."""
    try:
        verify_prepared(folder)
    except ModelError:
        return False
    return True


def prepare_profile(profile: str, *, models_dir: Path | None = None, cache_dir: Path | None = None, progress: Progress = _ignore) -> Path:
    """Make a profile's models ready to load, unless they are, and return the folder of the prepared translator.

    One process prepares at a time, the others wait for it. What is cut short leaves at most a temporary folder, which the next run removes.

    Raises:
        UnknownProfile: the catalogue has no such profile.
        ModelMissing: a package or a file is missing.
        ModelDamaged: a source file is not the one that the catalogue states.
        ModelError: there is too little room on the disk.
    """
    models_dir = find_models_dir(models_dir)
    catalogue = load_catalogue(models_dir)
    cache_dir = resolve_cache_dir(cache_dir)
    folder = prepared_folder(catalogue, profile, cache_dir)
    cache_dir.mkdir(parents=True, exist_ok=True)
    summariser = catalogue.models[catalogue.profile(profile).summariser]
    for file in summariser.files:
        check_source(summariser, file, models_dir)  # used as it is
    with filelock.FileLock(cache_dir / "prepare.lock"):
        if is_prepared(folder):
            return folder
        for left_over in cache_dir.glob(".preparing-*"):
            shutil.rmtree(left_over)
        translator = catalogue.profile(profile).translator
        _check_room(catalogue, translator, cache_dir)
        with tempfile.TemporaryDirectory(prefix=".preparing-", dir=cache_dir) as work:
            prepared = _prepare_translator(catalogue, profile, models_dir, Path(work), progress)
            if folder.exists():  # damaged, or it would have been kept
                shutil.rmtree(folder)
            prepared.rename(folder)
    return folder


def _check_room(catalogue: Catalogue, translator: str, cache_dir: Path) -> None:
    base = catalogue.models[translator].base or translator
    needed = _DISK_FACTOR * sum(file.size for file in catalogue.models[base].files)
    free = shutil.disk_usage(cache_dir).free
    if free < needed:
        raise ModelError(f"{cache_dir} has {free // 2**20} MiB free, and preparing needs {needed // 2**20} MiB")


def _prepare_translator(catalogue: Catalogue, profile: str, models_dir: Path, work: Path, progress: Progress) -> Path:
    entry = catalogue.profile(profile)
    translator = catalogue.models[entry.translator]
    if translator.base is None:
        raise ModelError(f"the catalogue's {entry.translator!r} has no base, and this version prepares only changes of a base")
    base = catalogue.models[translator.base]

    progress("checking the weights", 0, 1)
    delta_path = fetch(translator, translator.files[0], models_dir, work)
    base_path = fetch(base, base.files[0], models_dir, work)
    kept_file = translator.vocabulary_file
    kept_path = fetch(translator, kept_file, models_dir, work) if kept_file is not None else None
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
    target = work / "prepared"
    target.mkdir()
    write_tokenizer(vocabulary, target / TOKENIZER_FILE)
    write_model(checkpoint.config, vocabulary, weights, entry.quantization, target)
    write_manifest(
        target,
        model=entry.translator,
        quantization=entry.quantization,
        sources=source_hashes(catalogue, entry.translator),
        versions={library: metadata.version(library) for library in _LIBRARIES},
    )
    progress("converting", 1, 1)
    return target


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
