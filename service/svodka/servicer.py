"""Wire ↔ values: the methods of SummaryService. Errors leave as they are; the gate turns them into statuses."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import structlog
from google.rpc import code_pb2, status_pb2

from svodka import answers, cost, figures, language
from svodka.call import Call, Step
from svodka.errors import SvodkaError
from svodka.info import service_info
from svodka.status import status_of
from svodka.v1 import figures_pb2, info_pb2, summary_pb2, summary_service_pb2, summary_service_pb2_grpc, translation_pb2
from svodka.wire import requests, responses

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    import grpc

    from svodka.backend import Backend
    from svodka.inference.catalogue import Catalogue
    from svodka.settings import Settings

    Context = grpc.aio.ServicerContext[Any, Any]

__all__ = ["SERVICE", "SummaryServicer"]

# What is kept of a deadline for putting the answer together and sending it.
_SENDING_SECONDS, _SENDING_SHARE = 0.5, 0.1

SERVICE = str(summary_service_pb2.DESCRIPTOR.services_by_name["SummaryService"].full_name)


class SummaryServicer(summary_service_pb2_grpc.SummaryServiceServicer):
    """SummaryService of svodka.v1."""

    def __init__(self, backend: Backend, catalogue: Catalogue, settings: Settings) -> None:
        self._backend = backend
        self._catalogue = catalogue
        self._settings = settings
        self._log = structlog.get_logger("svodka.servicer")

    async def Summarize(self, request: summary_pb2.SummarizeRequest, context: Context) -> summary_pb2.SummarizeResponse:
        """Summarizes one article."""
        return await self._summarize(request, context)

    async def SummarizeStream(  # type: ignore[override]  # the library takes writers too, its types do not
        self, request_iterator: AsyncIterator[summary_pb2.SummarizeRequest], context: Context
    ) -> None:
        """Summarizes the articles of a stream, several at once; it is read no faster than its answers are taken."""
        places = asyncio.Semaphore(self._settings.max_stream_articles)
        writing = asyncio.Lock()

        async def answer(request: summary_pb2.SummarizeRequest) -> None:
            try:
                async with contextlib.aclosing(self._answers(request, context)) as responses_:
                    async for response in responses_:
                        async with writing:
                            await context.write(response)
            finally:
                places.release()

        wrong: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as articles:
                async for request in request_iterator:
                    await places.acquire()
                    articles.create_task(answer(request))
        except* SvodkaError as group:
            wrong = group.exceptions[0]
        if wrong is not None:  # raised above, it would come as a group
            raise wrong

    async def _answers(
        self, request: summary_pb2.SummarizeRequest, context: Context
    ) -> AsyncGenerator[summary_pb2.SummarizeResponse, None]:
        """What a stream gets for an article: the answer, after the steps on the way to it where they are asked for."""
        if not request.report_progress:
            yield await self._summarize_or_tell(request, context)
            return
        loop = asyncio.get_running_loop()
        steps: asyncio.Queue[Step | None] = asyncio.Queue()

        def tell(step: Step) -> None:
            loop.call_soon_threadsafe(steps.put_nowait, step)

        work = asyncio.ensure_future(self._summarize_or_tell(request, context, tell))
        work.add_done_callback(lambda _: steps.put_nowait(None))
        try:
            while (step := await steps.get()) is not None:
                progress = summary_pb2.Progress(stage=step.name, done=step.done, of=step.of)
                yield summary_pb2.SummarizeResponse(request_id=request.request_id, progress=progress)
            yield await work
        finally:
            work.cancel()

    async def _summarize_or_tell(
        self, request: summary_pb2.SummarizeRequest, context: Context, tell: Callable[[Step], None] | None = None
    ) -> summary_pb2.SummarizeResponse:
        try:
            return await self._summarize(request, context, patient=True, tell=tell)
        except SvodkaError as error:
            status = status_of(error)
        except Exception:  # noqa: BLE001 (one article must not end the others; the log has the traceback)
            self._log.exception("failed", method="SummarizeStream")
            status = status_pb2.Status(code=code_pb2.INTERNAL, message="the server failed; its log says how")
        error_ = summary_pb2.ArticleError(code=status.code, message=status.message, details=status.details)
        return summary_pb2.SummarizeResponse(request_id=request.request_id, error=error_)

    async def _summarize(
        self,
        request: summary_pb2.SummarizeRequest,
        context: Context,
        *,
        patient: bool = False,
        tell: Callable[[Step], None] | None = None,
    ) -> summary_pb2.SummarizeResponse:
        order = requests.summary_order(request, self._settings)  # a wrong request need not wait for its turn
        call = self._call(context, tell)
        return await self._backend.with_pipeline(
            request.profile,
            lambda pipeline: answers.summarize(pipeline, request, self._settings, call.deadline),
            tokens=cost.article_tokens(order),
            call=call,
            patient=patient,
        )

    async def Translate(self, request: translation_pb2.TranslateRequest, context: Context) -> translation_pb2.TranslateResponse:
        """Translates a text and checks its figures."""
        order = requests.translation_order(request, self._settings)
        call = self._call(context)
        return await self._backend.with_pipeline(
            request.profile,
            lambda pipeline: answers.translate(pipeline, request, self._settings, call.deadline),
            tokens=cost.translation_tokens(order),
            call=call,
        )

    async def CheckFigures(self, request: figures_pb2.CheckFiguresRequest, context: Context) -> figures_pb2.CheckFiguresResponse:
        """Compares the figures of two texts."""
        mode = requests.check_mode(request.mode)
        for field in ("source", "target"):
            requests.require_text(field, getattr(request, field), self._settings.max_text_characters)

        def check() -> figures_pb2.CheckFiguresResponse:
            source = language.resolve(request.source_language, request.source, field="source_language", text_field="source")
            target = language.resolve(request.target_language, request.target, field="target_language", text_field="target")
            comparison = figures.compare(request.source, request.target, source_lang=source, target_lang=target, mode=mode)
            return figures_pb2.CheckFiguresResponse(
                verdict=responses.check_verdict(comparison.verdict),
                pairs=[responses.pair_message(pair) for pair in comparison.pairs],
                source_language=source,
                target_language=target,
            )

        return await self._backend.with_figures(check, tokens=cost.text_tokens(request.source, request.target), call=self._call(context))

    async def ExtractFigures(self, request: figures_pb2.ExtractFiguresRequest, context: Context) -> figures_pb2.ExtractFiguresResponse:
        """Reads the figures of a text."""
        text = requests.require_text("text", request.text, self._settings.max_text_characters)

        def extract() -> figures_pb2.ExtractFiguresResponse:
            tag = language.resolve(request.language, text)
            found = figures.extract(text, tag)
            return figures_pb2.ExtractFiguresResponse(figures=[responses.figure_message(figure) for figure in found], language=tag)

        return await self._backend.with_figures(extract, tokens=cost.text_tokens(text), call=self._call(context))

    async def CompareTranslations(
        self, request: translation_pb2.CompareTranslationsRequest, context: Context
    ) -> translation_pb2.CompareTranslationsResponse:
        """Translates one text in several ways, side by side."""
        order = requests.comparison_order(request, self._settings)
        call = self._call(context)
        return await self._backend.with_pipelines(
            lambda pipelines: answers.compare(pipelines, request, self._settings, call.deadline),
            tokens=cost.comparison_tokens(order),
            call=call,
        )

    async def GetServiceInfo(self, request: info_pb2.GetServiceInfoRequest, context: Context) -> info_pb2.GetServiceInfoResponse:
        """Says what this server is."""
        return service_info(self._settings, self._catalogue, ready=self._backend.ready)

    def _call(self, context: Context, tell: Callable[[Step], None] | None = None) -> Call:
        """The call with its deadline: the client's or the server's own, whichever comes first, less what sending the answer needs."""
        left = context.time_remaining()
        seconds = self._settings.max_request_seconds if left is None else min(left, self._settings.max_request_seconds)
        return Call(time.monotonic() + seconds - min(_SENDING_SECONDS, _SENDING_SHARE * seconds), tell)
