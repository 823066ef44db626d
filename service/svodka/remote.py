"""Asking a server from the command line: one channel, one call, errors as Svodka's own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from svodka.channel import open_channel
from svodka.errors import FieldViolation, InvalidRequest, NotVerified, SvodkaError
from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.channel import Connection
    from svodka.v1 import summary_pb2, translation_pb2

__all__ = ["channel", "compare", "summarize"]

# An article of the largest size comes back with its sentences and ledger.
_MAX_RESPONSE_BYTES = 64 * 1024 * 1024


def channel(connection: Connection) -> grpc.Channel:
    """A channel that answers of the largest size come through, to be closed by the caller; nothing is connected yet.

    Raises:
        SettingsError: as `open_channel`.
    """
    return open_channel(connection, _MAX_RESPONSE_BYTES)


def summarize(connection: Connection, request: summary_pb2.SummarizeRequest, timeout: float) -> summary_pb2.SummarizeResponse:
    """Ask a server for summaries, waiting at most `timeout` seconds.

    Raises:
        InvalidRequest, NotVerified, SvodkaError: what the server answered, or that it could not be reached.
        SettingsError: as `open_channel`.
    """
    with _asking(connection) as stub:
        return stub.Summarize(request, timeout=timeout)


def compare(
    connection: Connection, request: translation_pb2.CompareTranslationsRequest, timeout: float
) -> translation_pb2.CompareTranslationsResponse:
    """Ask a server for a comparison, waiting at most `timeout` seconds; errors are those of `summarize`."""
    with _asking(connection) as stub:
        return stub.CompareTranslations(request, timeout=timeout)


@contextlib.contextmanager
def _asking(connection: Connection) -> Iterator[summary_service_pb2_grpc.SummaryServiceStub]:
    with channel(connection) as opened:
        try:
            yield summary_service_pb2_grpc.SummaryServiceStub(opened)
        except grpc.RpcError as error:
            raise _told(connection.target, error) from error


def _told(target: str, error: grpc.RpcError) -> SvodkaError:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error of a call is the call
    for detail in status.details if status else ():
        request, precondition = error_details_pb2.BadRequest(), error_details_pb2.PreconditionFailure()
        if detail.Unpack(request):
            return InvalidRequest(*(FieldViolation(field=v.field, description=v.description) for v in request.field_violations))
        if detail.Unpack(precondition):
            return NotVerified(tuple(violation.description for violation in precondition.violations))
    return SvodkaError(f"{target}: {error.code().name}: {error.details()}")
