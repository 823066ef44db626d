"""The way to a server: plaintext or TLS, with or without a client's certificate and token."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc

from svodka.errors import SettingsError
from svodka.security import pem
from svodka.security.exposure import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Connection", "call_metadata", "open_aio_channel", "open_channel"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A server's address (HOST:PORT, an IPv6 address in brackets), and the files needed to talk to it; with `tls_ca`, TLS is spoken."""

    target: str
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    token_file: Path | None = None
    pinned: bool = False  # `tls_ca` is the server's own certificate: it is meant, whatever name it is for


def open_channel(connection: Connection, max_response_bytes: int | None = None) -> grpc.Channel:
    """A channel, not yet connected; a token goes with each call, be it of one request and answer or of streams of them.

    Raises:
        SettingsError: a file is missing or wrong, files do not go together, or the token would leave this machine in plaintext.
    """
    credentials, options = _way(connection, max_response_bytes)
    metadata = call_metadata(connection)
    if credentials is None:
        channel = grpc.insecure_channel(connection.target, options)
    else:
        channel = grpc.secure_channel(connection.target, credentials, options)
    return grpc.intercept_channel(channel, _Bearer(metadata[0])) if metadata else channel


def open_aio_channel(connection: Connection, max_response_bytes: int | None = None) -> grpc.aio.Channel:
    """The same for an event loop; what `call_metadata` gives must go with each call.

    Raises:
        SettingsError: as `open_channel`.
    """
    credentials, options = _way(connection, max_response_bytes)
    if credentials is None:
        return grpc.aio.insecure_channel(connection.target, options)
    return grpc.aio.secure_channel(connection.target, credentials, options)


def call_metadata(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The header with the token; nothing where there is none.

    Raises:
        SettingsError: the token's file is missing or wrong.
    """
    return () if connection.token_file is None else (("authorization", f"Bearer {_token(connection.token_file)}"),)


def _way(connection: Connection, max_response_bytes: int | None) -> tuple[grpc.ChannelCredentials | None, list[tuple[str, Any]]]:
    """Credentials, None for plaintext, and options of a channel."""
    local = is_loopback(_host(connection.target))
    if connection.tls_ca is None and (connection.tls_cert is not None or connection.tls_key is not None):
        raise SettingsError("--tls-cert and --tls-key need --tls-ca, the authorities of the server's certificate")
    if connection.tls_ca is None and connection.token_file is not None and not local:
        raise SettingsError(f"the token would go to {connection.target} in plaintext, for anybody on the way to read; give --tls-ca")
    options: list[tuple[str, Any]] = []
    if local:  # a proxy of the environment must not get to see what is meant for this machine
        options.append(("grpc.enable_http_proxy", 0))
    if max_response_bytes is not None:
        options.append(("grpc.max_receive_message_length", max_response_bytes))
    if connection.tls_ca is None:
        return None, options
    return _tls(connection, connection.tls_ca, options)


def _host(target: str) -> str:
    host = target.rpartition(":")[0]
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1]
    return "" if ":" in host else host  # an address without brackets is read in another way by gRPC


def _tls(
    connection: Connection, authorities: Path, options: list[tuple[str, Any]]
) -> tuple[grpc.ChannelCredentials, list[tuple[str, Any]]]:
    with _about(authorities):
        roots = authorities.read_bytes()
        name = pem.name_of(pem.certificates(roots)[0])
    if connection.pinned and name is not None:
        options = [*options, ("grpc.ssl_target_name_override", name)]
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
    return grpc.ssl_channel_credentials(roots, key, chain), options


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


class _Call(NamedTuple):
    """What gRPC asks of the details that an interceptor hands on."""

    method: str
    timeout: float | None
    metadata: tuple[tuple[str, str | bytes], ...]
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


class _Bearer(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    """Puts the token before every call. gRPC's own call credentials cannot be used in plaintext, which a server on loopback may speak."""

    def __init__(self, header: tuple[str, str]) -> None:
        self._header = header

    def intercept_unary_unary(self, continuation: Callable[..., Any], client_call_details: grpc.ClientCallDetails, request: Any) -> Any:
        """Go on with the header added."""
        return continuation(self._with_header(client_call_details), request)

    def intercept_stream_stream(
        self, continuation: Callable[..., Any], client_call_details: grpc.ClientCallDetails, request_iterator: Any
    ) -> Any:
        """Go on with the header added."""
        return continuation(self._with_header(client_call_details), request_iterator)

    def _with_header(self, details: grpc.ClientCallDetails) -> _Call:
        return _Call(
            method=details.method,
            timeout=details.timeout,
            metadata=(*(details.metadata or ()), self._header),
            credentials=details.credentials,
            wait_for_ready=details.wait_for_ready,
            compression=details.compression,
        )
