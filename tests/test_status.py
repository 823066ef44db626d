"""What goes after a call that failed."""

from __future__ import annotations

import pytest

from svodka.errors import InvalidRequest, ModelLost, NotReady, Overloaded, QuotaExceeded, SvodkaError
from svodka.status import trailers_of


@pytest.mark.parametrize(
    ("error", "seconds_left", "pushback"),
    [
        (Overloaded("full", 2.5), None, "2500"),
        (Overloaded("full", 2.5), 2.6, "2500"),
        (Overloaded("full", 2.5), 2.5, "-1"),
        (Overloaded("full", 0.0), 1.0, "1"),
        (NotReady(), 60.0, "3000"),
        (ModelLost("translator"), 1.0, "-1"),
        (QuotaExceeded("newsroom", "requests a minute", 120, 0.0301), 60.0, "31"),
        (InvalidRequest.field("text", "is empty"), 60.0, None),
        (SvodkaError("ours"), None, None),
    ],
)
def test_when_grpc_may_make_the_call_again(error: SvodkaError, seconds_left: float | None, pushback: str | None) -> None:
    assert dict(trailers_of(error, seconds_left)).get("grpc-retry-pushback-ms") == pushback
