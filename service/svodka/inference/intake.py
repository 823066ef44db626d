"""Takes in a checkpoint file by file, and puts it in its place as a whole, with a manifest: it is there, or it is not."""

from __future__ import annotations

import contextlib
import errno
import shutil
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

import filelock

from svodka.errors import DiskFull, ModelChanged, ModelDamaged, ModelError
from svodka.inference.hashing import check_file
from svodka.inference.manifest import read_manifest, write_manifest
from svodka.inference.pulled import pulled_folder
from svodka.inference.safe_files import check_architecture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from svodka.inference.entries import ModelEntry
    from svodka.inference.hub import HubFile
    from svodka.inference.manifest import Manifest
    from svodka.inference.origins import HubSource

__all__ = ["Intake", "open_intake"]

_AS_PULLED = "none"  # in a manifest: nothing is quantised
_SPARE = 64 << 20  # bytes that stay free


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """Where a checkpoint comes in, a file at a time, before it is put in its place as a whole."""

    identifier: str
    repo: str
    folder: Path  # where a whole checkpoint lies
    work: Path  # where its files come in
    known: Manifest | None  # of what was pulled first, if anything was

    @property
    def ready(self) -> Path:
        """The folder that becomes the checkpoint's."""
        return self.work / "ready"

    @property
    def taken(self) -> int:
        """How many bytes have come in."""
        return sum(path.stat().st_size for path in self.work.iterdir() if path.is_file())

    def part(self, file: HubFile) -> Path:
        """Where a file comes in: under its hash, so that what broke off is never gone on with as another file."""
        return self.work / f"{file.path}.{file.digest}"

    def reuse(self, file: HubFile) -> None:
        """Take a file that is here already as what has come of it."""
        target = self.part(file)
        with contextlib.suppress(OSError, ModelDamaged):  # then it comes from the hub
            file.check(self.folder / file.path)
            if not target.exists():
                target.hardlink_to(self.folder / file.path)

    def check_room(self, needed: int) -> None:
        """Refuse to begin what the disk has no room for.

        Raises:
            DiskFull: so many bytes do not fit.
        """
        free = shutil.disk_usage(self.work).free
        if free < needed + _SPARE:
            told = (
                f"{self.folder.parent} has {free // 2**20} MiB free, and {(needed + _SPARE) // 2**20} MiB are needed for {self.identifier}"
            )
            raise DiskFull(f"{told}; make room")

    def install(self, model: ModelEntry, *, commit: str, update: bool) -> None:
        """Put what is ready in its place.

        Raises:
            ModelChanged: it is another thing than what was pulled first, and this is no update.
            ModelDamaged: it is not what the catalogue states.
        """
        check_architecture(self.identifier, model, self.ready)
        for file in model.files:
            check_file(self.ready / file.path, file)
        versions = {"huggingface_hub": metadata.version("huggingface_hub")}
        made = write_manifest(self.ready, model=self.identifier, quantization=_AS_PULLED, sources={self.repo: commit}, versions=versions)
        if self.known is not None and not update:
            changed = sorted(name for name in {*made.files, *self.known.files} if made.files.get(name) != self.known.files.get(name))
            if changed:
                told = f"{self.identifier}: {', '.join(changed)} would not be what was pulled first"
                raise ModelChanged(f"{told}; if the change is all right, run the same command with --update")
        if self.folder.exists():
            self.folder.rename(self.work / "old")
        self.ready.rename(self.folder)
        shutil.rmtree(self.work)


@contextlib.contextmanager
def open_intake(identifier: str, model: ModelEntry, source: HubSource, cache_dir: Path) -> Iterator[Intake]:
    """Make way for a checkpoint; one process at a time, the others wait.

    Raises:
        DiskFull: there was no room for a file any more.
    """
    folder = pulled_folder(identifier, model, cache_dir)
    work = folder.with_name(f".pulling-{folder.name}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.with_name(f"{folder.name}.lock")):
            intake = Intake(identifier=identifier, repo=source.repo, folder=folder, work=work, known=_known(folder, source.repo))
            for left_over in (intake.ready, work / "old"):
                shutil.rmtree(left_over, ignore_errors=True)
            intake.ready.mkdir(parents=True)
            yield intake
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"{cache_dir} is full; make room and run the same command again: it goes on where it was") from error
        raise


def _known(folder: Path, repo: str) -> Manifest | None:
    try:
        manifest = read_manifest(folder)
    except ModelError:
        return None
    return manifest if repo in manifest.sources else None
