"""A replica without Ray and without models: the gate and the servicer behind the context that Serve hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.backend import Backend
from svodka.errors import NotReady
from svodka.pipeline import Pipeline
from svodka.scaleout.context import REPLICA_KEY, SECONDS_LEFT_KEY
from svodka.scaleout.replica import Replica
from svodka.settings import load_settings
from svodka.summarise import ExtractiveSummariser
from svodka.v1 import figures_pb2, summary_pb2, translation_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TEXT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."


class Given:
    """Keeps what is set on it, as RayServegRPCContext does."""

    def __init__(self, **metadata: str) -> None:
        self._metadata = [(key.replace("_", "-"), value) for key, value in metadata.items()]
        self.code: grpc.StatusCode | None = None
        self.details = ""
        self.trailing: dict[str, str | bytes] = {}

    def invocation_metadata(self) -> list[tuple[str, str]]:
        return self._metadata

    def set_code(self, code: grpc.StatusCode) -> None:
        self.code = code

    def set_details(self, details: str) -> None:
        self.details = details

    def set_trailing_metadata(self, trailing_metadata: list[tuple[str, str | bytes]]) -> None:
        assert isinstance(trailing_metadata, list)  # Serve puts its own before it
        self.trailing = dict(trailing_metadata)


@pytest.fixture
async def replica(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replica]:
    async def start(backend: Backend) -> None:
        backend._pipelines = {"embedded": Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator()))}

    monkeypatch.setattr(Backend, "start", start)
    made = Replica.__new__(Replica)
    await made.__init__(load_settings())
    yield made
    await made._backend.close()


async def test_an_answer_carries_the_id_of_its_call(replica: Replica) -> None:
    given = Given(x_request_id="mine")
    request = summary_pb2.SummarizeRequest(text=TEXT, target_languages=["en"])
    answer = await replica.Summarize(request.SerializeToString(), given)
    assert [summary.language for summary in answer.summaries] == ["en"]
    assert given.code is None
    assert given.trailing == {"x-request-id": "mine", REPLICA_KEY: "1"}


async def test_an_error_stands_in_the_context_with_its_details(replica: Replica) -> None:
    given = Given()
    assert await replica.Summarize(summary_pb2.SummarizeRequest().SerializeToString(), given) == Empty()
    assert given.code is grpc.StatusCode.INVALID_ARGUMENT
    assert given.details.startswith("text: is empty")
    status = status_pb2.Status.FromString(given.trailing["grpc-status-details-bin"])
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in status.details)
    assert [violation.field for violation in bad.field_violations] == ["text"]
    assert {"x-request-id", REPLICA_KEY} <= given.trailing.keys()


async def test_bytes_that_do_not_parse_are_the_client_s_fault(replica: Replica) -> None:
    given = Given()
    await replica.ExtractFigures(b"\xff", given)
    assert given.code is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_deadline_of_the_client_is_kept(replica: Replica) -> None:
    given = Given(**{SECONDS_LEFT_KEY: "0.000"})
    await replica.Summarize(summary_pb2.SummarizeRequest(text=TEXT).SerializeToString(), given)
    assert given.code is grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("CheckFigures", figures_pb2.CheckFiguresRequest(source="It cost $8 billion.", target="Это стоило 8 млрд долларов.")),
        ("ExtractFigures", figures_pb2.ExtractFiguresRequest(text="It cost $8 billion.")),
        ("GetServiceInfo", None),
    ],
)
async def test_other_methods_are_passed_on(replica: Replica, method: str, request_: figures_pb2.CheckFiguresRequest | None) -> None:
    given = Given()
    answer = await getattr(replica, method)(b"" if request_ is None else request_.SerializeToString(), given)
    assert given.code is None
    assert answer.ByteSize()


async def test_translations_are_compared(replica: Replica) -> None:
    request = translation_pb2.CompareTranslationsRequest(
        text="The forum opened on Monday.",
        target_language="ru",
        translators=[
            translation_pb2.Translator(name="ours", profile="embedded"),
            translation_pb2.Translator(name="theirs", given="Форум открылся в понедельник."),
        ],
    )
    given = Given()
    answer = await replica.CompareTranslations(request.SerializeToString(), given)
    assert given.code is None
    assert [translation.name for translation in answer.translations] == ["ours", "theirs"]


async def test_a_stream_answers_every_article(replica: Replica) -> None:
    async def requests() -> AsyncIterator[bytes]:
        for number in range(3):
            text = TEXT if number else ""
            yield summary_pb2.SummarizeRequest(request_id=str(number), text=text, target_languages=["en"]).SerializeToString()

    given = Given()
    answers = {answer.request_id: answer async for answer in replica.SummarizeStream(requests(), given)}
    assert {name: answer.HasField("error") for name, answer in answers.items()} == {"0": True, "1": False, "2": False}
    assert given.code is None


async def test_a_stream_that_fails_ends_with_a_message_for_its_status(replica: Replica) -> None:
    async def requests() -> AsyncIterator[bytes]:
        yield b"\xff"

    given = Given()
    assert [answer async for answer in replica.SummarizeStream(requests(), given)] == [Empty()]
    assert given.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(("service", "code"), [("", None), ("svodka.v1.SummaryService", None), ("other", grpc.StatusCode.NOT_FOUND)])
async def test_health_is_the_replica_s(replica: Replica, service: str, code: grpc.StatusCode | None) -> None:
    given = Given()
    answer = await replica.Check(health_pb2.HealthCheckRequest(service=service).SerializeToString(), given)
    assert given.code is code
    if code is None:
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        await replica.check_health()


async def test_a_replica_without_one_of_its_models_is_not_healthy(replica: Replica) -> None:
    replica._backend._down.add("a model")
    answer = await replica.Check(b"", Given())
    assert answer.status == health_pb2.HealthCheckResponse.NOT_SERVING
    with pytest.raises(NotReady):
        await replica.check_health()
