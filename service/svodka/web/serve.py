"""The page on a port, until SIGTERM or SIGINT."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from svodka.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

__all__ = ["serve"]

# Answers that are on their way when the page is stopped get so many seconds.
_DRAIN_SECONDS = 5


def serve(app: Starlette, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Listen, `tell` the address, and serve; port 0 takes a free one.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    with listener:
        shown = f"[{host}]" if ":" in host else host
        tell(f"http://{shown}:{listener.getsockname()[1]}/")
        # Its own log would name every address that is asked for; errors go through Python's logging as everywhere.
        config = uvicorn.Config(
            app, access_log=False, log_level="warning", server_header=False, lifespan="on", timeout_graceful_shutdown=_DRAIN_SECONDS
        )
        uvicorn.Server(config).run(sockets=[listener])
