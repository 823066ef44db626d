"""`svodka health`: whether a server is ready, for container health checks and scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from svodka.cli.console import ConfigOption, complain

__all__ = ["health"]

_NOT_READY = 1


def health(
    target: Annotated[
        str | None, typer.Option("--target", metavar="HOST:PORT", help="The server to ask; default: this machine's, by the settings.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for an answer.")] = 5.0,
    config: ConfigOption = None,
) -> None:
    """Ask the standard health service; exit status 0 when SERVING, 1 otherwise."""
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    from svodka.settings import load_settings

    if target is None:
        target = f"127.0.0.1:{load_settings(config_file=config).port}"
    with grpc.insecure_channel(target) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=timeout)  # type: ignore[attr-defined]
        except grpc.RpcError as error:
            complain(f"{target}: {error.code().name}: {error.details()}")
            raise typer.Exit(_NOT_READY) from error
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    typer.echo(status)
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise typer.Exit(_NOT_READY)
