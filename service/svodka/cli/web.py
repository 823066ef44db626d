"""`svodka web`: the web page before a gRPC server."""

from __future__ import annotations

from typing import Annotated

import typer

from svodka.cli.console import TlsCaOption, TlsCertOption, TlsKeyOption, TokenFileOption, complain
from svodka.errors import SettingsError

__all__ = ["web"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def web(
    target: Annotated[str, typer.Option(metavar="HOST:PORT", help="The server to ask.")] = "127.0.0.1:50051",
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    token_file: TokenFileOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on. Whoever reaches it asks with the page's token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: a free one.")] = 8080,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name that browsers know the page by, beside --host; may be repeated.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for an answer.")] = 300.0,
) -> None:
    """Serve the web page, which asks a running server, until SIGTERM or SIGINT. Needs svodka[web]."""
    try:
        from svodka.web.app import build_app
        from svodka.web.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"starlette", "uvicorn"}:
            raise
        raise SettingsError("svodka web needs the extra 'web': pip install 'svodka[web]'") from error
    from svodka.channel import Connection, find_way
    from svodka.web.gateway import Gateway

    connection = Connection(target=target, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, token_file=token_file)
    find_way(connection)  # files that are wrong are told of before anything listens
    app = build_app(lambda: Gateway(connection, timeout=timeout), [*_LOOPBACK, host, *(allow_host or ())])
    serve(app, host, port, lambda address: complain(f"the page is at {address}, and asks {target}"))
