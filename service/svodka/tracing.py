"""OpenTelemetry: spans for every call and for every step of it, sent where the settings say, and nowhere by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace

from svodka import __version__
from svodka.errors import SettingsError

if TYPE_CHECKING:
    from svodka.settings import Settings

__all__ = ["TRACER", "configure"]

# Spans cost next to nothing until `configure` has said where they go.
TRACER = trace.get_tracer("svodka", __version__)


def configure(settings: Settings) -> None:
    """Send spans to the collector that the settings name; called once, at the entry.

    Raises:
        SettingsError: the packages of the extra `tracing` are not installed.
    """
    if settings.otlp_endpoint is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError("setting 'otlp_endpoint' needs the extra 'tracing': pip install 'svodka[tracing]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": "svodka", "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otlp_endpoint)))
    trace.set_tracer_provider(provider)
