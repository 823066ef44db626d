"""Steps on the way to an answer, told to a stream that asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest

from fake_server import fake_server
from fakes import FakeTranslator
from svodka.call import Call, Step, working_for
from svodka.steps import step
from svodka.v1 import summary_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

RIGHT = "The forum opened on 14 August."
SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
WRONG = "Фирма заплатила 8 млн долларов за 82 корабля 8 октября."


@pytest.fixture
async def stub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[summary_service_pb2_grpc.SummaryServiceStub]:
    translator = FakeTranslator({SENTENCE: [WRONG], RIGHT: ["Форум открылся 14 августа."]})
    async with fake_server(monkeypatch, translator) as address, grpc.aio.insecure_channel(address) as channel:
        yield summary_service_pb2_grpc.SummaryServiceStub(channel)


def _request(request_id: str, *, report_progress: bool) -> summary_pb2.SummarizeRequest:
    return summary_pb2.SummarizeRequest(request_id=request_id, text=f"{RIGHT} {SENTENCE}", report_progress=report_progress)


async def test_a_stream_is_told_of_every_step_in_order_and_then_gets_the_answer(stub: summary_service_pb2_grpc.SummaryServiceStub) -> None:
    *steps, answer = [each async for each in stub.SummarizeStream(iter([_request("a", report_progress=True)]), timeout=60)]
    stages = [each.progress.stage for each in steps]
    assert stages[:3] == ["read", "summarise", "translate"]
    assert stages[-2:] == ["check", "respond"]
    counted = {each.progress.stage: (each.progress.done, each.progress.of) for each in steps}
    assert (counted["read"], counted["translate"], counted["constrain"]) == ((0, 0), (0, 2), (1, 2))
    assert {each.request_id for each in [*steps, answer]} == {"a"}
    assert not any(each.summaries for each in steps)
    assert not answer.HasField("progress")
    assert [summary.language for summary in answer.summaries] == ["en", "ru"]


async def test_only_the_article_that_asks_is_told_of(stub: summary_service_pb2_grpc.SummaryServiceStub) -> None:
    asked = [_request("a", report_progress=True), _request("b", report_progress=False)]
    answers = [each async for each in stub.SummarizeStream(iter(asked), timeout=60)]
    assert [each.HasField("progress") for each in answers if each.request_id == "b"] == [False]
    assert sum(not each.HasField("progress") for each in answers) == 2


async def test_an_article_that_is_refused_has_an_error_and_no_steps(stub: summary_service_pb2_grpc.SummaryServiceStub) -> None:
    request = summary_pb2.SummarizeRequest(request_id="a", text=" ", report_progress=True)
    (answer,) = [each async for each in stub.SummarizeStream(iter([request]), timeout=60)]
    assert answer.error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]


async def test_summarize_has_one_answer_whatever_is_asked(stub: summary_service_pb2_grpc.SummaryServiceStub) -> None:
    answer = await stub.Summarize(_request("a", report_progress=True), timeout=60)
    assert not answer.HasField("progress")
    assert len(answer.summaries) == 2


def test_a_call_that_nobody_waits_for_is_told_nothing() -> None:
    told: list[Step] = []
    call = Call(tell=told.append)
    with working_for(call):
        with step("translate", of=3):
            call.cancel()
        with step("check"):
            pass
    assert told == [Step(name="translate", done=0, of=3)]
