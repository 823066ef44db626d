"""A request of the contract in, its response out: what the servicer and the command line both call, so that they answer alike."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from svodka.compare import Comparer
from svodka.wire import comparisons, requests, responses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svodka.pipeline import Pipeline
    from svodka.settings import Settings
    from svodka.v1 import summary_pb2, translation_pb2

__all__ = ["compare", "summarize", "translate"]


def summarize(
    pipeline: Pipeline, request: summary_pb2.SummarizeRequest, settings: Settings, deadline: float | None = None
) -> summary_pb2.SummarizeResponse:
    """Validate a request, take its article the whole way, and put the response together; repairs stop before the deadline.

    Raises:
        InvalidRequest: the request is wrong, or its text cannot be read.
        NotVerified: policy STRICT, and the answer is not verified.
    """
    started = time.monotonic_ns()
    answer = pipeline.summarise(requests.summary_order(request, settings, deadline))
    with pipeline.metrics.stage("respond"):
        response = responses.summarize_response(
            answer, request_id=request.request_id or uuid.uuid4().hex, profile=request.profile or settings.profile
        )
    response.elapsed.FromNanoseconds(time.monotonic_ns() - started)
    return response


def translate(
    pipeline: Pipeline, request: translation_pb2.TranslateRequest, settings: Settings, deadline: float | None = None
) -> translation_pb2.TranslateResponse:
    """Validate a request, translate its text, and put the response together; repairs stop before the deadline.

    Raises:
        InvalidRequest: the request is wrong, or its text cannot be read.
        NotVerified: policy STRICT, and the translation is not verified.
    """
    translation = pipeline.translate(requests.translation_order(request, settings, deadline))
    return responses.translate_response(translation, profile=request.profile or settings.profile)


def compare(
    pipelines: Mapping[str, Pipeline],
    request: translation_pb2.CompareTranslationsRequest,
    settings: Settings,
    deadline: float | None = None,
) -> translation_pb2.CompareTranslationsResponse:
    """Validate a request, bring its translations together, and put the response together; repairs stop before the deadline.

    Raises:
        InvalidRequest: the request is wrong, its text cannot be read, or a given translation cannot be aligned with it.
    """
    pipeline = pipelines[settings.profile]
    others = {name: other.ladder for name, other in pipelines.items()}
    comparer = Comparer(summariser=pipeline.summariser, ladder=pipeline.ladder, metrics=pipeline.metrics, others=others)
    comparison = comparer.compare(requests.comparison_order(request, settings, deadline))
    with pipeline.metrics.stage("respond"):
        return comparisons.compare_response(comparison, profile=settings.profile)
