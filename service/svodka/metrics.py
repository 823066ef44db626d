"""What is counted of the answers: figures by what the checks said of them, repairs by rung and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, start_http_server

from svodka.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.simple_server import WSGIServer

    from svodka.types import Answer, Repair, Translation

__all__ = ["Metrics"]


class Metrics:
    """Counters in a registry of their own."""

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

    def answered(self, answer: Answer) -> None:
        """Count the ledger and the repairs of an answer."""
        for entry in answer.ledger:
            for relation in entry.relations:
                self._checks.labels(relation.hop, entry.kind, relation.relation.value).inc()
        self._repaired(answer.repairs)

    def translated(self, translation: Translation) -> None:
        """Count the figures and the repairs of a translation."""
        hop = f"{translation.source.language}-{translation.language}"
        for pair in translation.pairs:
            figure = pair.source or pair.target
            if figure is not None:
                self._checks.labels(hop, figure.kind.value, pair.relation.value).inc()
        self._repaired(translation.repairs)

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
