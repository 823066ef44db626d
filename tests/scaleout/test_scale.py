"""How many replicas there may be: wrong sizes and settings stop the start and are named."""

from __future__ import annotations

import importlib

import pytest

from svodka.errors import SettingsError
from svodka.scaleout import application as scaleout
from svodka.settings import load_settings


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"min_replicas": 3, "max_replicas": 2}, "min_replicas = 3 is more than max_replicas = 2"),
        ({"min_replicas": 0}, "min_replicas: Input should be greater than or equal to 1"),
        ({"replicas": 2}, "replicas: Extra inputs are not permitted"),
        ({"target_calls": 0}, "target_calls: Input should be greater than 0"),
    ],
)
def test_a_wrong_size_is_named(arguments: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        scaleout.scale(arguments)


@pytest.mark.parametrize(("settings", "cores"), [({}, 1), ({"threads": 4}, 4), ({"threads": 2, "translators": 3}, 6)])
def test_a_replica_asks_for_a_core_a_thread(settings: dict[str, object], cores: int) -> None:
    assert scaleout.cores(load_settings(settings)) == cores


def test_serve_is_told_of_functions_that_there_are() -> None:
    options = scaleout.grpc_options(load_settings({"port": 6000, "max_request_seconds": 10, "reflection": False}))
    assert (options["port"], options["request_timeout_s"], options["enable_reflection"]) == (6000, 10, False)
    for path in options["grpc_servicer_functions"]:
        module, _, name = path.partition(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_the_bounds_of_serve_are_those_of_the_replica() -> None:
    pytest.importorskip("ray.serve")
    built = scaleout.application(load_settings({"max_concurrent_requests": 5, "threads": 2}), scaleout.Scale(max_replicas=3))
    deployment = built._bound_deployment
    assert deployment.max_ongoing_requests > 2 * 5
    assert deployment.ray_actor_options["num_cpus"] == 2
    assert deployment._deployment_config.autoscaling_config.max_replicas == 3


def test_a_setting_that_would_go_unheard_stops_the_start() -> None:
    pytest.importorskip("ray.serve")
    with pytest.raises(SettingsError, match="settings metrics_port are for `svodka serve`"):
        scaleout.application(load_settings({"metrics_port": 9464}), scaleout.Scale())
