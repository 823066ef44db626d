"""Articles answered in this process, one after another, as the server would answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import structlog

from svodka import answers
from svodka.backend import open_pipeline
from svodka.batch.outcome import failure
from svodka.errors import SvodkaError, UnknownProfile
from svodka.status import code_of, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.pipeline import Pipeline
    from svodka.settings import Settings
    from svodka.v1 import summary_pb2

__all__ = ["answer", "answer_here"]


def answer_here(requests: Iterator[summary_pb2.SummarizeRequest], settings: Settings) -> Iterator[summary_pb2.SummarizeResponse]:
    """An answer to each request, in their order; one that fails is answered with its error. The models are loaded for the first.

    Raises:
        ModelError, UnknownProfile: as `open_pipeline`.
    """
    pipeline: Pipeline | None = None
    for request in requests:
        if pipeline is None:
            _, pipeline = open_pipeline(settings)
        yield answer(pipeline, request, settings)


def answer(pipeline: Pipeline, request: summary_pb2.SummarizeRequest, settings: Settings) -> summary_pb2.SummarizeResponse:
    """An answer to one request, with its error where it fails."""
    try:
        if request.profile and request.profile != settings.profile:
            raise UnknownProfile(request.profile, (settings.profile,))
        return answers.summarize(pipeline, request, settings)
    except SvodkaError as error:
        return failure(request.request_id, code_of(error), str(error), status_of(error).details)
    except Exception:  # noqa: BLE001 (one article may not end the run; the log has the traceback)
        structlog.get_logger("svodka.batch").exception("failed", request_id=request.request_id)
        return failure(request.request_id, grpc.StatusCode.INTERNAL, "summarising failed; the log says how")
