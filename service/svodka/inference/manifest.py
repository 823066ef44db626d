"""What a folder of a prepared model says of itself: its files with their hashes, and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from svodka.errors import ModelDamaged, ModelNotPrepared
from svodka.inference.hashing import check_file, sha256_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Manifest", "PreparedFile", "read_manifest", "verify_prepared", "write_manifest"]

MANIFEST_FILE = "manifest.json"


class PreparedFile(BaseModel):
    """A file that preparation made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Manifest(BaseModel):
    """The manifest of a prepared model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    model: str
    quantization: str
    sources: dict[str, str]  # file of the catalogue: its SHA-256
    versions: dict[str, str]  # library that took part: its version
    files: dict[str, PreparedFile]


def write_manifest(folder: Path, *, model: str, quantization: str, sources: dict[str, str], versions: dict[str, str]) -> Manifest:
    """Describe all files of a folder in its manifest."""
    files = {
        path.relative_to(folder).as_posix(): PreparedFile(size=path.stat().st_size, sha256=sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = Manifest(model=model, quantization=quantization, sources=sources, versions=versions, files=files)
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder.

    Raises:
        ModelNotPrepared: there is none.
        ModelDamaged: it does not parse.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise ModelNotPrepared(f"no model is prepared in {folder}; run: svodka models prepare")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ModelDamaged(f"{path} does not parse; remove {folder} and run: svodka models prepare") from error


def verify_prepared(folder: Path) -> Manifest:
    """Check every file of a prepared model against its manifest, and return that.

    Raises:
        ModelNotPrepared: there is no manifest.
        ModelMissing: a file is not there.
        ModelDamaged: the manifest does not parse, or a file's size or hash differs.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        check_file(folder / name, expected)
    return manifest
