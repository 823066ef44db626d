"""Whether others than this machine can reach the server, and whether it is guarded then."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from svodka.settings import Settings

__all__ = ["is_loopback", "warn_if_open"]


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this machine and never leaves it; of other names than "localhost" that is not known."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def warn_if_open(settings: Settings) -> None:
    """Log a warning when the server can be reached from elsewhere without TLS or without tokens."""
    lacking = [name for name in ("tls_certificate", "clients_file") if getattr(settings, name) is None]
    if lacking and not is_loopback(settings.host):
        structlog.get_logger("svodka.security").warning(
            "the server can be reached from other machines, and is not guarded by all that it could be", host=settings.host, not_set=lacking
        )
