"""What came of an article, in a word, and the answer of one that failed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable

    import grpc
    from google.protobuf.any_pb2 import Any

__all__ = ["Outcome", "failure", "outcome_of"]

# No more of a library's message than a person reads.
_MESSAGE_CHARACTERS = 500


class Outcome(StrEnum):
    """What came of an article: the verdict of its answer, or FAILED."""

    VERIFIED = "verified"
    REPAIRED = "repaired"
    UNVERIFIED = "unverified"
    FAILED = "failed"


def outcome_of(response: summary_pb2.SummarizeResponse) -> Outcome:
    """What an answer says. One without a verdict, which the contract excludes, has verified nothing."""
    if response.HasField("error"):
        return Outcome.FAILED
    verdicts = {summary_pb2.VERIFIED: Outcome.VERIFIED, summary_pb2.REPAIRED: Outcome.REPAIRED}
    return verdicts.get(response.verdict, Outcome.UNVERIFIED)


def failure(request_id: str, code: grpc.StatusCode, message: str, details: Iterable[Any] = ()) -> summary_pb2.SummarizeResponse:
    """The answer of an article that has no summaries."""
    error = summary_pb2.ArticleError(code=code.value[0], message=message[:_MESSAGE_CHARACTERS], details=details)
    return summary_pb2.SummarizeResponse(request_id=request_id, error=error)
