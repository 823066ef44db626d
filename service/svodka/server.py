"""The server's life: listen, load and warm up, serve, drain."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from svodka.backend import Backend
from svodka.errors import SettingsError
from svodka.gate import Admission, Gate
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.metrics import Metrics
from svodka.security.clients import Clients
from svodka.security.doorkeeper import Doorkeeper
from svodka.security.exposure import warn_if_open
from svodka.security.tls import ServerCertificate
from svodka.servicer import SERVICE, SummaryServicer
from svodka.v1 import summary_service_pb2_grpc

if TYPE_CHECKING:
    from svodka.settings import Settings

__all__ = ["Server", "run"]

# An answer carries the article's sentences and its ledger beside the summaries.
_RESPONSE_FACTOR = 4
_NEEDS_NO_PLACE = frozenset({"GetServiceInfo"})


class Server:
    """A SummaryService with standard health and reflection on one port."""

    def __init__(self, settings: Settings) -> None:
        """Put the parts together; nothing listens and nothing is loaded yet.

        Raises:
            SettingsError, ModelMissing: the catalogue is wrong or missing, or a file of certificates or clients is.
            UnknownProfile: the catalogue has no such profile.
        """
        self._settings = settings
        self._log = structlog.get_logger("svodka.server")
        catalogue = load_catalogue(find_models_dir(settings.models_dir))
        catalogue.profile(settings.profile)
        self._metrics = Metrics()
        self.metrics_port: int | None = None
        self._backend = Backend(settings, self._metrics)
        self._certificate = ServerCertificate.of(settings)
        doorkeepers = [Doorkeeper(Clients(settings.clients_file))] if settings.clients_file else []
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            interceptors=[*doorkeepers, Gate(SERVICE, Admission(settings.max_concurrent_requests), _NEEDS_NO_PLACE)],
            options=[
                ("grpc.max_receive_message_length", settings.max_message_bytes),
                ("grpc.max_send_message_length", _RESPONSE_FACTOR * settings.max_message_bytes),
                # Two servers on one port would share its calls in silence.
                ("grpc.so_reuseport", 0),
            ],
        )
        summary_service_pb2_grpc.add_SummaryServiceServicer_to_server(SummaryServicer(self._backend, catalogue, settings), self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if settings.reflection:
            reflection.enable_server_reflection([SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)

    async def start(self) -> int:
        """Listen, NOT_SERVING; the port is given back, for settings may leave its choice to the system.

        Raises:
            SettingsError: the address cannot be listened on.
        """
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        address = f"{host}:{self._settings.port}"
        try:
            if self._certificate is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, self._certificate.credentials())
        except RuntimeError as error:
            raise SettingsError(f"cannot listen on {address} (settings 'host' and 'port'): {error}") from error
        await self._server.start()
        warn_if_open(self._settings)
        self._log.info("listening", host=self._settings.host, port=port)
        if self._settings.metrics_port is not None:
            self.metrics_port = self._metrics.serve(self._settings.host, self._settings.metrics_port)
            self._log.info("metrics", host=self._settings.host, port=self.metrics_port)
        return port

    async def warm_up(self) -> None:
        """Load the models, send one short article the whole way, and turn SERVING.

        Raises:
            ModelError: the models cannot be used.
        """
        await self._backend.start()
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        self._log.info("serving", profile=self._settings.profile)

    async def stop(self) -> None:
        """Turn NOT_SERVING, let the requests finish within the drain time, and give everything back."""
        await self._health.enter_graceful_shutdown()
        self._log.info("draining", seconds=self._settings.drain_seconds)
        await self._server.stop(self._settings.drain_seconds)
        self._backend.close()
        self._metrics.close()
        self._log.info("stopped")

    async def _set_health(self, status: int) -> None:
        for service in ("", SERVICE):
            await self._health.set(service, status)


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        SvodkaError: the server cannot start.
    """
    server = Server(settings)
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await server.start()
    try:
        warming = asyncio.ensure_future(server.warm_up())
        stopping = asyncio.ensure_future(asked.wait())
        await asyncio.wait({warming, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if warming.done():
            warming.result()
            await stopping
        else:
            warming.cancel()
    finally:
        await server.stop()
