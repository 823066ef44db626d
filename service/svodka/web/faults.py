"""What went wrong, as the page is told of it: what the server answered, or that it was not reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from svodka.errors import SvodkaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.protobuf import any_pb2

    from svodka.v1 import summary_pb2

__all__ = ["Fault", "Refused", "of_article", "of_call"]

_NAMES = {code.value[0]: code.name for code in grpc.StatusCode}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A gRPC code by its name, the server's own words, fields and what is wrong with each, why STRICT refused, when to try again, in s."""

    code: str
    message: str
    violations: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    retry_after: float | None = None

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        violations = [{"field": field, "description": description} for field, description in self.violations]
        return {**asdict(self), "violations": violations, "reasons": list(self.reasons)}


class Refused(SvodkaError):
    """The server refused, failed or was not reached."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.message}")
        self.fault = fault


def of_article(error: summary_pb2.ArticleError) -> Fault:
    """Why an article of a stream has no summaries."""
    return _fault(_NAMES.get(error.code, grpc.StatusCode.UNKNOWN.name), error.message, error.details)


def of_call(error: grpc.aio.AioRpcError) -> Fault:
    """Why a call ended without an answer."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # it has what is read of a call
    return _fault(error.code().name, error.details() or "", status.details if status else ())


def _fault(code: str, message: str, details: Iterable[any_pb2.Any]) -> Fault:
    violations: list[tuple[str, str]] = []
    reasons: list[str] = []
    retry_after: float | None = None
    for detail in details:
        request, precondition, retry = (
            error_details_pb2.BadRequest(),
            error_details_pb2.PreconditionFailure(),
            error_details_pb2.RetryInfo(),
        )
        if detail.Unpack(request):
            violations += [(violation.field, violation.description) for violation in request.field_violations]
        elif detail.Unpack(precondition):
            reasons += [violation.description for violation in precondition.violations]
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToNanoseconds() / 1e9
    return Fault(code=code, message=message, violations=tuple(violations), reasons=tuple(reasons), retry_after=retry_after)
