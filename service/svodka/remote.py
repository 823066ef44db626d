"""Asking a server from the command line: one channel, one call, errors as Svodka's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from svodka.errors import FieldViolation, InvalidRequest, NotVerified, SvodkaError
from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    from svodka.v1 import summary_pb2, translation_pb2

__all__ = ["channel", "compare", "summarize"]

# An article of the largest size comes back with its sentences and ledger.
_MAX_RESPONSE_BYTES = 64 * 1024 * 1024


def channel(target: str) -> grpc.Channel:
    """A channel to `target` (HOST:PORT), to be closed by the caller; nothing is connected yet."""
    return grpc.insecure_channel(target, options=[("grpc.max_receive_message_length", _MAX_RESPONSE_BYTES)])


def summarize(target: str, request: summary_pb2.SummarizeRequest, timeout: float) -> summary_pb2.SummarizeResponse:
    """Ask `target` (HOST:PORT) for summaries, waiting at most `timeout` seconds.

    Raises:
        InvalidRequest, NotVerified, SvodkaError: what the server answered, or that it could not be reached.
    """
    with channel(target) as opened:
        try:
            return summary_service_pb2_grpc.SummaryServiceStub(opened).Summarize(request, timeout=timeout)
        except grpc.RpcError as error:
            raise _told(target, error) from error


def compare(
    target: str, request: translation_pb2.CompareTranslationsRequest, timeout: float
) -> translation_pb2.CompareTranslationsResponse:
    """Ask `target` (HOST:PORT) for a comparison, waiting at most `timeout` seconds; errors are those of `summarize`."""
    with channel(target) as opened:
        try:
            return summary_service_pb2_grpc.SummaryServiceStub(opened).CompareTranslations(request, timeout=timeout)
        except grpc.RpcError as error:
            raise _told(target, error) from error


def _told(target: str, error: grpc.RpcError) -> SvodkaError:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error of a call is the call
    for detail in status.details if status else ():
        request, precondition = error_details_pb2.BadRequest(), error_details_pb2.PreconditionFailure()
        if detail.Unpack(request):
            return InvalidRequest(*(FieldViolation(field=v.field, description=v.description) for v in request.field_violations))
        if detail.Unpack(precondition):
            return NotVerified(tuple(violation.description for violation in precondition.violations))
    return SvodkaError(f"{target}: {error.code().name}: {error.details()}")
