"""`svodka ray`: the service, and batches, on a Ray cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from svodka.cli.console import ConfigOption

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="On a Ray cluster: the one that RAY_ADDRESS names, or one on this machine. Needs svodka[ray].")


@app.command("serve")
def serve(
    replicas: Annotated[int | None, typer.Option(min=1, help="So many replicas, always; instead of the next two.")] = None,
    min_replicas: Annotated[int, typer.Option(min=1, help="Replicas that are always there.")] = 1,
    max_replicas: Annotated[int | None, typer.Option(min=1, help="Replicas at the most; default: as many as at the least.")] = None,
    target_calls: Annotated[float | None, typer.Option(help="Calls a replica above which there are to be more; default 8.")] = None,
    port: Annotated[int | None, typer.Option(min=1, help="Port to listen on, at all addresses; default 50051.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of inference of a replica, and cores that it asks for; default 1.")] = None,
    log_format: Annotated[str | None, typer.Option(help="json or text.")] = None,
    config: ConfigOption = None,
) -> None:
    """Serve SummaryService behind Ray Serve until SIGTERM or SIGINT."""
    from svodka import logs
    from svodka.scaleout.application import scale
    from svodka.scaleout.cluster import serve_until_stopped
    from svodka.settings import load_settings

    settings = load_settings({"port": port, "threads": threads, "log_format": log_format}, config)
    logs.configure(settings)
    least = replicas or min_replicas
    size = {"min_replicas": least, "max_replicas": replicas or max_replicas or least}
    serve_until_stopped(settings, scale(size if target_calls is None else {**size, "target_calls": target_calls}))
