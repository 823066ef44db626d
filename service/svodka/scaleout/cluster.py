"""Ray Serve on this machine, or on the cluster that RAY_ADDRESS names, for as long as this process lives."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc

from svodka.cores import available_cores
from svodka.errors import SettingsError, SvodkaError
from svodka.scaleout.application import NAME, application, cores, grpc_options, message_bytes

if TYPE_CHECKING:
    from svodka.scaleout.application import Scale
    from svodka.settings import Settings

__all__ = ["connect", "serve_until_stopped"]

_ADDRESS_VARIABLE = "RAY_ADDRESS"
# Articles and answers are small, and pass through it only on their way.
_OBJECT_STORE_BYTES = 256 * 1024 * 1024
_DOOR_SECONDS, _DOOR_PAUSE_SECONDS = 30.0, 0.1


def serve_until_stopped(settings: Settings, size: Scale) -> None:
    """Serve until SIGTERM or SIGINT; the calls that are under way then are finished within the drain time.

    Raises:
        SettingsError: Ray is not installed, the settings are wrong, or the replicas do not fit on this machine.
        SvodkaError: the replicas cannot start.
    """
    # Serve reads it when it is imported, here and in the proxies, which inherit it.
    os.environ.setdefault("RAY_SERVE_GRPC_MAX_MESSAGE_SIZE", str(message_bytes(settings)))
    own = connect(size.min_replicas * cores(settings))
    import ray
    from ray import serve

    log = structlog.get_logger("svodka.scaleout")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        # The proxies have an HTTP server, too, which has nothing to serve: any port of loopback will do.
        serve.start(proxy_location="EveryNode", http_options={"port": 0}, grpc_options=grpc_options(settings))
        try:
            # Without a route for HTTP there is none for gRPC either.
            serve.run(application(settings, size), name=NAME, route_prefix=f"/{NAME}")
        except RuntimeError as error:
            raise SvodkaError(f"the replicas do not start: {error}") from error
        _wait_for_door(settings.port)
        log.info("serving", port=settings.port, min_replicas=size.min_replicas, max_replicas=size.max_replicas)
        stopping.wait()
        log.info("draining", seconds=settings.drain_seconds)
        serve.delete(NAME)
        if own:
            serve.shutdown()
        log.info("stopped")
    finally:
        ray.shutdown()


def _wait_for_door(port: int) -> None:
    """Wait until the proxy of this machine passes calls on; it learns of the replicas a moment after they are there."""
    deadline = time.monotonic() + _DOOR_SECONDS
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        while True:
            try:
                check(health_pb2.HealthCheckRequest(), timeout=_DOOR_SECONDS, wait_for_ready=True)
                return
            except grpc.RpcError as error:
                if time.monotonic() > deadline:
                    raise SvodkaError(f"Ray Serve takes no calls at port {port}: {error.code().name}: {error.details()}") from error
            time.sleep(_DOOR_PAUSE_SECONDS)


def connect(cores_needed: int) -> bool:
    """Join the cluster that RAY_ADDRESS names, or start one on this machine alone, which ends with this process; whether it is one's own.

    Raises:
        SettingsError: Ray is not installed, or this machine has fewer cores than are needed.
    """
    # Nothing is sent to anyone unless it is asked for, and no line of the log is left out for being like another.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    try:
        import ray
    except ImportError as error:
        raise SettingsError("Ray is not installed: pip install 'svodka[ray]'") from error
    if os.environ.get(_ADDRESS_VARIABLE):
        ray.init(logging_level="warning")
        return False
    available = available_cores()
    if cores_needed > available:
        raise SettingsError(f"{cores_needed} cores are needed and this machine has {available}: set fewer replicas, or 'threads' lower")
    ray.init(
        address="local",
        num_cpus=available,
        object_store_memory=_OBJECT_STORE_BYTES,
        include_dashboard=False,
        logging_level="warning",
    )
    return True
