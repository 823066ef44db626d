"""Every error of the server's comes to its caller as what it was; the server's own table makes the statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyMessage

from streaming_server import StreamingServer
from svodka import errors
from svodka.client import (
    AnswerNotVerified,
    CallFailed,
    Client,
    DeadlinePassed,
    NobodyThere,
    NotLetIn,
    QuotaUsedUp,
    RequestRefused,
    TryLater,
    article_error,
)
from svodka.errors import FieldViolation
from svodka.status import code_of, status_of, trailers_of
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

VIOLATIONS = (FieldViolation(field="text", description="is empty"), FieldViolation(field="profile", description="no profile 'x'"))


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (errors.InvalidRequest(*VIOLATIONS), RequestRefused, {"violations": VIOLATIONS, "reason": "INVALID_REQUEST"}),
        (errors.UnsupportedLanguage("fr"), RequestRefused, {"reason": "UNSUPPORTED_LANGUAGE"}),
        (errors.NotVerified(("8 became 9", "7 is lost")), AnswerNotVerified, {"reasons": ("8 became 9", "7 is lost")}),
        (errors.Overloaded("64 requests", 2.5), TryLater, {"retry_after": 2.5, "reason": "OVERLOADED"}),
        (errors.NotReady(), TryLater, {"retry_after": 3.0, "code": grpc.StatusCode.UNAVAILABLE}),
        (errors.ModelLost("translator"), TryLater, {"retry_after": 5.0, "reason": "MODEL_LOST"}),
        (
            errors.QuotaExceeded("newsroom", "requests a minute", 120, 0.5),
            QuotaUsedUp,
            {"retry_after": 0.5, "quotas": ("120 requests a minute",)},
        ),
        (errors.Unauthenticated("no token"), NotLetIn, {"message": "no token"}),
        (errors.DeadlineExceeded(), DeadlinePassed, {}),
        (errors.ModelNotPrepared("run it"), CallFailed, {"code": grpc.StatusCode.FAILED_PRECONDITION, "reason": "MODEL_NOT_PREPARED"}),
        (errors.SvodkaError("ours"), CallFailed, {"code": grpc.StatusCode.INTERNAL}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_comes_as_what_it_was(error: errors.SvodkaError, kind: type[CallFailed], told: dict[str, object]) -> None:
    async def failing(requests: AsyncIterator[Any], context: Any) -> AsyncIterator[summary_pb2.SummarizeResponse]:
        await context.abort(code_of(error), str(error), trailers_of(error, 0.0))
        yield summary_pb2.SummarizeResponse()

    with StreamingServer(failing) as server, Client(server.target) as client, pytest.raises(CallFailed) as caught:
        client.summarize(summary_pb2.SummarizeRequest())
    status = status_of(error)
    response = summary_pb2.SummarizeResponse(request_id="id-0")
    response.error.CopyFrom(summary_pb2.ArticleError(code=status.code, message=status.message, details=status.details))
    of_article = article_error(response)
    for found in (caught.value, of_article):
        assert type(found) is kind
        assert {name: getattr(found, name) for name in told} == told


@pytest.mark.parametrize(
    ("kind", "as_in_process"),
    [
        (RequestRefused, errors.InvalidRequest),
        (AnswerNotVerified, errors.NotVerified),
        (NotLetIn, errors.Unauthenticated),
        (DeadlinePassed, errors.DeadlineExceeded),
    ],
)
def test_it_is_caught_as_the_error_of_this_process_is(kind: type[Exception], as_in_process: type[Exception]) -> None:
    assert issubclass(kind, as_in_process)


def test_what_is_refused_is_told_field_by_field() -> None:
    status = status_of(errors.InvalidRequest(*VIOLATIONS))
    error = summary_pb2.ArticleError(code=status.code, message="wrong", details=status.details)
    assert str(article_error(summary_pb2.SummarizeResponse(error=error))) == "text: is empty; profile: no profile 'x'"


def test_an_answer_is_no_error() -> None:
    assert article_error(summary_pb2.SummarizeResponse(request_id="id-0", verdict=summary_pb2.VERIFIED)) is None


def test_a_code_and_details_that_nobody_knows_are_told_all_the_same() -> None:
    error = summary_pb2.ArticleError(code=99, message="news", details=[AnyMessage(type_url="type.googleapis.com/of.Later", value=b"?")])
    found = article_error(summary_pb2.SummarizeResponse(error=error))
    assert type(found) is CallFailed
    assert (found.code, str(found)) == (grpc.StatusCode.UNKNOWN, "UNKNOWN: news")


def test_unavailable_without_details_is_that_nobody_is_there() -> None:
    error = summary_pb2.ArticleError(code=14, message="gone")
    assert type(article_error(summary_pb2.SummarizeResponse(error=error))) is NobodyThere
