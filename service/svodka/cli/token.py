"""`svodka token`: a new token for a client of the server."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from svodka.errors import InvalidRequest

__all__ = ["token"]

# 256 bits, as many as SHA-256 tells apart.
_TOKEN_BYTES = 32
_OWNER_ONLY = 0o600


def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The client, as logs and quotas will call it.")] = "client",
    token_file: Annotated[
        Path | None, typer.Option(help="Write the token to this new file, readable by its owner only, and not to standard output.")
    ] = None,
) -> None:
    """Print a new random token, and the lines for the clients file, which hold only its hash."""
    from svodka.security.clients import entry_of

    made = secrets.token_urlsafe(_TOKEN_BYTES)
    if token_file is None:
        typer.echo(f"{made}\n")
    else:
        _write(token_file, made)
    typer.echo(entry_of(name, made))


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise InvalidRequest.field(str(path), error.strerror or str(error)) from error
