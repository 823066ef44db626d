"""Prepares the models of a profile, once: checked files -> models that their runtime loads, in the user's cache."""

from __future__ import annotations

import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from svodka.errors import ModelError
from svodka.inference import merge
from svodka.inference.cache import prepared_folder, resolve_cache_dir, source_hashes
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.manifest import verify_prepared, write_manifest
from svodka.inference.sources import check_source

if TYPE_CHECKING:
    from svodka.inference.catalogue import Catalogue
    from svodka.inference.protocols import Progress

__all__ = ["is_prepared", "prepare_profile"]

_DISK_FACTOR = 3  # the assembled base, the converted model and room to breathe, in sizes of the base


def _ignore(stage: str, done: int, total: int) -> None:
    pass


def is_prepared(folder: Path) -> bool:
    """Tell whether a folder holds a prepared model whose every file is whole."""
    try:
        verify_prepared(folder)
    except ModelError:
        return False
    return True


def prepare_profile(
    profile: str, *, models_dir: Path | None = None, cache_dir: Path | None = None, progress: Progress = _ignore
) -> dict[str, Path]:
    """Make a profile's models ready to load, unless they are, and return the folder of each prepared model by its name.

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
    entry = catalogue.profile(profile)
    cache_dir.mkdir(parents=True, exist_ok=True)
    encoder = catalogue.models[entry.encoder]
    for file in encoder.files:
        check_source(encoder, file, models_dir)  # used as it is
    with filelock.FileLock(cache_dir / "prepare.lock"):
        return {
            identifier: _prepared(catalogue, identifier, entry.quantization, models_dir, cache_dir, progress)
            for identifier in entry.language_models
        }


def _prepared(catalogue: Catalogue, identifier: str, quantization: str, models_dir: Path, cache_dir: Path, progress: Progress) -> Path:
    folder = prepared_folder(catalogue, identifier, quantization, cache_dir)
    if is_prepared(folder):
        return folder
    for left_over in cache_dir.glob(".preparing-*"):
        shutil.rmtree(left_over)
    _check_room(catalogue, identifier, cache_dir)
    with tempfile.TemporaryDirectory(prefix=".preparing-", dir=cache_dir) as work:
        target = Path(work) / "prepared"
        target.mkdir()
        merge.write_merged(
            catalogue, identifier, quantization=quantization, models_dir=models_dir, work=Path(work), target=target, progress=progress
        )
        write_manifest(
            target,
            model=identifier,
            quantization=quantization,
            sources=source_hashes(catalogue, identifier),
            versions={library: metadata.version(library) for library in merge.LIBRARIES},
        )
        if folder.exists():  # damaged, or it would have been kept
            shutil.rmtree(folder)
        target.rename(folder)
    return folder


def _check_room(catalogue: Catalogue, identifier: str, cache_dir: Path) -> None:
    base = catalogue.models[identifier].base or identifier
    needed = _DISK_FACTOR * sum(file.size for file in catalogue.models[base].files)
    free = shutil.disk_usage(cache_dir).free
    if free < needed:
        raise ModelError(f"{cache_dir} has {free // 2**20} MiB free, and preparing needs {needed // 2**20} MiB")
