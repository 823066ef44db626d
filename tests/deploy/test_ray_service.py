"""The manifests for KubeRay. Its own fields have no schema here; what they name is held, and that Kubernetes takes pods and Service."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from svodka.scaleout import application
from svodka.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes" / "ray"
VERSIONS = ["1.30", kubernetes_validate.latest_version().removesuffix(".0")]

Manifest = dict[str, Any]


def _load(name: str) -> Manifest:
    loaded: Manifest = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


SPEC = _load("ray-service.yaml")["spec"]
SERVE = yaml.safe_load(SPEC["serveConfigV2"])
HEAD = SPEC["rayClusterConfig"]["headGroupSpec"]
(WORKERS,) = SPEC["rayClusterConfig"]["workerGroupSpecs"]
GROUPS = pytest.mark.parametrize("group", [HEAD, WORKERS], ids=["head", "workers"])


def _container(group: Manifest) -> Manifest:
    (container,) = group["template"]["spec"]["containers"]
    return dict(container)


def _environment(group: Manifest) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in _container(group)["env"]}


def _settings(group: Manifest) -> Settings:
    named = {name.removeprefix("SVODKA_").lower(): value for name, value in _environment(group).items() if name.startswith("SVODKA_")}
    return load_settings(named)


def _named(path: str) -> object:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def test_kustomize_takes_every_file() -> None:
    files = {file.name for file in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(_load("kustomization.yaml")["resources"]) == files


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_the_service(version: str) -> None:
    assert kubernetes_validate.validate(_load("service.yaml"), version, strict=True) == version


@GROUPS
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_the_pods(group: Manifest, version: str) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", **group["template"]["metadata"]}, "spec": group["template"]["spec"]}
    assert kubernetes_validate.validate(pod, version, strict=True) == version


def test_serve_is_told_what_the_command_line_tells_it() -> None:
    options = application.grpc_options(load_settings())
    assert SERVE["grpc_options"] == {name: value for name, value in options.items() if name != "enable_reflection"}
    (app,) = SERVE["applications"]
    assert app["name"] == application.NAME
    assert _named(app["import_path"]) is application.build
    assert application.scale(app["args"]).min_replicas >= 2  # one may be lost
    for path in SERVE["grpc_options"]["grpc_servicer_functions"]:
        assert callable(_named(path))


def test_serve_s_own_schema_takes_the_configuration() -> None:
    schema = pytest.importorskip("ray.serve.schema")
    assert schema.ServeDeploySchema.model_validate(SERVE).grpc_options.port == SERVE["grpc_options"]["port"]


@GROUPS
def test_the_environment_holds_settings(group: Manifest) -> None:
    settings = _settings(group)
    assert settings.max_request_seconds == SERVE["grpc_options"]["request_timeout_s"]
    assert int(_environment(group)["RAY_SERVE_GRPC_MAX_MESSAGE_SIZE"]) == application.message_bytes(settings)
    assert group["template"]["spec"]["enableServiceLinks"] is False


def test_a_worker_has_room_for_one_replica_and_time_for_it_to_finish() -> None:
    settings = _settings(WORKERS)
    assert int(_container(WORKERS)["resources"]["limits"]["cpu"]) == application.cores(settings)
    assert WORKERS["template"]["spec"]["terminationGracePeriodSeconds"] > settings.drain_seconds
    args = SERVE["applications"][0]["args"]
    assert (WORKERS["minReplicas"], WORKERS["maxReplicas"]) == (args["min_replicas"], args["max_replicas"])
    assert HEAD["rayStartParams"]["num-cpus"] == "0"


@GROUPS
def test_ports_and_labels_are_the_service_s(group: Manifest) -> None:
    service = _load("service.yaml")["spec"]
    ports = {port["name"]: port["containerPort"] for port in _container(group)["ports"]}
    assert (ports["serve"], ports["grpc"]) == (SERVE["http_options"]["port"], SERVE["grpc_options"]["port"])
    (port,) = service["ports"]
    assert (port["targetPort"], port["port"]) == ("grpc", ports["grpc"])
    ours = {key: value for key, value in service["selector"].items() if not key.startswith("ray.io/")}
    assert ours.items() <= group["template"]["metadata"]["labels"].items()


@GROUPS
def test_probes_need_nothing_that_the_image_has_not(group: Manifest) -> None:
    container = _container(group)
    probes = [container[name] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert all("httpGet" in probe for probe in probes)
    named = {probe["httpGet"]["port"] for probe in probes if isinstance(probe["httpGet"]["port"], str)}
    assert named <= {port["name"] for port in container["ports"]}


def test_one_version_of_ray_everywhere() -> None:
    (extra,) = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]["ray"]
    (image,) = re.findall(r"'(ray\[.*\]==.*)'", (FOLDER / "Dockerfile").read_text(encoding="utf-8"))
    assert image == extra
    assert extra.partition("==")[2] == SPEC["rayClusterConfig"]["rayVersion"]
