"""`svodka serve`: the gRPC server."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from svodka.cli.console import ConfigOption

__all__ = ["serve"]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default 50051, 0: a free one.")] = None,
    profile: Annotated[str | None, typer.Option(help="Profile to serve.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of inference; 0: one a core.")] = None,
    log_format: Annotated[str | None, typer.Option(help="json or text.")] = None,
    config: ConfigOption = None,
) -> None:
    """Serve SummaryService over gRPC until SIGTERM or SIGINT.

    Every setting can also be given in the environment (SVODKA_PORT, …) and in the settings file.
    """
    from svodka import logs, server
    from svodka.settings import load_settings

    overrides = {"host": host, "port": port, "profile": profile, "threads": threads, "log_format": log_format}
    settings = load_settings(overrides, config)
    logs.configure(settings)
    asyncio.run(server.run(settings))
