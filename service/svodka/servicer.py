"""Wire ↔ values: the methods of SummaryService. Errors leave as they are; the gate turns them into statuses."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from svodka import answers, figures, language
from svodka.errors import NotBuilt
from svodka.info import service_info
from svodka.v1 import figures_pb2, info_pb2, summary_pb2, summary_service_pb2, summary_service_pb2_grpc, translation_pb2
from svodka.wire import requests, responses

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import grpc

    from svodka.backend import Backend
    from svodka.inference.catalogue import Catalogue
    from svodka.settings import Settings

    Context = grpc.aio.ServicerContext[Any, Any]

__all__ = ["SERVICE", "SummaryServicer"]

SERVICE = str(summary_service_pb2.DESCRIPTOR.services_by_name["SummaryService"].full_name)


class SummaryServicer(summary_service_pb2_grpc.SummaryServiceServicer):
    """SummaryService of svodka.v1."""

    def __init__(self, backend: Backend, catalogue: Catalogue, settings: Settings) -> None:
        self._backend = backend
        self._catalogue = catalogue
        self._settings = settings

    async def Summarize(self, request: summary_pb2.SummarizeRequest, context: Context) -> summary_pb2.SummarizeResponse:
        """Summarizes one article."""
        requests.summary_order(request, self._settings)  # a wrong request need not wait for its turn
        deadline = _deadline(context)
        return await self._backend.with_pipeline(
            request.profile, lambda pipeline: answers.summarize(pipeline, request, self._settings, deadline)
        )

    def SummarizeStream(
        self, request_iterator: AsyncIterator[summary_pb2.SummarizeRequest], context: Context
    ) -> AsyncIterator[summary_pb2.SummarizeResponse]:
        """Not built yet."""
        raise NotBuilt("SummarizeStream is not built yet; call Summarize for each article")

    async def Translate(self, request: translation_pb2.TranslateRequest, context: Context) -> translation_pb2.TranslateResponse:
        """Translates a text and checks its figures."""
        requests.translation_order(request, self._settings)
        deadline = _deadline(context)
        return await self._backend.with_pipeline(
            request.profile, lambda pipeline: answers.translate(pipeline, request, self._settings, deadline)
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

        return await self._backend.with_figures(check)

    async def ExtractFigures(self, request: figures_pb2.ExtractFiguresRequest, context: Context) -> figures_pb2.ExtractFiguresResponse:
        """Reads the figures of a text."""
        text = requests.require_text("text", request.text, self._settings.max_text_characters)

        def extract() -> figures_pb2.ExtractFiguresResponse:
            tag = language.resolve(request.language, text)
            found = figures.extract(text, tag)
            return figures_pb2.ExtractFiguresResponse(figures=[responses.figure_message(figure) for figure in found], language=tag)

        return await self._backend.with_figures(extract)

    async def CompareTranslations(
        self,
        request: translation_pb2.CompareTranslationsRequest,
        context: Context,
    ) -> translation_pb2.CompareTranslationsResponse:
        """Not built yet."""
        raise NotBuilt(
            "CompareTranslations is not built yet; call Translate once a profile, and CheckFigures on translations that you have"
        )

    async def GetServiceInfo(self, request: info_pb2.GetServiceInfoRequest, context: Context) -> info_pb2.GetServiceInfoResponse:
        """Says what this server is."""
        return service_info(self._settings, self._catalogue, ready=self._backend.ready)


def _deadline(context: Context) -> float | None:
    """When the client stops waiting, on the clock of time.monotonic."""
    remaining = context.time_remaining()
    return None if remaining is None else time.monotonic() + remaining
