"""What a Hugging Face hub has of a repository, and how a file of it comes here: whole, checked, and gone on with where it broke off.

The hub's address, token and offline mode are those of `huggingface_hub`: HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE. Its own download begins a
file anew in each process, which is no way to get gigabytes; so only its client, its headers and its errors are used here.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx2
from huggingface_hub import HfApi, errors
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from svodka.errors import HubNotFound, HubRefused, HubUnreachable, ModelDamaged
from svodka.inference.hashing import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huggingface_hub.hf_api import RepoSibling

__all__ = ["HubFile", "HubSnapshot", "Patience", "fetch_file", "look_up"]

_TIMEOUT_SECONDS = 30.0  # of silence
_TRY_AGAIN = 429  # the HTTP status of a hub that has too much to do


@dataclass(frozen=True, kw_only=True, slots=True)
class HubFile:
    """A file of a repository, and what the hub states of it: a SHA-256 where it is kept in large-file storage, else git's hash of it."""

    path: str
    size: int
    sha256: str | None
    git_hash: str | None

    @property
    def digest(self) -> str:
        """The hash that the hub states: the same content, the same name."""
        return self.sha256 or self.git_hash or ""

    def check(self, path: Path) -> None:
        """Refuse a file that is not the one of which the hub states size and hash.

        Raises:
            ModelDamaged: it is another.
        """
        size = path.stat().st_size
        found = sha256_of(path) if self.sha256 is not None else _git_hash_of(path)
        if size != self.size or found != self.digest:
            raise ModelDamaged(f"{self.path} came with {size} bytes and the hash {found}; the hub states {self.size} and {self.digest}")


@dataclass(frozen=True, kw_only=True, slots=True)
class HubSnapshot:
    """A repository at a commit, at the hub of that address."""

    repo: str
    commit: str
    files: tuple[HubFile, ...]
    hub: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How often in a row a file is asked for without a byte more of it, and how long to wait before each time."""

    attempts: int = 5
    pause_seconds: float = 1.0


def look_up(repo: str, revision: str, *, endpoint: str | None = None) -> HubSnapshot:
    """Ask a hub, by default that of the environment, which commit a revision is, and which files it has.

    Raises:
        HubNotFound: there is no such repository or revision.
        HubRefused: it is not for everybody.
        HubUnreachable: the hub does not answer, or offline mode is on.
    """
    api = HfApi(endpoint=endpoint)
    try:
        with _told_plainly(repo, api.endpoint):
            info = api.model_info(repo, revision=revision, files_metadata=True, timeout=_TIMEOUT_SECONDS)
        if info.sha is None:
            raise ValueError(f"no commit for {revision}")
        return HubSnapshot(repo=repo, commit=info.sha, files=tuple(map(_file, info.siblings or ())), hub=api.endpoint)
    except (KeyError, TypeError, ValueError) as error:
        raise HubUnreachable(f"{api.endpoint} does not answer as a hub ({error}); check HF_ENDPOINT") from error


def fetch_file(
    snapshot: HubSnapshot, file: HubFile, target: Path, *, report: Callable[[int], None], patience: Patience | None = None
) -> None:
    """Bring a file to `target`, going on from what is there of it; `report` is told the bytes that are there.

    Raises:
        HubNotFound: the hub has not the file that it listed.
        HubRefused: it is not for everybody.
        HubUnreachable: it broke off, again and again; what has come is kept.
        ModelDamaged: what came is not what the hub states; it is thrown away.
    """
    patience = patience or Patience()
    left = patience.attempts
    while (have := _size_of(target)) < file.size or not target.exists():
        try:
            with _told_plainly(snapshot.repo, snapshot.hub):
                _stream(f"{snapshot.hub}/{snapshot.repo}/resolve/{snapshot.commit}/{quote(file.path)}", target, report)
            if _size_of(target) < min(file.size, have + 1):
                raise HubUnreachable(f"{snapshot.hub} sends nothing more")
        except HubUnreachable as error:
            left = patience.attempts if _size_of(target) > have else left - 1
            if left <= 0 or isinstance(error.__cause__, errors.OfflineModeIsEnabled):
                told = f"{file.path} broke off after {_size_of(target)} of {file.size} bytes: {error}; run the same command again to go on"
                raise HubUnreachable(told) from error
            time.sleep(patience.pause_seconds)
    try:
        file.check(target)
    except ModelDamaged:
        target.unlink()
        raise


def _stream(url: str, target: Path, report: Callable[[int], None]) -> None:
    have = _size_of(target)
    # Packed, a file would have other bytes to go on from.
    headers = build_hf_headers(library_name="svodka") | {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT_SECONDS) as response:
        hf_raise_for_status(response)
        if response.status_code != httpx2.codes.PARTIAL_CONTENT:
            have = 0
        with target.open("ab" if have else "wb") as file:
            for block in response.iter_bytes():  # as they come: what is gathered first is lost when the line breaks
                file.write(block)
                have += len(block)
                report(have)


@contextmanager
def _told_plainly(repo: str, hub: str) -> Iterator[None]:
    try:
        yield
    except errors.OfflineModeIsEnabled as error:
        raise HubUnreachable("offline mode is on; unset HF_HUB_OFFLINE, or take a checkpoint from the disk with --from DIR") from error
    except errors.GatedRepoError as error:
        raise HubRefused(f"{repo} is gated: accept its terms at {hub}/{repo}, then set HF_TOKEN to a token of yours") from error
    except errors.RevisionNotFoundError as error:
        raise HubNotFound(f"{repo} has no such revision at {hub}; look there which it has") from error
    except errors.RemoteEntryNotFoundError as error:
        raise HubNotFound(f"{repo} lacks a file that {hub} lists; try again, or take another revision") from error
    except errors.RepositoryNotFoundError as error:
        raise HubNotFound(f"there is no {repo} at {hub}, or it is private; check the name, and set HF_TOKEN if it is yours") from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status == _TRY_AGAIN:
            raise HubUnreachable(f"{hub} answers with status {status}") from error
        if status == httpx2.codes.NOT_FOUND:
            raise HubNotFound(f"{hub} has no such repository, revision or file of {repo}; check them, and HF_ENDPOINT") from error
        raise HubRefused(f"{hub} refuses {repo} with status {status}; check HF_TOKEN and the terms at {hub}/{repo}") from error
    except httpx2.TransportError as error:
        raise HubUnreachable(f"no connection to {hub} ({error or type(error).__name__}): check the network and HF_ENDPOINT") from error


def _file(sibling: RepoSibling) -> HubFile:
    sha256 = sibling.lfs.sha256 if sibling.lfs is not None else None
    return HubFile(path=sibling.rfilename, size=sibling.size or 0, sha256=sha256, git_hash=sibling.blob_id)


def _git_hash_of(path: Path) -> str:
    content = path.read_bytes()  # what is not in large-file storage is small
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
