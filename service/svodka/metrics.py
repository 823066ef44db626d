"""What is counted and timed, for Prometheus: calls, the queue, batches, steps, models, and what became of the figures."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector, start_http_server

from svodka import __version__
from svodka.errors import SettingsError
from svodka.steps import step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.simple_server import WSGIServer

    from svodka.figures.types import Pair
    from svodka.types import Answer, Repair

__all__ = ["Metrics"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
_TOKENS = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)
_PROMPTS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counters, gauges and histograms in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._server: WSGIServer | None = None
        self._checks = Counter(
            "figure_check",
            "Figures that a comparison of two texts has told something of.",
            ("hop", "kind", "relation"),
            registry=self.registry,
        )
        self._repairs = Counter("figure_repair", "Rungs of the repair ladder that were tried.", ("rung", "outcome"), registry=self.registry)
        self._rpcs = self._histogram("rpc_seconds", "Time of a call, by method and gRPC code.", _SECONDS, "method", "code")
        self._in_flight = self._gauge("rpcs_in_flight", "Calls that are not answered yet.", "method")
        self._queue_requests = self._gauge("queue_requests", "Calls that a lane has accepted and not answered yet.", "lane")
        self._queue_tokens = self._gauge("queue_tokens", "Tokens of work that a lane has accepted and not done yet.", "lane")
        self._refused = Counter(
            "svodka_refused", "Calls that a lane refused, or that expired in it.", ("lane", "reason"), registry=self.registry
        )
        self._batch_prompts = self._histogram("batch_prompts", "Prompts of a batch.", _PROMPTS)
        self._batch_tokens = self._histogram("batch_tokens", "Width of a batch: tokens of its longest, times prompts and beams.", _TOKENS)
        self._batch_seconds = self._histogram("batch_seconds", "Time of a batch.", _SECONDS)
        self._stages = self._histogram("stage_seconds", "Time of a step of the pipeline.", _SECONDS, "stage")
        self._model_up = self._gauge("model_up", "Whether a model's process runs.", "model")
        self._model_load = self._gauge("model_load_seconds", "Time that a model took to load.", "model")
        self._model_restarts = Counter(
            "svodka_model_restarts", "Times that a model's process was started again.", ("model",), registry=self.registry
        )
        self._gauge("build_info", "1, with the version.", "version").labels(__version__).set(1)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def _histogram(self, name: str, help_: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"svodka_{name}", help_, labels, buckets=buckets, registry=self.registry)

    def _gauge(self, name: str, help_: str, *labels: str) -> Gauge:
        return Gauge(f"svodka_{name}", help_, labels, registry=self.registry)

    def called(self, method: str) -> None:
        """A call of a method began."""
        self._in_flight.labels(method).inc()

    def finished(self, method: str, code: str, seconds: float) -> None:
        """A call of a method ended, with a gRPC code, after so long."""
        self._in_flight.labels(method).dec()
        self._rpcs.labels(method, code).observe(seconds)

    def queued(self, lane: str, calls: int, tokens: int) -> None:
        """So much is accepted and not done yet."""
        self._queue_requests.labels(lane).set(calls)
        self._queue_tokens.labels(lane).set(tokens)

    def refused(self, lane: str, reason: str) -> None:
        """A call was not accepted, or not begun."""
        self._refused.labels(lane, reason).inc()

    def batch_done(self, *, prompts: int, tokens: int, seconds: float) -> None:
        """See `BatchObserver.batch_done`."""
        self._batch_prompts.observe(prompts)
        self._batch_tokens.observe(tokens)
        self._batch_seconds.observe(seconds)

    def certificate(self, seconds_left: Callable[[], float]) -> None:
        """The server has a certificate, which expires when `seconds_left` says, asked whenever Prometheus asks."""
        self._gauge("certificate_expiry_seconds", "Seconds until the server's certificate expires.").set_function(seconds_left)

    def model_loaded(self, model: str, seconds: float) -> None:
        """A model's process runs, after so long."""
        self._model_load.labels(model).set(seconds)
        self._model_up.labels(model).set(1)
        self._model_restarts.labels(model)  # from zero

    def model_lost(self, model: str) -> None:
        """A model's process ended; it will be started again."""
        self._model_up.labels(model).set(0)
        self._model_restarts.labels(model).inc()

    @contextlib.contextmanager
    def stage(self, name: str, *, of: int = 0) -> Iterator[None]:
        """Within is a step of the pipeline, about so many sentences: timed, and told as `step` does."""
        with step(name, of=of), self._stages.labels(name).time():
            yield

    def answered(self, answer: Answer) -> None:
        """Count the ledger and the repairs of an answer."""
        for entry in answer.ledger:
            for relation in entry.relations:
                self._checks.labels(relation.hop, entry.kind, relation.relation.value).inc()
        self._repaired(answer.repairs)

    def translated(self, source: str, target: str, pairs: Iterable[Pair], repairs: Iterable[Repair]) -> None:
        """Count the figures and the repairs of a translation between two languages."""
        for pair in pairs:
            figure = pair.source or pair.target
            if figure is not None:
                self._checks.labels(f"{source}-{target}", figure.kind.value, pair.relation.value).inc()
        self._repaired(repairs)

    def _repaired(self, repairs: Iterable[Repair]) -> None:
        for repair in repairs:
            self._repairs.labels(repair.rung, repair.outcome.value).inc()

    def serve(self, host: str, port: int) -> int:
        """Answer Prometheus on a port; 0 takes a free one. Returns the port.

        Raises:
            SettingsError: the address cannot be listened on.
        """
        try:
            self._server, _ = start_http_server(port, host, registry=self.registry)
        except OSError as error:
            raise SettingsError(f"cannot listen on {host}:{port} (settings 'host' and 'metrics_port'): {error}") from error
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop answering Prometheus."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
