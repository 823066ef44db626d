"""How Ray Serve shall run the service: replicas, how many, and with which resources. `build` is the import path for Serve's own tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from svodka.errors import SettingsError
from svodka.scaleout.door import SERVICES
from svodka.scaleout.replica import Replica
from svodka.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ray.serve import Application

    from svodka.settings import Settings

__all__ = ["NAME", "Scale", "application", "build", "cores", "grpc_options", "message_bytes"]

NAME = "svodka"

# Settings that are the server's own: left unheard they would leave open or unseen what was meant to be closed or seen.
_SERVERS_OWN = ("metrics_port", "tls_certificate", "tls_key", "clients_file")
# A replica's two lanes refuse first, since only they can say when to come back; there is room left for health checks.
_LANES, _SPARE_CALLS = 2, 16
_RESPONSE_FACTOR = 4  # as the server's: an answer carries the article's sentences and its ledger beside the summaries
_HEALTH_PERIOD_SECONDS, _HEALTH_TIMEOUT_SECONDS = 5.0, 30.0


class Scale(BaseModel):
    """How many replicas there may be, and when there shall be more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_replicas: int = Field(1, ge=1, description="replicas that are always there")
    max_replicas: int = Field(1, ge=1, description="replicas at the most")
    target_calls: float = Field(8.0, gt=0, description="calls a replica, waiting ones too, above which there are to be more")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise ValueError(f"min_replicas = {self.min_replicas} is more than max_replicas = {self.max_replicas}")
        return self


def build(arguments: dict[str, Any]) -> Application:
    """The application with the settings of this machine; `arguments` are the fields of `Scale`.

    Raises:
        SettingsError: an argument or a setting is wrong.
    """
    return application(load_settings(), scale(arguments))


def scale(arguments: Mapping[str, Any]) -> Scale:
    """Read the fields of `Scale`.

    Raises:
        SettingsError: one is unknown or wrong.
    """
    try:
        return Scale.model_validate(arguments)
    except ValidationError as error:
        told = (f"{'.'.join(str(part) for part in problem['loc']) or 'replicas'}: {problem['msg']}" for problem in error.errors())
        raise SettingsError("; ".join(told)) from error


def application(settings: Settings, size: Scale) -> Application:
    """The application; nothing is started.

    Raises:
        SettingsError: a setting has no meaning here.
    """
    from ray import serve

    given = [name for name, value in settings.model_dump().items() if name in _SERVERS_OWN and value is not None]
    if given:
        raise SettingsError(f"settings {', '.join(given)} are for `svodka serve`; behind Ray Serve they are what stands in front of it")
    calls = _LANES * settings.max_concurrent_requests + _SPARE_CALLS
    deployment = serve.deployment(
        Replica,
        name=Replica.__name__,
        autoscaling_config={
            "min_replicas": size.min_replicas,
            "max_replicas": size.max_replicas,
            "target_ongoing_requests": size.target_calls,
        },
        ray_actor_options={"num_cpus": cores(settings)},
        max_ongoing_requests=calls,
        max_queued_requests=calls,
        health_check_period_s=_HEALTH_PERIOD_SECONDS,
        health_check_timeout_s=_HEALTH_TIMEOUT_SECONDS,
        graceful_shutdown_timeout_s=settings.drain_seconds,
    )
    return deployment.bind(settings.model_copy(update={"threads": _threads(settings)}))


def cores(settings: Settings) -> int:
    """What a replica asks Ray for: a core for every thread of inference."""
    return _threads(settings) * settings.translators


def _threads(settings: Settings) -> int:
    # All the cores of a machine are not a replica's own.
    return settings.threads or 1


def grpc_options(settings: Settings) -> dict[str, Any]:
    """Serve's `grpc_options`."""
    return {
        "port": settings.port,
        "grpc_servicer_functions": list(SERVICES),
        "request_timeout_s": settings.max_request_seconds,
        "enable_reflection": settings.reflection,
    }


def message_bytes(settings: Settings) -> int:
    """For RAY_SERVE_GRPC_MAX_MESSAGE_SIZE: the longest message either way."""
    return _RESPONSE_FACTOR * settings.max_message_bytes
