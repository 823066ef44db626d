"""The one table from errors to gRPC codes, with the rich details of google.rpc (AIP-193)."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2

from svodka.errors import (
    Cancelled,
    DeadlineExceeded,
    InvalidRequest,
    ModelError,
    ModelLost,
    NotReady,
    NotVerified,
    Overloaded,
    QuotaExceeded,
    SettingsError,
    SvodkaError,
    Unauthenticated,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.message import Message

__all__ = ["REQUEST_ID_KEY", "code_of", "request_id", "status_of", "trailers_of"]

# Metadata of a call and of its answer: an id that is also in the log lines.
REQUEST_ID_KEY = "x-request-id"
_MAX_ID_CHARACTERS = 200

# The trailing metadata key that grpcio-status reads.
_DETAILS_KEY = "grpc-status-details-bin"
# What gRPC itself heeds when it makes calls again: milliseconds, or less than none for "do not" (gRFC A6). It does not look at RetryInfo.
_PUSHBACK_KEY = "grpc-retry-pushback-ms"
_DOMAIN = "svodka"

# The first line whose class fits is taken.
_CODES: tuple[tuple[type[SvodkaError], grpc.StatusCode], ...] = (
    (InvalidRequest, grpc.StatusCode.INVALID_ARGUMENT),
    (Overloaded, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (Unauthenticated, grpc.StatusCode.UNAUTHENTICATED),
    (QuotaExceeded, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (NotVerified, grpc.StatusCode.FAILED_PRECONDITION),
    (NotReady, grpc.StatusCode.UNAVAILABLE),
    (Cancelled, grpc.StatusCode.CANCELLED),
    (DeadlineExceeded, grpc.StatusCode.DEADLINE_EXCEEDED),
    (ModelLost, grpc.StatusCode.UNAVAILABLE),
    (ModelError, grpc.StatusCode.FAILED_PRECONDITION),
    (SettingsError, grpc.StatusCode.FAILED_PRECONDITION),
    (SvodkaError, grpc.StatusCode.INTERNAL),
)

# What may be otherwise after a time that the error tells.
_PASSING = (Overloaded, NotReady, ModelLost, QuotaExceeded)


def request_id(metadata: Iterable[tuple[str, str | bytes]]) -> str:
    """The id of a call: the client's own, as its metadata has it, or a new one."""
    given = next((value for key, value in metadata if key == REQUEST_ID_KEY and isinstance(value, str)), "")
    return given[:_MAX_ID_CHARACTERS] or uuid.uuid4().hex


def code_of(error: SvodkaError) -> grpc.StatusCode:
    """The gRPC code of an error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def status_of(error: SvodkaError) -> status_pb2.Status:
    """The rich status of an error: an ErrorInfo with its name, and what else of google.rpc's details fits."""
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=_reason(error), domain=_DOMAIN)]
    if isinstance(error, InvalidRequest):
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=violation.field, description=violation.description)
            for violation in error.violations
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if isinstance(error, _PASSING):
        delay = Duration()
        delay.FromNanoseconds(int(error.retry_after * 1e9))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    if isinstance(error, QuotaExceeded):
        violation = error_details_pb2.QuotaFailure.Violation(subject=f"client:{error.client}", description=f"{error.limit} {error.what}")
        details.append(error_details_pb2.QuotaFailure(violations=[violation]))
    if isinstance(error, NotVerified):
        failures = [
            error_details_pb2.PreconditionFailure.Violation(type="FIGURES", subject="summary", description=reason)
            for reason in error.reasons
        ]
        details.append(error_details_pb2.PreconditionFailure(violations=failures))
    return status_pb2.Status(code=code_of(error).value[0], message=str(error), details=[_packed(detail) for detail in details])


def trailers_of(error: SvodkaError, seconds_left: float | None) -> tuple[tuple[str, str | bytes], ...]:
    """What goes after a call that failed, `seconds_left` before its deadline: the rich status, and when gRPC may make the call again.

    A client that would wait past its deadline would be told DEADLINE_EXCEEDED then, instead of this error now.
    """
    details = (_DETAILS_KEY, status_of(error).SerializeToString())
    if not isinstance(error, _PASSING):
        return (details,)
    in_time = seconds_left is None or error.retry_after < seconds_left
    # After 0 ms, gRPC's C core (1.85) makes the call again only when its deadline has passed.
    return (details, (_PUSHBACK_KEY, str(max(1, math.ceil(1000 * error.retry_after))) if in_time else "-1"))


def _packed(message: Message) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed


def _reason(error: SvodkaError) -> str:
    name = type(error).__name__
    return "".join(f"_{letter}" if letter.isupper() and at else letter for at, letter in enumerate(name)).upper()
