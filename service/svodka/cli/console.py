"""What the commands share: reading input, options that several have, complaining."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svodka.errors import InvalidRequest

if TYPE_CHECKING:
    from svodka.channel import Connection

__all__ = [
    "STRICT_FAILED",
    "WRONG_INPUT",
    "ConfigOption",
    "KeepOption",
    "TargetOption",
    "TermOption",
    "TlsCaOption",
    "TlsCertOption",
    "TlsKeyOption",
    "TokenFileOption",
    "complain",
    "connection",
    "glossary",
    "read_text",
]

STRICT_FAILED, WRONG_INPUT = 1, 2

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file (TOML); also SVODKA_CONFIG.")]
TargetOption = Annotated[str | None, typer.Option("--target", metavar="HOST:PORT", help="Ask this server instead of working in process.")]
TlsCaOption = Annotated[Path | None, typer.Option(help="Authorities of the server's certificate, PEM; with it, TLS is spoken.")]
TlsCertOption = Annotated[Path | None, typer.Option(help="Certificate to show to a server that asks for one, PEM.")]
TlsKeyOption = Annotated[Path | None, typer.Option(help="Key of --tls-cert, PEM.")]
TokenFileOption = Annotated[Path | None, typer.Option(help="File with the token to call with, as `svodka token` makes it.")]
KeepOption = Annotated[list[str] | None, typer.Option(help="A term that must come through translation as it is; may be repeated.")]
TermOption = Annotated[
    list[str] | None, typer.Option("--term", metavar="SOURCE=TARGET", help="A term and how it must be translated; may be repeated.")
]


def connection(
    target: str | None, *, tls_ca: Path | None, tls_cert: Path | None, tls_key: Path | None, token_file: Path | None
) -> Connection | None:
    """How to reach the server of the options; None where they name none.

    Raises:
        typer.BadParameter: there are files for a server, and no server.
    """
    from svodka.channel import Connection  # gRPC, which commands that ask no server can do without

    if target is not None:
        return Connection(target=target, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, token_file=token_file)
    if tls_ca or tls_cert or tls_key or token_file:
        raise typer.BadParameter("TLS and tokens are for a server: say which", param_hint="--target")
    return None


def glossary(options: list[str] | None) -> list[tuple[str, str]]:
    """The terms of `--term` options and their translations.

    Raises:
        typer.BadParameter: an option has no "=", or nothing on a side of it.
    """
    terms = [(source.strip(), target.strip()) for source, _, target in (option.partition("=") for option in options or ())]
    if not all(source and target for source, target in terms):
        raise typer.BadParameter("write SOURCE=TARGET", param_hint="--term")
    return terms


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    typer.echo(f"svodka: {message}", err=True)


def read_text(path: str) -> str:
    """The text of a file, or of standard input for "-".

    Raises:
        InvalidRequest: it cannot be read or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InvalidRequest.field(path, error.strerror or str(error)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest.field(path, f"is not UTF-8: byte {error.object[error.start]:#04x} at {error.start}") from error
