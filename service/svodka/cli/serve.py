"""`svodka serve`: the gRPC server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from svodka.cli.console import ConfigOption

__all__ = ["serve"]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default 50051, 0: a free one.")] = None,
    profile: Annotated[str | None, typer.Option(help="Profile to serve.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of inference; 0: one a core.")] = None,
    tls_certificate: Annotated[Path | None, typer.Option(help="Certificate chain of the server, PEM; default: no TLS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key of the certificate, PEM.")] = None,
    tls_client_ca: Annotated[Path | None, typer.Option(help="Authorities of clients' certificates, PEM; clients must show one.")] = None,
    clients_file: Annotated[Path | None, typer.Option(help="Clients and hashes of their tokens, TOML; default: anyone may call.")] = None,
    log_format: Annotated[str | None, typer.Option(help="json or text.")] = None,
    config: ConfigOption = None,
) -> None:
    """Serve SummaryService over gRPC until SIGTERM or SIGINT.

    Every setting can also be given in the environment (SVODKA_PORT, …) and in the settings file.
    """
    from svodka import logs, server
    from svodka.settings import load_settings

    overrides = {
        "host": host,
        "port": port,
        "profile": profile,
        "threads": threads,
        "tls_certificate": tls_certificate,
        "tls_key": tls_key,
        "tls_client_ca": tls_client_ca,
        "clients_file": clients_file,
        "log_format": log_format,
    }
    settings = load_settings(overrides, config)
    logs.configure(settings)
    asyncio.run(server.run(settings))
