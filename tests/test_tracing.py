"""Spans of a call: they hang on the client's own trace, one for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.errors import InvalidRequest
from svodka.pipeline import Pipeline
from svodka.server import Server
from svodka.settings import load_settings
from svodka.summarise import ExtractiveSummariser
from svodka.types import Length, SummaryOrder
from svodka.v1 import figures_pb2, summary_service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
WRONG = "Фирма заплатила 8 млн долларов за 82 корабля 8 октября."
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="module")
def collected() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)  # of the process, once
    return exporter


@pytest.fixture
def spans(collected: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    collected.clear()
    yield collected
    collected.clear()


def test_every_step_is_a_span_and_so_is_every_rung(spans: InMemorySpanExporter) -> None:
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator({SENTENCE: [WRONG]})))
    pipeline.summarise(SummaryOrder(text=SENTENCE, length=Length(max_sentences=1)))
    found = {span.name: span for span in spans.get_finished_spans()}
    assert {"read", "summarise", "translate", "constrain", "check"} <= set(found)
    assert found["constrain"].parent.span_id == found["translate"].context.span_id


async def test_a_call_s_span_hangs_on_the_client_s(spans: InMemorySpanExporter) -> None:
    server = Server(load_settings({"port": 0}))
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = summary_service_pb2_grpc.SummaryServiceStub(channel)
        metadata = (("traceparent", f"00-{TRACE}-{PARENT}-01"),)
        await stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), metadata=metadata)
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(), metadata=metadata)
    await server.stop()
    fine, wrong = (span for span in spans.get_finished_spans() if span.name == "svodka.v1.SummaryService/ExtractFigures")
    for span in (fine, wrong):
        assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert fine.attributes["rpc.grpc.status_code"] == 0
    assert wrong.attributes["rpc.grpc.status_code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]


def test_a_step_that_fails_is_told(spans: InMemorySpanExporter) -> None:
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator()))
    with pytest.raises(InvalidRequest):
        pipeline.summarise(SummaryOrder(text="Le forum s'est ouvert lundi à Paris.", length=Length(max_sentences=1)))
    (span,) = spans.get_finished_spans()
    assert span.name == "read"
    assert not span.status.is_ok
