"""`svodka health`: whether a server is ready, for container health checks and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from svodka.cli.console import ConfigOption, TlsCaOption, TlsCertOption, TlsKeyOption, complain

if TYPE_CHECKING:
    from svodka.channel import Connection
    from svodka.settings import Settings

__all__ = ["health"]

_NOT_READY = 1


def health(
    target: Annotated[
        str | None, typer.Option("--target", metavar="HOST:PORT", help="The server to ask; default: this machine's, by the settings.")
    ] = None,
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for an answer.")] = 5.0,
    config: ConfigOption = None,
) -> None:
    """Ask the standard health service; exit status 0 when SERVING, 1 otherwise."""
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    from svodka.channel import Connection, find_way
    from svodka.settings import load_settings

    connection = Connection(target=target or "", tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key)
    if target is None:
        connection = _to_own_server(load_settings(config_file=config), connection)
    with find_way(connection).open() as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=timeout)  # type: ignore[attr-defined]
        except grpc.RpcError as error:
            complain(f"{connection.target}: {error.code().name}: {error.details()}")
            raise typer.Exit(_NOT_READY) from error
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    typer.echo(status)
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise typer.Exit(_NOT_READY)


def _to_own_server(settings: Settings, connection: Connection) -> Connection:
    """Where this machine's server listens by the settings; its certificate is known, whatever name it is for and whoever signed it."""
    from dataclasses import replace

    here = replace(connection, target=f"127.0.0.1:{settings.port}")
    if settings.tls_certificate is None or connection.tls_ca is not None:
        return here
    return replace(here, tls_ca=settings.tls_certificate, pinned=True)
