"""The clients of the server and their tokens, from a TOML file that holds only hashes of them."""

from __future__ import annotations

import hashlib
import hmac
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from svodka.errors import InvalidRequest, Unauthenticated
from svodka.security.files import Watched, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from svodka.errors import SettingsError

__all__ = ["Client", "Clients", "entry_of"]

_SETTING = "clients_file"
_HEADER = "authorization"
_EXPECTED = f"send the header '{_HEADER}: Bearer TOKEN' with a token that this server knows"
# What TOML takes for a key without quotes.
_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """Who may call, and how much; a limit of None is none."""

    name: str
    digest: bytes  # SHA-256 of the token
    max_concurrent_requests: int | None = None
    requests_per_minute: int | None = None


class _Entry(BaseModel):
    """A client as the file has it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    token_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    max_concurrent_requests: Annotated[int, Field(ge=1)] | None = None
    requests_per_minute: Annotated[int, Field(ge=1)] | None = None


class Clients:
    """The clients of a file; a changed file counts from the next call on."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            SettingsError: it is missing, does not parse, or a client in it is wrong; the text names the client and the key.
        """
        self._path = path
        self._clients = Watched({_SETTING: path}, self._parse)

    def identify(self, metadata: Iterable[tuple[str, str | bytes]]) -> Client:
        """The client whose token the metadata of a call carry.

        Raises:
            Unauthenticated: there is no such header, more than one, one of another form, or no client has that token.
        """
        headers = [value for key, value in metadata if key == _HEADER]
        if len(headers) != 1:
            raise Unauthenticated(f"{'more than one' if headers else 'no'} '{_HEADER}' header; {_EXPECTED}")
        header = headers[0].decode("latin-1") if isinstance(headers[0], bytes) else headers[0]
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or token != token.strip():
            raise Unauthenticated(f"the '{_HEADER}' header has another form; {_EXPECTED}")
        digest = _digest_of(token)
        # Every client is compared, so that the time taken tells nothing of where the right one stands.
        found = [client for client in self._clients.latest() if hmac.compare_digest(client.digest, digest)]
        if not found:
            raise Unauthenticated(f"unknown token; {_EXPECTED}")
        return found[0]

    def _parse(self, content: Mapping[str, bytes]) -> tuple[Client, ...]:
        try:
            entries = TypeAdapter(dict[str, _Entry]).validate_python(tomllib.loads(content[_SETTING].decode()))
        except ValidationError as error:
            # Never the value itself: somebody may have put the token where its hash belongs.
            problems = [f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()]
            raise self._wrong("; ".join(problems)) from None
        except ValueError as error:
            raise self._wrong(f"is no TOML in UTF-8: {error}") from error
        if not entries:
            raise self._wrong("names no client")
        by_hash = {entry.token_sha256: name for name, entry in entries.items()}
        for name, entry in entries.items():
            if (other := by_hash[entry.token_sha256]) != name:
                raise self._wrong(f"{name}.token_sha256: is that of {other}, too")
        return tuple(
            Client(
                name=name,
                digest=bytes.fromhex(entry.token_sha256),
                max_concurrent_requests=entry.max_concurrent_requests,
                requests_per_minute=entry.requests_per_minute,
            )
            for name, entry in entries.items()
        )

    def _wrong(self, problem: str) -> SettingsError:
        return wrong(_SETTING, self._path, problem)


def entry_of(name: str, token: str) -> str:
    """The lines of the file for a client with a token.

    Raises:
        InvalidRequest: the name is not of letters, digits, "-" and "_".
    """
    if not _NAME.fullmatch(name):
        raise InvalidRequest.field("name", f"{name!r} is not of the letters A to Z, digits, '-' and '_'")
    return f'[{name}]\ntoken_sha256 = "{_digest_of(token).hex()}"'


def _digest_of(token: str) -> bytes:
    # Tokens are long and random: there is nothing to guess that a slow hash would make slower.
    return hashlib.sha256(token.encode()).digest()
