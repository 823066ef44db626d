"""The server's life: listen, load and warm up, serve, drain."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from typing import TYPE_CHECKING

import grpc
import structlog
from grpc_channelz.v1 import channelz
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from svodka import tracing
from svodka.backend import Backend
from svodka.errors import SettingsError
from svodka.gate import Gate
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
_PING_TIMEOUT_SECONDS = 20
_STREAMS_A_CONNECTION = 1_000
# Threads that compute hand over to the event loop after so long (Python's default is five times that): refusals must be quick.
_SWITCH_SECONDS = 0.001
# No call for so long: the last one's answer is on its way, and no other was heard before the server stopped to listen.
_QUIET_SECONDS = 0.5


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
        catalogue = load_catalogue(find_models_dir(settings.models_dir), settings.catalogue_file)
        for profile in settings.profiles:
            catalogue.profile(profile)  # named by the settings, it must be there
        self._metrics = Metrics()
        self.metrics_port: int | None = None
        self._backend = Backend(settings, self._metrics, self._model_changed)
        self._certificate = ServerCertificate.of(settings)
        if self._certificate is not None:
            self._metrics.certificate(self._certificate.seconds_left)
        doorkeepers = [Doorkeeper(Clients(settings.clients_file), self._metrics)] if settings.clients_file else []
        self._health = health.aio.HealthServicer()
        self._serving = False
        self._gate = Gate(SERVICE, self._metrics)
        self._server = grpc.aio.server(interceptors=[*doorkeepers, self._gate], options=_channel_options(settings))
        summary_service_pb2_grpc.add_SummaryServiceServicer_to_server(SummaryServicer(self._backend, catalogue, settings), self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if settings.reflection:
            reflection.enable_server_reflection([SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        if settings.channelz:
            channelz.add_channelz_servicer(self._server)

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
        self._serving = True
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        self._log.info("serving", profiles=self._settings.profiles)

    async def stop(self) -> None:
        """Turn NOT_SERVING, let the requests finish within the drain time, and give everything back."""
        self._serving = False
        await self._health.enter_graceful_shutdown()
        self._log.info("draining", seconds=self._settings.drain_seconds)
        await self._drain()
        await self._backend.close()
        self._metrics.close()
        self._log.info("stopped")

    async def _drain(self) -> None:
        """Hear no more, and let what was heard finish; who watches the server's health would stay to the limit, and does not count."""
        stopping = asyncio.create_task(self._server.stop(self._settings.drain_seconds))
        quiet = asyncio.create_task(self._gate.quiet(_QUIET_SECONDS))
        await asyncio.wait({stopping, quiet}, return_when=asyncio.FIRST_COMPLETED)
        quiet.cancel()
        await self._server.stop(None)
        await stopping

    async def _model_changed(self, model: str, up: bool) -> None:
        """A model's health is a service of its own by its name; the server is SERVING while all of its models are."""
        await self._health.set(model, health_pb2.HealthCheckResponse.SERVING if up else health_pb2.HealthCheckResponse.NOT_SERVING)
        if self._serving:
            serving = health_pb2.HealthCheckResponse.SERVING if self._backend.ready else health_pb2.HealthCheckResponse.NOT_SERVING
            await self._set_health(serving)

    async def _set_health(self, status: int) -> None:
        for service in ("", SERVICE):
            await self._health.set(service, status)


def _channel_options(settings: Settings) -> list[tuple[str, int]]:
    return [
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", _RESPONSE_FACTOR * settings.max_message_bytes),
        ("grpc.enable_channelz", int(settings.channelz)),
        # Two servers on one port would share its calls in silence.
        ("grpc.so_reuseport", 0),
        ("grpc.max_concurrent_streams", _STREAMS_A_CONNECTION),
        # Who connects and then says nothing, or says it byte by byte, is hung up on.
        ("grpc.server_handshake_timeout_ms", int(1000 * settings.handshake_seconds)),
        ("grpc.max_connection_age_ms", int(1000 * settings.max_connection_age_seconds)),
        ("grpc.max_connection_age_grace_ms", int(1000 * settings.max_request_seconds)),
        ("grpc.keepalive_time_ms", int(1000 * settings.keepalive_seconds)),
        ("grpc.keepalive_timeout_ms", 1000 * _PING_TIMEOUT_SECONDS),
        # Clients may ask as often; ones that ask much more often are hung up on.
        ("grpc.http2.min_ping_interval_without_data_ms", int(500 * settings.keepalive_seconds)),
        ("grpc.keepalive_permit_without_calls", 1),
    ]


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        SvodkaError: the server cannot start.
    """
    tracing.configure(settings)
    sys.setswitchinterval(_SWITCH_SECONDS)
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
            gc.freeze()  # tables and models stay: a collection that looks through them lets no call in for a tenth of a second
            await stopping
        else:
            warming.cancel()
    finally:
        await server.stop()
