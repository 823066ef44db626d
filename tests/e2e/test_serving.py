"""The whole way over a real socket, with the real embedded models."""

from __future__ import annotations

import asyncio
import signal
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from svodka import answers
from svodka.backend import open_pipeline
from svodka.server import Server
from svodka.settings import load_settings
from svodka.v1 import figures_pb2, info_pb2, summary_pb2, summary_service_pb2_grpc, translation_pb2

from .conftest import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.models

SEEDS = Path(__file__).parents[2] / "seeds"
SHORT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."


def _seed(name: str) -> summary_pb2.SummarizeRequest:
    title, text = (SEEDS / name).read_text(encoding="utf-8").split("\n\n", 1)
    return summary_pb2.SummarizeRequest(request_id=name, title=title, text=text)


def _failure(call: object, request: object) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        call(request, timeout=120)
    return caught.value


def _violations(error: grpc.RpcError) -> list[tuple[str, str]]:
    for detail in rpc_status.from_call(error).details:
        request = error_details_pb2.BadRequest()
        if detail.Unpack(request):
            return [(violation.field, violation.description) for violation in request.field_violations]
    return []


@pytest.mark.parametrize(("name", "language"), [("army-2023.en.txt", "en"), ("army-2023.ru.txt", "ru")])
def test_both_summaries_come_back_for_an_article_of_either_language(server: RunningServer, name: str, language: str) -> None:
    request = _seed(name)
    response = server.stub.Summarize(request, timeout=120)
    assert response.request_id == name
    assert response.source_language == language
    assert [summary.language for summary in response.summaries] == ["en", "ru"]
    assert all(1 <= len(summary.sentences) <= 3 for summary in response.summaries)
    texts = {"article": request.text, **{summary.language: summary.text for summary in response.summaries}}
    for summary in response.summaries:
        for sentence in summary.sentences:
            assert summary.text[sentence.span.start : sentence.span.end] == sentence.text
    occurrences = [occurrence for entry in response.ledger for occurrence in entry.occurrences]
    assert {occurrence.where for occurrence in occurrences} == {"article", "en", "ru"}
    for occurrence in occurrences:
        assert texts[occurrence.where][occurrence.start : occurrence.end] == occurrence.text
    assert (response.verdict == summary_pb2.UNVERIFIED) == bool(response.reasons)


def test_the_socket_and_the_process_answer_alike(server: RunningServer, prepared_cache: Path) -> None:
    request = _seed("army-2023.en.txt")
    over_the_wire = server.stub.Summarize(request, timeout=120)
    # As many threads: sentences searched together round otherwise, and of two answers that are as likely another may win.
    settings = load_settings({"cache_dir": prepared_cache, "threads": server.threads})
    in_process = answers.summarize(open_pipeline(settings)[1], request, settings)
    for response in (over_the_wire, in_process):
        response.ClearField("elapsed")
    assert over_the_wire == in_process


def test_translate(server: RunningServer) -> None:
    response = server.stub.Translate(translation_pb2.TranslateRequest(text=SHORT, target_language="ru"), timeout=120)
    assert response.source_language == "en"
    assert [sentence.source.text for sentence in response.sentences] == SHORT.replace(". More", ".|More").split("|")
    assert all(response.text[s.target.start : s.target.end] == s.target.text for s in response.sentences)
    assert "2023" in response.text


def test_figures(server: RunningServer) -> None:
    extracted = server.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost more than $8 billion."), timeout=20)
    (figure,) = extracted.figures
    assert (extracted.language, figure.kind, figure.value, figure.unit, figure.qualifier) == (
        "en",
        "money",
        "8000000000",
        "USD",
        "more_than",
    )
    assert (figure.span.start, figure.span.end, figure.span.text) == (18, 28, "$8 billion")
    checked = server.stub.CheckFigures(
        figures_pb2.CheckFiguresRequest(source="The work cost $8 billion.", target="Работы стоили 8 миллионов долларов."), timeout=20
    )
    assert checked.verdict == figures_pb2.CHECK_VERDICT_MISMATCH
    assert [pair.relation for pair in checked.pairs] == [figures_pb2.CHANGED]
    assert (checked.source_language, checked.target_language) == ("en", "ru")


def test_service_info_tells_models_and_limits(server: RunningServer) -> None:
    info = server.stub.GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=20)
    assert [(profile.name, profile.ready) for profile in info.profiles] == [("embedded", True)]
    assert all(model.license and all(len(file.sha256) == 64 for file in model.files) for model in info.models)
    assert info.limits.max_article_words == 20_000


def test_reflection_lists_the_services(server: RunningServer) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(server.channel)
    (answer,) = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]), timeout=20)
    names = {service.name for service in answer.list_services_response.service}
    assert {"svodka.v1.SummaryService", "grpc.health.v1.Health"} <= names


@pytest.mark.parametrize(
    ("request_", "field", "message"),
    [
        (summary_pb2.SummarizeRequest(), "text", "is empty"),
        (summary_pb2.SummarizeRequest(text=" \n\t"), "text", "is empty"),
        (summary_pb2.SummarizeRequest(text="Le forum s'est ouvert lundi à Paris."), "text", "the detected language is 'fr'"),
        (summary_pb2.SummarizeRequest(text=SHORT, language="de"), "language", "'de' is not supported"),
        (summary_pb2.SummarizeRequest(text="x" * 200_001), "text", "has 200001 characters; the limit is 200000"),
        (summary_pb2.SummarizeRequest(text="word " * 20_001), "text", "has 20001 words; the limit is 20000"),
        (summary_pb2.SummarizeRequest(text=SHORT, profile="gpt"), "profile", "no profile 'gpt'; there is embedded"),
        (summary_pb2.SummarizeRequest(text=SHORT, target_languages=["en", "fr"]), "target_languages[1]", "'fr' is not supported"),
        (summary_pb2.SummarizeRequest(text=SHORT, length=summary_pb2.Length(max_sentences=99)), "length.max_sentences", "say 1 to 20"),
        (summary_pb2.SummarizeRequest(text=SHORT, length=summary_pb2.Length(max_characters=5)), "length.max_characters", "is too few"),
        (summary_pb2.SummarizeRequest(text=SHORT, title="t" * 1001), "title", "has 1001 characters"),
    ],
)
def test_a_wrong_field_is_named(server: RunningServer, request_: summary_pb2.SummarizeRequest, field: str, message: str) -> None:
    error = _failure(server.stub.Summarize, request_)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    ((named, description),) = _violations(error)
    assert named == field
    assert message in description


def test_several_wrong_fields_are_named_together(server: RunningServer) -> None:
    request = summary_pb2.SummarizeRequest(target_languages=["fr"], length=summary_pb2.Length(max_sentences=-1))
    assert {field for field, _ in _violations(_failure(server.stub.Summarize, request))} == {
        "text",
        "target_languages[0]",
        "length.max_sentences",
    }


def test_five_megabytes_are_refused_and_the_next_call_is_answered(server: RunningServer) -> None:
    error = _failure(server.stub.Summarize, summary_pb2.SummarizeRequest(text="word " * 1_000_000))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert server.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), timeout=20).figures


@pytest.mark.parametrize("raw", [b"\x1a\x02\xff\xfe", b"\x1a\xff\xff\xff\x0fshort", b"\xff"])
def test_a_message_that_does_not_parse_is_the_client_s_fault(server: RunningServer, raw: bytes) -> None:
    call = server.channel.unary_unary("/svodka.v1.SummaryService/Summarize")
    error = _failure(call, raw)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "UTF-8" in error.details()
    assert server.stub.GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=20).version


def test_translations_are_compared_side_by_side(server: RunningServer) -> None:
    translators = [
        translation_pb2.Translator(name="embedded", profile="embedded", policy=summary_pb2.REPORT, beam=2),
        translation_pb2.Translator(name="given", given="Форум открылся 14 августа 2023 года."),
    ]
    request = translation_pb2.CompareTranslationsRequest(text="The forum opened on 14 August 2023.", translators=translators)
    answer = server.stub.CompareTranslations(request, timeout=120)
    embedded, given = answer.translations
    assert [passage.text for passage in answer.passages] == [request.text]
    assert embedded.translation.text
    assert embedded.elapsed.ToNanoseconds() > 0
    assert given.passages[0].verdict == figures_pb2.CHECK_VERDICT_OK
    assert given.passages[0].similarity > 0.8


def test_what_is_wrong_with_a_translator_is_told_by_its_field(server: RunningServer) -> None:
    request = translation_pb2.CompareTranslationsRequest(text=SHORT, translators=[translation_pb2.Translator(name="a", profile="gpt")] * 2)
    violations = _violations(_failure(server.stub.CompareTranslations, request))
    assert {field for field, _ in violations} == {"translators[0].profile", "translators[1].profile", "translators[1].name"}


def test_two_hundred_calls_at_once_each_get_their_status_and_the_next_is_answered(server: RunningServer) -> None:
    request = summary_pb2.SummarizeRequest(text=SHORT, target_languages=["en"])

    def call(_: int) -> grpc.StatusCode:
        try:
            server.stub.Summarize(request, timeout=120)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                retry = error_details_pb2.RetryInfo()
                assert any(detail.Unpack(retry) for detail in rpc_status.from_call(error).details)
                assert retry.retry_delay.ToTimedelta().total_seconds() >= 1
            return error.code()
        return grpc.StatusCode.OK

    with ThreadPoolExecutor(200) as pool:
        codes = Counter(pool.map(call, range(200)))
    assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
    assert codes[grpc.StatusCode.OK] >= 16
    assert server.stub.Summarize(request, timeout=120).summaries


def test_a_cancelled_call_gives_its_place_back(prepared_cache: Path) -> None:
    with running_server(prepared_cache, max_concurrent_requests=1) as one_place:
        call = _occupy(one_place, _seed("aldmoor-election.en.txt"))
        assert one_place.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), timeout=20).figures
        call.cancel()
        assert _code_once(one_place, lambda code: code is not grpc.StatusCode.RESOURCE_EXHAUSTED) is grpc.StatusCode.OK


def test_a_stream_answers_each_article_and_tells_what_is_wrong_with_others(server: RunningServer) -> None:
    requests = [
        summary_pb2.SummarizeRequest(request_id="long", text=_seed("army-2023.en.txt").text, target_languages=["en"]),
        summary_pb2.SummarizeRequest(request_id="empty"),
        summary_pb2.SummarizeRequest(request_id="short", text=SHORT),
        summary_pb2.SummarizeRequest(request_id="profile", text=SHORT, profile="gpt"),
    ]
    answers_ = {answer.request_id: answer for answer in server.stub.SummarizeStream(iter(requests), timeout=240)}
    assert set(answers_) == {"long", "empty", "short", "profile"}
    assert [len(answers_[name].summaries) for name in ("long", "short")] == [1, 2]
    for name in ("empty", "profile"):
        error = answers_[name].error
        assert error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
        assert error.message
        assert any(detail.Is(error_details_pb2.BadRequest.DESCRIPTOR) for detail in error.details)
        assert not answers_[name].summaries


def test_a_stream_longer_than_the_server_takes_at_once_is_read_as_it_is_answered(prepared_cache: Path) -> None:
    taken: list[int] = []

    def articles() -> Iterator[summary_pb2.SummarizeRequest]:
        for number in range(40):
            taken.append(number)
            yield summary_pb2.SummarizeRequest(request_id=str(number), text=SHORT, target_languages=["en"])

    with running_server(prepared_cache, max_concurrent_requests=2, max_stream_articles=4) as narrow:
        answered = [answer.request_id for answer in narrow.stub.SummarizeStream(articles(), timeout=240) if answer.summaries]
    assert sorted(answered, key=int) == [str(number) for number in taken]


def test_a_stream_of_nothing_ends(server: RunningServer) -> None:
    assert list(server.stub.SummarizeStream(iter(()), timeout=20)) == []


def test_a_stream_that_does_not_parse_is_the_client_s_fault(server: RunningServer) -> None:
    call = server.channel.stream_stream("/svodka.v1.SummaryService/SummarizeStream")
    with pytest.raises(grpc.RpcError) as caught:
        list(call(iter([b"\xff"]), timeout=60))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_an_answer_tells_the_id_of_its_call(server: RunningServer) -> None:
    request = figures_pb2.ExtractFiguresRequest(text="It cost $8.")
    _, call = server.stub.ExtractFigures.with_call(request, timeout=20, metadata=(("x-request-id", "of the client's"),))
    assert ("x-request-id", "of the client's") in [(item.key, item.value) for item in call.trailing_metadata()]
    error = _failure(server.stub.ExtractFigures, figures_pb2.ExtractFiguresRequest())
    assert any(item.key == "x-request-id" and len(item.value) == 32 for item in error.trailing_metadata())


def _occupy(server: RunningServer, request: summary_pb2.SummarizeRequest) -> grpc.Future:
    """A call that has the server's only place: another one was refused while it ran. One that came second is sent again."""
    for _ in range(100):
        call = server.stub.Summarize.future(request, timeout=120)
        code = _code_once(server, lambda code, call=call: code is not grpc.StatusCode.OK or call.done())
        if code is grpc.StatusCode.RESOURCE_EXHAUSTED and not call.done():
            return call
    pytest.fail("no call was ever refused")


def _code_once(server: RunningServer, wanted: Callable[[grpc.StatusCode], bool]) -> grpc.StatusCode:
    """Call until the code is a wanted one: what another call did to the server may take a few calls to arrive. The last code otherwise."""
    code = grpc.StatusCode.UNKNOWN
    for _ in range(1000):
        try:
            server.stub.Summarize(summary_pb2.SummarizeRequest(text="It cost $8.", target_languages=["en"]), timeout=20)
            code = grpc.StatusCode.OK
        except grpc.RpcError as error:
            code = error.code()
        if wanted(code):
            break
    return code


@pytest.mark.parametrize("name", sorted(path.name for path in SEEDS.glob("*.txt")))
def test_no_seed_leaves_as_verified_that_the_check_refuses(server: RunningServer, name: str) -> None:
    request = _seed(name)
    response = server.stub.Summarize(request, timeout=240)
    if response.verdict == summary_pb2.UNVERIFIED:
        assert response.reasons
        return
    assert any(repair.outcome in {"repaired", "dropped"} for repair in response.repairs) == (response.verdict == summary_pb2.REPAIRED)
    for summary in response.summaries:
        check = figures_pb2.CheckFiguresRequest(
            source=request.text,
            target=summary.text,
            source_language=response.source_language,
            target_language=summary.language,
            mode=figures_pb2.CHECK_MODE_SUMMARY,
        )
        assert server.stub.CheckFigures(check, timeout=60).verdict == figures_pb2.CHECK_VERDICT_OK


def test_terms_of_the_client_s_come_through_or_are_told(server: RunningServer) -> None:
    request = translation_pb2.TranslateRequest(
        text="The Brightwater Fund spent $8 million on 82 bridges.", target_language="ru", do_not_translate=["Brightwater Fund"]
    )
    response = server.stub.Translate(request, timeout=120)
    assert "Brightwater Fund" in response.text or any("'Brightwater Fund' is lost" in reason for reason in response.reasons)


def test_a_glossary_s_empty_side_is_named(server: RunningServer) -> None:
    request = translation_pb2.TranslateRequest(
        text=SHORT, target_language="ru", glossary=[summary_pb2.GlossaryTerm(source="forum", target=" ")]
    )
    assert _violations(_failure(server.stub.Translate, request)) == [("glossary[0]", "must have 1 to 200 characters")]


async def test_prometheus_is_told_of_figures_and_repairs(prepared_cache: Path) -> None:
    server = Server(load_settings({"port": 0, "metrics_port": 0, "cache_dir": prepared_cache}))
    port = await server.start()
    await server.warm_up()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        await summary_service_pb2_grpc.SummaryServiceStub(channel).Summarize(summary_pb2.SummarizeRequest(text=SHORT))
    page = await asyncio.to_thread(_read, f"http://127.0.0.1:{server.metrics_port}/metrics")
    assert 'figure_check_total{hop="article-en",kind="date",relation="PRESERVED"} 1.0' in page
    assert "# TYPE figure_repair_total counter" in page
    await server.stop()


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (an address of our own)
        return answer.read().decode()


async def test_not_serving_until_warm(prepared_cache: Path) -> None:
    server = Server(load_settings({"port": 0, "cache_dir": prepared_cache}))
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        health = health_pb2_grpc.HealthStub(channel)
        stub = summary_service_pb2_grpc.SummaryServiceStub(channel)
        for service in ("", "svodka.v1.SummaryService"):
            answer = await health.Check(health_pb2.HealthCheckRequest(service=service))
            assert answer.status == health_pb2.HealthCheckResponse.NOT_SERVING
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Summarize(summary_pb2.SummarizeRequest(text=SHORT))
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        await server.warm_up()
        answer = await health.Check(health_pb2.HealthCheckRequest(service="svodka.v1.SummaryService"))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        assert (await stub.Summarize(summary_pb2.SummarizeRequest(text=SHORT))).summaries
    await server.stop()


def test_sigterm_lets_the_running_request_finish_and_waits_for_no_watcher(prepared_cache: Path) -> None:
    with running_server(prepared_cache, drain_seconds=300) as stopping:
        watch = health_pb2_grpc.HealthStub(stopping.channel).Watch(health_pb2.HealthCheckRequest(), timeout=120)
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        running = stopping.stub.Summarize.future(_seed("army-2023.en.txt"), timeout=120)
        stopping.stub.GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=20)  # the request before it on this channel has arrived
        stopping.process.send_signal(signal.SIGTERM)
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
        assert running.result().summaries
        assert stopping.process.wait(timeout=60) == 0  # though somebody still watches its health
