"""How calls are made: how long they may take, and when gRPC itself makes them again."""

from __future__ import annotations

import json
from collections.abc import Iterable

__all__ = ["OPTIONS", "SERVICE_CONFIG", "TIMEOUT_SECONDS", "WINDOW", "Metadata"]

# Goes before a call: lower-case keys and their values.
Metadata = Iterable[tuple[str, str]]

# As long as a server lets a request take unless told otherwise (SVODKA_MAX_REQUEST_SECONDS).
TIMEOUT_SECONDS = 300.0
# Articles of a stream that are sent and not answered: enough that a server never waits for the next.
WINDOW = 64

# https://github.com/grpc/grpc/blob/master/doc/service_config.md. gRPC makes 5 attempts at the most. Where the server says when to try again
# (grpc-retry-pushback-ms), that holds instead of the backoff; where it says not to, the error is told at once.
SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{"service": "svodka.v1.SummaryService"}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.25s",
                "maxBackoff": "5s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
            },
        }
    ]
}
# A larger request is not sent again. gRPC's default of 256 KiB is less than a long Russian article; a server refuses 4 MiB as too much,
# and to send that again would help nobody.
_RETRY_BUFFER_BYTES = 2 * 1024 * 1024

OPTIONS: tuple[tuple[str, str | int], ...] = (
    ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
    ("grpc.per_rpc_retry_buffer_size", _RETRY_BUFFER_BYTES),
)
