"""Brings a checkpoint of a hub, or one from the disk, to where preparation expects it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.errors import HubUnreachable, ModelChanged, ModelDamaged, ModelError, ModelMissing
from svodka.inference.hashing import sha256_of
from svodka.inference.hub import fetch_file, look_up
from svodka.inference.intake import open_intake
from svodka.inference.origins import HubSource
from svodka.inference.protocols import unseen
from svodka.inference.pulled import check_pulled
from svodka.inference.safe_files import check_complete, is_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from svodka.inference.entries import FileEntry, ModelEntry
    from svodka.inference.hub import HubFile, HubSnapshot, Patience
    from svodka.inference.protocols import Progress

__all__ = ["FROM_DISK", "Pulled", "adopt_checkpoint", "pull_model"]

FROM_DISK = "from disk"  # with a digest of the files, in the place of a commit


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulled:
    """Where a checkpoint lies, of which commit it is (`FROM_DISK` and a digest: nobody knows), and whether it was there already."""

    folder: Path
    commit: str
    already: bool


def pull_model(
    identifier: str,
    model: ModelEntry,
    *,
    cache_dir: Path,
    revision: str | None = None,
    update: bool = False,
    endpoint: str | None = None,
    progress: Progress = unseen,
    patience: Patience | None = None,
) -> Pulled:
    """Bring a model of a hub to this machine, unless it is here whole; what is cut short is gone on with the next time.

    Args:
        identifier: the model's name in the catalogue.
        model: its entry there.
        cache_dir: folder of the cache.
        revision: another revision than an unpinned entry's.
        update: take what the hub has now, though it is another thing than what was pulled first.
        endpoint: address of the hub; None: that of the environment.
        progress: is told bytes, file by file.
        patience: how long a hub that breaks off is asked again.

    Raises:
        HubNotFound, HubRefused, HubUnreachable: the hub has not what is asked, does not give it, or does not answer.
        ModelChanged: the hub has another thing than what was pulled first.
        ModelDamaged: a file is not the one that the hub or the catalogue states.
        ModelMissing: the repository lacks weights in safetensors, or a file of the catalogue.
        DiskFull: there is too little room.
        ModelError: the model comes from no hub, or its pinned revision cannot be another.
    """
    source = _hub_source(identifier, model)
    if source.pinned and revision not in (None, source.revision):
        raise ModelError(f"{identifier} is pinned to {source.revision}; for another revision, give it an entry in a catalogue of your own")
    with open_intake(identifier, model, source, cache_dir) as intake:
        known = intake.known
        whole = known is not None and _is_whole(identifier, model, cache_dir)
        if known is not None and whole and source.pinned:
            return Pulled(folder=intake.folder, commit=known.sources[source.repo], already=True)
        try:
            snapshot = look_up(source.repo, revision or source.revision, endpoint=endpoint)
        except HubUnreachable:
            if known is None or not whole or update:
                raise
            return Pulled(folder=intake.folder, commit=known.sources[source.repo], already=True)
        if source.pinned and snapshot.commit != source.revision:
            raise ModelDamaged(f"the hub answers with the commit {snapshot.commit} of {source.repo} instead of {source.revision}")
        if known is not None:
            first = known.sources[source.repo]
            if first != snapshot.commit and not first.startswith(FROM_DISK) and not update:
                told = f"{identifier}: {source.repo} is now at {snapshot.commit}, and what was pulled first was {first}"
                raise ModelChanged(f"{told}; if the change is all right, run: svodka models pull {identifier} --update")
            if whole and first == snapshot.commit:
                return Pulled(folder=intake.folder, commit=first, already=True)
        wanted = _wanted(snapshot, model.files)
        for file in wanted:
            intake.reuse(file)
        intake.check_room(sum(file.size for file in wanted) - intake.taken)
        for file in wanted:
            fetch_file(snapshot, file, intake.part(file), report=_reporter(progress, file), patience=patience)
        for file in wanted:
            intake.part(file).rename(intake.ready / file.path)
        intake.install(model, commit=snapshot.commit, update=update)
    return Pulled(folder=intake.folder, commit=snapshot.commit, already=False)


def adopt_checkpoint(identifier: str, model: ModelEntry, checkpoint: Path, *, cache_dir: Path, update: bool = False) -> Pulled:
    """Take a checkpoint that lies on the disk already, as `pull_model` would bring it: its files are copied, and checked where pinned.

    Raises:
        ModelChanged: it is another thing than what was pulled first.
        ModelDamaged: a file is not the one that the catalogue states.
        ModelMissing: it is no folder, or lacks weights in safetensors, or a file of the catalogue.
        DiskFull: there is too little room.
        ModelError: the model comes from no hub.
    """
    source = _hub_source(identifier, model)
    if not checkpoint.is_dir():
        raise ModelMissing(f"there is no folder {checkpoint}")
    paths = {path.name: path for path in sorted(checkpoint.glob("*")) if path.is_file() and is_safe(path.name)}
    check_complete(str(checkpoint), paths, model.files)
    with open_intake(identifier, model, source, cache_dir) as intake:
        intake.check_room(sum(path.stat().st_size for path in paths.values()))
        digest = hashlib.sha256()
        for name, path in paths.items():
            copy = shutil.copyfile(path, intake.ready / name)
            digest.update(f"{name} {sha256_of(copy)}\n".encode())
        commit = f"{FROM_DISK} {digest.hexdigest()[:12]}"
        intake.install(model, commit=commit, update=update)
    return Pulled(folder=intake.folder, commit=commit, already=False)


def _hub_source(identifier: str, model: ModelEntry) -> HubSource:
    if not isinstance(model.source, HubSource):
        raise ModelError(f"{identifier} comes from no hub ({model.source.told}): there is nothing to pull")
    return model.source


def _is_whole(identifier: str, model: ModelEntry, cache_dir: Path) -> bool:
    try:
        check_pulled(identifier, model, cache_dir)
    except ModelError:
        return False
    return True


def _wanted(snapshot: HubSnapshot, stated: Iterable[FileEntry]) -> list[HubFile]:
    wanted = {file.path: file for file in snapshot.files if is_safe(file.path)}
    check_complete(f"{snapshot.repo} at {snapshot.commit}", wanted, stated)
    for file in wanted.values():
        if not file.digest:
            raise ModelDamaged(f"the hub states no hash of {file.path} in {snapshot.repo}; it cannot be checked")
    for entry in stated:
        sha256 = wanted[entry.path].sha256
        if sha256 not in (None, entry.sha256):
            raise ModelDamaged(f"{snapshot.repo} has a {entry.path} of SHA-256 {sha256} instead of the catalogue's {entry.sha256}")
    return list(wanted.values())


def _reporter(progress: Progress, file: HubFile) -> Callable[[int], None]:
    def report(have: int) -> None:
        progress(file.path, have, file.size)

    return report
