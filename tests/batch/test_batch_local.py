"""Articles answered in this process: an error is an answer, and the next article has its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
import structlog
from google.rpc import error_details_pb2

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.batch import local
from svodka.batch.outcome import Outcome, outcome_of
from svodka.pipeline import Pipeline
from svodka.settings import load_settings
from svodka.summarise import ExtractiveSummariser
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Counts how often the models are loaded; they are fakes."""
    settings: list[object] = []
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator()))

    def open_pipeline(given: object) -> tuple[None, Pipeline]:
        settings.append(given)
        return None, pipeline

    monkeypatch.setattr(local, "open_pipeline", open_pipeline)
    return settings


def _answers(*requests: summary_pb2.SummarizeRequest) -> list[summary_pb2.SummarizeResponse]:
    return list(local.answer_here(iter(requests), load_settings()))


def test_one_that_fails_is_answered_with_its_error(opened: list[object]) -> None:
    empty, wrong, good = _answers(
        summary_pb2.SummarizeRequest(request_id="empty"),
        summary_pb2.SummarizeRequest(request_id="wrong", text=TEXT, profile="gpt"),
        summary_pb2.SummarizeRequest(request_id="good", text=TEXT, target_languages=["en"]),
    )
    assert [empty.error.code, wrong.error.code] == [grpc.StatusCode.INVALID_ARGUMENT.value[0]] * 2
    assert wrong.error.message == "profile: no profile 'gpt'; there is embedded"
    bad = error_details_pb2.BadRequest()
    assert empty.error.details[1].Unpack(bad)
    assert [violation.field for violation in bad.field_violations] == ["text"]
    assert (good.request_id, outcome_of(good)) == ("good", Outcome.VERIFIED)
    assert len(opened) == 1


def test_our_own_fault_fails_one_article_and_is_logged(opened: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(local.answers, "summarize", broken)
    with structlog.testing.capture_logs() as logged:
        (response,) = _answers(summary_pb2.SummarizeRequest(request_id="a", text=TEXT))
    assert (response.request_id, response.error.code) == ("a", grpc.StatusCode.INTERNAL.value[0])
    assert [(entry["event"], entry["request_id"], entry["exc_info"]) for entry in logged] == [("failed", "a", True)]


def test_the_models_are_loaded_for_the_first_article_only_when_there_is_one(opened: list[object]) -> None:
    assert _answers() == []
    assert opened == []


def test_requests_are_taken_one_at_a_time(opened: list[object]) -> None:
    taken: list[int] = []

    def requests() -> Iterator[summary_pb2.SummarizeRequest]:
        for number in range(3):
            taken.append(number)
            yield summary_pb2.SummarizeRequest(request_id=str(number), text=TEXT, target_languages=["en"])

    for number, response in enumerate(local.answer_here(requests(), load_settings())):
        assert response.request_id == str(number)
        assert taken == list(range(number + 1))
