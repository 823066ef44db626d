"""A hub on this machine: as much of its HTTP interface as pulling uses, and faults on demand."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE = (".safetensors", ".model", ".spm", ".bin")  # what goes into large-file storage
TOKEN = "hf_token_of_somebody_who_accepted_the_terms"


@dataclass(kw_only=True)
class Repository:
    """A repository, with its files by commit, and the names that lead to a commit."""

    commits: dict[str, dict[str, bytes]]
    names: dict[str, str]
    gated: bool = False

    def commit(self, folder: Path, *, leave_out: tuple[str, ...] = (), **names: str) -> str:
        """Put the files of a folder into a new commit, that "main" leads to from now on."""
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in leave_out}
        number = hashlib.sha1(repr(sorted(files.items())).encode(), usedforsecurity=False).hexdigest()
        self.commits[number] = files
        self.names |= {"main": number} | names
        return number


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked."""

    method: str
    path: str
    range: str | None
    token: str | None


@dataclass(kw_only=True)
class Hub:
    """The state of the server: tests change it while it runs."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)  # so many bytes of a large file are sent, one entry a request, before the line is cut
    altered: set[str] = field(default_factory=set)  # files that come with a byte changed
    short: set[str] = field(default_factory=set)  # files of which ten bytes come, as if they were all
    lost: set[str] = field(default_factory=set)  # files that are listed and not there
    status: int | None = None  # what everything is answered with

    def add(self, repo: str, folder: Path, *, gated: bool = False, leave_out: tuple[str, ...] = ()) -> Repository:
        """Make a repository of a folder's files."""
        repository = self.repositories[repo] = Repository(commits={}, names={}, gated=gated)
        repository.commit(folder, leave_out=leave_out)
        return repository

    def asked(self, ending: str) -> list[Request]:
        """The requests of files whose path ends so; a large one's is that of its content."""
        return [request for request in self.requests if request.method == "GET" and request.path.endswith(ending)]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub on a free port of loopback."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or None
        self.hub.requests.append(Request(method=self.command, path=path, range=self.headers.get("Range"), token=token))
        if self.hub.status is not None:
            return self._refuse(self.hub.status, None)
        if path.startswith("/content/"):
            return self._content(path)
        words = path.strip("/").split("/")
        if path.startswith("/api/models/"):
            return self._info("/".join(words[2:4]), "/".join(words[5:]))
        return self._resolve("/".join(words[:2]), words[3], words[4], token)

    def _info(self, repo: str, revision: str) -> None:
        repository = self.hub.repositories.get(repo)
        if repository is None:
            return self._refuse(HTTPStatus.NOT_FOUND, "RepoNotFound")
        number = repository.names.get(revision, revision)
        if number not in repository.commits:
            return self._refuse(HTTPStatus.NOT_FOUND, "RevisionNotFound")
        files = repository.commits[number]
        answer = {"id": repo, "sha": number, "siblings": [_sibling(name, content) for name, content in files.items()]}
        return self._send(json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _resolve(self, repo: str, number: str, name: str, token: str | None) -> None:
        repository = self.hub.repositories[repo]
        if repository.gated and token != TOKEN:
            return self._refuse(HTTPStatus.UNAUTHORIZED if token is None else HTTPStatus.FORBIDDEN, "GatedRepo")
        if name in self.hub.lost:
            return self._refuse(HTTPStatus.NOT_FOUND, "EntryNotFound")
        content = repository.commits[number][name]
        headers = {"X-Repo-Commit": number}
        if not name.endswith(LARGE):
            return self._send(self._maybe_altered(name, content), headers | {"ETag": f'"{_git_hash(content)}"'})
        sha256 = hashlib.sha256(content).hexdigest()
        headers |= {"X-Linked-Etag": f'"{sha256}"', "X-Linked-Size": str(len(content))}
        self._head(HTTPStatus.FOUND, headers | {"Location": f"{self.hub.url}/content/{repo}/{number}/{name}", "Content-Length": "0"})
        return None

    def _content(self, path: str) -> None:
        _, _, owner, repo, number, name = path.split("/")
        content = self._maybe_altered(name, self.hub.repositories[f"{owner}/{repo}"].commits[number][name])
        begin = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")[0])
        headers = {"Content-Length": str(len(content) - begin), "Accept-Ranges": "bytes"}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        self._head(HTTPStatus.PARTIAL_CONTENT if begin else HTTPStatus.OK, headers)
        if self.hub.cuts:
            self.wfile.write(content[begin : begin + self.hub.cuts.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(content[begin:])

    def _maybe_altered(self, name: str, content: bytes) -> bytes:
        if name in self.hub.short:
            return content[:10]
        return bytes([content[0] ^ 1]) + content[1:] if name in self.hub.altered else content

    def _refuse(self, status: int, code: str | None) -> None:
        self._head(status, ({"X-Error-Code": code} if code else {}) | {"Content-Length": "0"})

    def _send(self, body: bytes, headers: dict[str, str]) -> None:
        self._head(HTTPStatus.OK, headers | {"Content-Length": str(len(body))})
        if self.command == "GET":
            self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _sibling(name: str, content: bytes) -> dict[str, object]:
    sibling: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": _git_hash(content)}
    if name.endswith(LARGE):
        sibling["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
    return sibling


def _git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
