"""SHA-256 of model files, and the refusal of files that differ."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from svodka.errors import ModelDamaged, ModelError, ModelMissing

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileDigest", "check_file", "sha256_of"]


class FileDigest(Protocol):
    """What is known of a file that has not been changed."""

    @property
    def sha256(self) -> str:
        """SHA-256 in lower-case hexadecimal."""
        ...

    @property
    def size(self) -> int:
        """Size in bytes."""
        ...


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(path: Path, expected: FileDigest) -> None:
    """Refuse a file that is missing or is not, byte for byte, the expected one.

    Raises:
        ModelMissing: there is no such file.
        ModelDamaged: its size or hash differs.
        ModelError: it cannot be read.
    """
    if not path.is_file():
        raise ModelMissing(f"{path} is missing")
    size = path.stat().st_size
    if size != expected.size:
        raise ModelDamaged(f"{path} is damaged: it has {size} bytes instead of {expected.size}")
    try:
        digest = sha256_of(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    if digest != expected.sha256:
        raise ModelDamaged(f"{path} is damaged: its SHA-256 is {digest} instead of {expected.sha256}")
