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
from svodka.inference.cache import model_folder, resolve_cache_dir, source_hashes
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.manifest import verify_prepared, write_manifest
from svodka.inference.origins import HubSource
from svodka.inference.protocols import unseen
from svodka.inference.pulled import check_pulled, pulled_folder
from svodka.inference.sources import fetch

if TYPE_CHECKING:
    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import ProfileEntry
    from svodka.inference.protocols import Progress

__all__ = ["prepare_profile"]

_DISK_FACTOR = 3  # the assembled base, the converted model and room to breathe, in sizes of the base


def prepare_profile(
    profile: str,
    *,
    models_dir: Path | None = None,
    catalogue_file: Path | None = None,
    cache_dir: Path | None = None,
    progress: Progress = unseen,
) -> dict[str, Path]:
    """Make a profile's models ready to load, unless they are, and return the folder of each prepared model by its name.

    One process prepares at a time, the others wait for it. What is cut short leaves at most a temporary folder, which the next run removes.

    Raises:
        UnknownProfile: the catalogue has no such profile.
        ModelMissing: a package or a file is missing, or a hub's model is not pulled.
        ModelDamaged: a source file is not the one that the catalogue states.
        ModelError: there is too little room on the disk.
    """
    models_dir = find_models_dir(models_dir)
    catalogue = load_catalogue(models_dir, catalogue_file)
    cache_dir = resolve_cache_dir(cache_dir)
    entry = catalogue.profile(profile)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(cache_dir / "prepare.lock"):
        for left_over in cache_dir.glob(".preparing-*"):
            shutil.rmtree(left_over)
        return {
            identifier: _prepared(catalogue, entry, identifier, models_dir, cache_dir, progress) for identifier in entry.prepared_models
        }


def _prepared(catalogue: Catalogue, profile: ProfileEntry, identifier: str, models_dir: Path, cache_dir: Path, progress: Progress) -> Path:
    model = catalogue.models[identifier]
    folder = model_folder(catalogue, profile, identifier, cache_dir)
    from_hub = isinstance(model.source, HubSource)
    sources = check_pulled(identifier, model, cache_dir).sources if from_hub else source_hashes(catalogue, identifier)
    if _is_prepared(folder, sources):
        return folder
    _check_room(catalogue, identifier, cache_dir)
    with tempfile.TemporaryDirectory(prefix=".preparing-", dir=cache_dir) as work:
        target = Path(work) / "prepared"
        target.mkdir()
        if from_hub:
            libraries = _convert(pulled_folder(identifier, model, cache_dir), profile, target, progress)
        elif identifier == profile.encoder:
            from svodka.inference import e5_prepare  # the writer of graphs is not needed where a model is prepared already

            progress("converting the encoder", 0, 1)
            e5_prepare.write_encoder(fetch(model, model.files[0], models_dir, Path(work)), target)
            progress("converting the encoder", 1, 1)
            libraries = e5_prepare.LIBRARIES
        else:
            merge.write_merged(catalogue, profile, identifier, models_dir=models_dir, work=Path(work), target=target, progress=progress)
            libraries = merge.libraries(profile)
        write_manifest(
            target,
            model=identifier,
            quantization=profile.quantization,
            sources=sources,
            versions={library: metadata.version(library) for library in libraries},
        )
        _let_read(target)
        if folder.exists():  # damaged, or of other files, or it would have been kept
            shutil.rmtree(folder)
        target.rename(folder)
    return folder


def _convert(checkpoint: Path, profile: ProfileEntry, target: Path, progress: Progress) -> tuple[str, ...]:
    """Write a hub's model for a profile's runtime; return the libraries that took part."""
    if profile.runtime == "onnxruntime":
        from svodka.inference import hub_graphs  # PyTorch takes long to load, and other models do without it

        hub_graphs.write_graphed(checkpoint, quantization=profile.quantization, target=target, progress=progress)
        return hub_graphs.LIBRARIES
    from svodka.inference import hub_convert

    hub_convert.write_converted(checkpoint, quantization=profile.quantization, target=target, progress=progress)
    return hub_convert.LIBRARIES


def _let_read(folder: Path) -> None:
    """Let whoever may read the folder read its files: safetensors writes them for their owner alone, and servers run as another user."""
    mode = folder.stat().st_mode & 0o666
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)


def _is_prepared(folder: Path, sources: dict[str, str]) -> bool:
    """Tell whether a folder holds a model that was made from these files, and whose every file is whole."""
    try:
        return verify_prepared(folder).sources == sources
    except ModelError:
        return False


def _check_room(catalogue: Catalogue, identifier: str, cache_dir: Path) -> None:
    base = catalogue.models[catalogue.models[identifier].base or identifier]
    needed = _DISK_FACTOR * (sum(file.size for file in base.files) or base.size or 0)
    free = shutil.disk_usage(cache_dir).free
    if free < needed:
        raise ModelError(f"{cache_dir} has {free // 2**20} MiB free, and preparing needs {needed // 2**20} MiB")
