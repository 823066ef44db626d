"""What a server's errors are to its caller, told from their statuses and google.rpc details.

SvodkaError
└── CallFailed                  a call, or an article of a stream, ended with an error
    ├── RequestRefused          fields are wrong, each is named          (also an InvalidRequest)
    ├── AnswerNotVerified       policy STRICT, each reason is named      (also a NotVerified)
    ├── TryLater                the server has no room, or is not ready, and says when to try again
    │   └── QuotaUsedUp         the client has used up what it may
    ├── NotLetIn                no token that the server knows           (also an Unauthenticated)
    ├── DeadlinePassed          the answer was not there in time         (also a DeadlineExceeded)
    └── NobodyThere             no server can be reached, or it is going down
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from svodka.errors import DeadlineExceeded, FieldViolation, InvalidRequest, NotVerified, SvodkaError, Unauthenticated
from svodka.status import REQUEST_ID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf.any_pb2 import Any

    from svodka.v1 import summary_pb2

__all__ = [
    "AnswerNotVerified",
    "CallFailed",
    "DeadlinePassed",
    "Ending",
    "NobodyThere",
    "NotLetIn",
    "QuotaUsedUp",
    "RequestRefused",
    "TryLater",
    "article_error",
    "call_error",
    "retry_after",
]

Detail = TypeVar("Detail", bound=Message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a call ended: its status, as gRPC tells it, and of which server and call."""

    code: grpc.StatusCode
    message: str
    details: tuple[Any, ...] = ()
    target: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.target, self.code.name, self.message) if part)


class CallFailed(SvodkaError):
    """A call, or an article of a stream, ended with an error.

    `code` is the gRPC status code, `message` the server's text, `reason` the error's name there ("OVERLOADED"), or "" where gRPC itself
    ended the call; `request_id` finds the call in the server's log, or is the article's own.
    """

    def __init__(self, ending: Ending, told: str = "") -> None:
        Exception.__init__(self, told or str(ending))
        info = _found(ending.details, error_details_pb2.ErrorInfo)
        self.code, self.message, self.request_id = ending.code, ending.message, ending.request_id
        self.reason: str = info.reason if info else ""


class RequestRefused(CallFailed, InvalidRequest):
    """Fields of the request are wrong; `violations` name them."""

    def __init__(self, ending: Ending, violations: tuple[FieldViolation, ...]) -> None:
        super().__init__(ending, "; ".join(f"{violation.field}: {violation.description}" for violation in violations))
        self.violations = violations


class AnswerNotVerified(CallFailed, NotVerified):
    """Policy STRICT, and the figures do not agree; `reasons` say which."""

    def __init__(self, ending: Ending, reasons: tuple[str, ...]) -> None:
        super().__init__(ending, "the answer cannot be verified: " + "; ".join(reasons))
        self.reasons = reasons


class TryLater(CallFailed):
    """The server has no room, or is not ready; it may be otherwise after `retry_after` seconds."""

    def __init__(self, ending: Ending, retry_after: float) -> None:
        super().__init__(ending)
        self.retry_after = retry_after


class QuotaUsedUp(TryLater):
    """The client has used up what it may; `quotas` say what ("120 requests a minute")."""

    def __init__(self, ending: Ending, retry_after: float, quotas: tuple[str, ...]) -> None:
        super().__init__(ending, retry_after)
        self.quotas = quotas


class NotLetIn(CallFailed, Unauthenticated):
    """The call had no token that the server knows."""


class DeadlinePassed(CallFailed, DeadlineExceeded):
    """The answer was not there in time."""


class NobodyThere(CallFailed):
    """No server can be reached at the address, or it is going down."""


_BY_CODE: dict[grpc.StatusCode, type[CallFailed]] = {
    grpc.StatusCode.UNAUTHENTICATED: NotLetIn,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlinePassed,
    grpc.StatusCode.UNAVAILABLE: NobodyThere,
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def call_error(error: grpc.RpcError, target: str) -> CallFailed:
    """The error of a call to a server, of either kind of channel."""
    trailing = cast("Iterable[tuple[str, str | bytes]]", error.trailing_metadata() or ())  # so they are, but their types do not say so
    try:
        status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error of a call is the call
    except (DecodeError, ValueError):  # somebody on the way put another status in its place: that one holds
        status = None
    return _told(
        Ending(
            code=error.code(),
            message=error.details() or "",
            details=tuple(status.details) if status else (),
            target=target,
            request_id=next((str(value) for key, value in trailing if key == REQUEST_ID_KEY), ""),
        )
    )


def article_error(response: summary_pb2.SummarizeResponse) -> CallFailed | None:
    """Why an article of a stream has no summaries; None where it has them."""
    if not response.HasField("error"):
        return None
    error = response.error
    code = _CODES.get(error.code, grpc.StatusCode.UNKNOWN)
    return _told(Ending(code=code, message=error.message, details=tuple(error.details), request_id=response.request_id))


def retry_after(details: Iterable[Any]) -> float | None:
    """Seconds after which to ask again, where google.rpc error details tell them."""
    retry = _found(details, error_details_pb2.RetryInfo)
    return None if retry is None else max(0.0, float(retry.retry_delay.ToTimedelta().total_seconds()))


def _told(ending: Ending) -> CallFailed:
    details = ending.details
    if request := _found(details, error_details_pb2.BadRequest):
        violations = (FieldViolation(field=found.field, description=found.description) for found in request.field_violations)
        return RequestRefused(ending, tuple(violations))
    if precondition := _found(details, error_details_pb2.PreconditionFailure):
        return AnswerNotVerified(ending, tuple(found.description for found in precondition.violations))
    delay = retry_after(details)
    if delay is not None:
        quota = _found(details, error_details_pb2.QuotaFailure)
        if quota is None:
            return TryLater(ending, delay)
        return QuotaUsedUp(ending, delay, tuple(found.description for found in quota.violations))
    return _BY_CODE.get(ending.code, CallFailed)(ending)


def _found(details: Iterable[Any], kind: type[Detail]) -> Detail | None:
    for detail in details:
        message = kind()
        if detail.Unpack(message):
            return message
    return None
