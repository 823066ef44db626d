"""The way to a server: plaintext or TLS, with or without a client's certificate and token, for threads and for asyncio."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc

from svodka.errors import SettingsError
from svodka.security import pem
from svodka.security.exposure import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Connection", "Way", "find_way"]

# An article of the largest size comes back with its sentences and ledger.
_MAX_RESPONSE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A server's address (HOST:PORT, an IPv6 address in brackets), and the files needed to talk to it; with `tls_ca`, TLS is spoken."""

    target: str
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    token_file: Path | None = None
    pinned: bool = False  # `tls_ca` is the server's own certificate: it is meant, whatever name it is for


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A connection whose files are read and found to be right. What it opens is not connected yet, and is to be closed by the caller."""

    target: str
    # Goes before each call: gRPC's own call credentials cannot be used in plaintext, which a server on loopback may speak.
    metadata: tuple[tuple[str, str], ...]
    credentials: grpc.ChannelCredentials | None
    options: tuple[tuple[str, Any], ...]

    def open(self, options: Sequence[tuple[str, Any]] = ()) -> grpc.Channel:
        """A channel, with these gRPC options beside its own."""
        every = (*self.options, *options)
        if self.credentials is None:
            return grpc.insecure_channel(self.target, every)
        return grpc.secure_channel(self.target, self.credentials, every)

    def open_async(self, options: Sequence[tuple[str, Any]] = ()) -> grpc.aio.Channel:
        """The same for asyncio."""
        every = (*self.options, *options)
        if self.credentials is None:
            return grpc.aio.insecure_channel(self.target, every)
        return grpc.aio.secure_channel(self.target, self.credentials, every)


def find_way(connection: Connection) -> Way:
    """Read the files of a connection.

    Raises:
        SettingsError: a file is missing or wrong, files do not go together, or the token would leave this machine in plaintext.
    """
    local = is_loopback(_host(connection.target))
    if connection.tls_ca is None and (connection.tls_cert is not None or connection.tls_key is not None):
        raise SettingsError("--tls-cert and --tls-key need --tls-ca, the authorities of the server's certificate")
    if connection.tls_ca is None and connection.token_file is not None and not local:
        raise SettingsError(f"the token would go to {connection.target} in plaintext, for anybody on the way to read; give --tls-ca")
    options: list[tuple[str, Any]] = [("grpc.max_receive_message_length", _MAX_RESPONSE_BYTES)]
    if local:  # a proxy of the environment must not get to see what is meant for this machine
        options.append(("grpc.enable_http_proxy", 0))
    credentials = None
    if connection.tls_ca is not None:
        credentials, name = _credentials(connection, connection.tls_ca)
        if connection.pinned and name is not None:
            options.append(("grpc.ssl_target_name_override", name))
    metadata = () if connection.token_file is None else (("authorization", f"Bearer {_token(connection.token_file)}"),)
    return Way(target=connection.target, metadata=metadata, credentials=credentials, options=tuple(options))


def _host(target: str) -> str:
    host = target.rpartition(":")[0]
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1]
    return "" if ":" in host else host  # an address without brackets is read in another way by gRPC


def _credentials(connection: Connection, authorities: Path) -> tuple[grpc.ChannelCredentials, str | None]:
    """Whom to trust and what to show, and the name that the first certificate of `authorities` is for."""
    with _about(authorities):
        roots = authorities.read_bytes()
        name = pem.name_of(pem.certificates(roots)[0])
    chain = key = None
    if connection.tls_cert is not None and connection.tls_key is not None:
        with _about(connection.tls_cert):
            chain = connection.tls_cert.read_bytes()
            own = pem.certificates(chain)[0]
        with _about(connection.tls_key):
            key = connection.tls_key.read_bytes()
            pem.check_key(key, own)
    elif connection.tls_cert is not None or connection.tls_key is not None:
        raise SettingsError("--tls-cert and --tls-key need each other")
    return grpc.ssl_channel_credentials(roots, key, chain), name


def _token(path: Path) -> str:
    with _about(path):
        token = path.read_bytes().decode("latin-1").strip()
        if not token.isascii() or not token.isprintable() or len(token.split()) != 1:
            raise ValueError("holds no token: one line of ASCII without spaces, and nothing else")
    return token


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error
