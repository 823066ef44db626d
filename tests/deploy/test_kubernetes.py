import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from promql import SERIES, unknown
from svodka.servicer import SERVICE
from svodka.settings import Settings

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
BASE = sorted(file for file in (FOLDER / "base").glob("*.yaml") if file.name != "kustomization.yaml")
KUBECTL = shutil.which("kubectl")
# The oldest that knows all the fields (preStop by sleep), and the newest that the schemas are there for.
VERSIONS = ["1.30", kubernetes_validate.latest_version().removesuffix(".0")]
SETTINGS = frozenset(Settings.model_fields) | {"tls_certificate", "tls_key", "clients_file"}
MAX_QUEUE_TOKENS = 8192  # the setting's default
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (no file is made here)

Manifest = dict[str, Any]


def _load(file: Path) -> list[Manifest]:
    return [document for document in yaml.safe_load_all(file.read_text(encoding="utf-8")) if document]


def _base() -> list[Manifest]:
    return [document for file in BASE for document in _load(file)]


def _built(folder: str) -> list[Manifest]:
    built = subprocess.run([str(KUBECTL), "kustomize", str(FOLDER / folder)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return list(yaml.safe_load_all(built.stdout))


@pytest.fixture(
    scope="module",
    params=[
        "files",
        *(
            pytest.param(folder, marks=pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed"))
            for folder in ("base", "example")
        ),
    ],
)
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    """As they lie there, and as kustomize builds them."""
    return _base() if request.param == "files" else _built(request.param)


def _one(manifests: list[Manifest], kind: str) -> Manifest:
    (found,) = [manifest for manifest in manifests if manifest["kind"] == kind]
    return found


def _pod(manifests: list[Manifest]) -> Manifest:
    pod: Manifest = _one(manifests, "Deployment")["spec"]["template"]
    return pod


def _container(manifests: list[Manifest]) -> Manifest:
    (container,) = _pod(manifests)["spec"]["containers"]
    return dict(container)


def _environment(container: Manifest) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container["env"]}


def test_the_base_has_every_file() -> None:
    assert sorted(_load(FOLDER / "base" / "kustomization.yaml")[0]["resources"]) == [file.name for file in BASE]


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_manifest(manifests: list[Manifest], version: str) -> None:
    ours = [manifest for manifest in manifests if not manifest["apiVersion"].startswith("monitoring.coreos.com/")]
    assert len(ours) == len(BASE)
    for manifest in ours:
        assert kubernetes_validate.validate(manifest, version, strict=True) == version


@pytest.mark.parametrize("version", VERSIONS)
def test_a_misspelt_field_would_be_seen(version: str) -> None:
    service = _one(_base(), "Service")
    service["spec"]["clusterIp"] = service["spec"].pop("clusterIP")
    with pytest.raises(kubernetes_validate.ValidationError, match="clusterIp"):
        kubernetes_validate.validate(service, version, strict=True)


def test_selectors_choose_the_pods(manifests: list[Manifest]) -> None:
    labels = _pod(manifests)["metadata"]["labels"].items()
    deployment = _one(manifests, "Deployment")
    selectors = [
        deployment["spec"]["selector"]["matchLabels"],
        _one(manifests, "Service")["spec"]["selector"],
        _one(manifests, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        _one(manifests, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        *(spread["labelSelector"]["matchLabels"] for spread in _pod(manifests)["spec"]["topologySpreadConstraints"]),
        *(manifest["spec"]["selector"]["matchLabels"] for manifest in manifests if manifest["kind"] == "PodMonitor"),
    ]
    assert all(selector and selector.items() <= labels for selector in selectors)
    target = _one(manifests, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert target == {"apiVersion": deployment["apiVersion"], "kind": "Deployment", "name": deployment["metadata"]["name"]}
    assert _pod(manifests)["spec"]["serviceAccountName"] == _one(manifests, "ServiceAccount")["metadata"]["name"]


def test_ports_are_the_containers(manifests: list[Manifest]) -> None:
    container = _container(manifests)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    environment = _environment(container)
    assert ports == {
        "grpc": int(environment.get("SVODKA_PORT", Settings.model_fields["port"].default)),
        "metrics": int(environment["SVODKA_METRICS_PORT"]),
    }
    (service,) = _one(manifests, "Service")["spec"]["ports"]
    assert (service["targetPort"], service["port"]) == ("grpc", ports["grpc"])
    allowed = [port["port"] for rule in _one(manifests, "NetworkPolicy")["spec"]["ingress"] for port in rule["ports"]]
    assert sorted(allowed) == sorted(ports)
    monitored = [
        end["port"] for manifest in manifests if manifest["kind"] == "PodMonitor" for end in manifest["spec"]["podMetricsEndpoints"]
    ]
    assert set(monitored) <= {"metrics"}


def test_probes_ask_the_server(manifests: list[Manifest]) -> None:
    container = _container(manifests)
    ports: dict[object, int] = {port["name"]: port["containerPort"] for port in container["ports"]}
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = container[name]
        (how,) = probe.keys() & {"grpc", "exec", "tcpSocket", "httpGet"}
        if how == "exec":
            command = probe["exec"]["command"]
            assert command[:2] == ["svodka", "health"]
            asked = int(command[command.index("--target") + 1].rpartition(":")[2])
            assert probe["timeoutSeconds"] > float(command[command.index("--timeout") + 1])
        else:
            asked = ports.get(probe[how]["port"], probe[how]["port"])
        assert asked == ports["grpc"]
        assert probe.get("grpc", {}).get("service", SERVICE) == SERVICE


def test_a_stopping_server_may_finish(manifests: list[Manifest]) -> None:
    container = _container(manifests)
    drain = float(_environment(container)["SVODKA_DRAIN_SECONDS"])
    lead = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert _pod(manifests)["spec"]["terminationGracePeriodSeconds"] > lead + drain


def test_a_model_that_is_started_again_costs_no_pod(manifests: list[Manifest]) -> None:
    probe = _container(manifests)["livenessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] >= 120


def test_the_pod_may_do_nothing_that_it_need_not(manifests: list[Manifest]) -> None:
    pod, container = _pod(manifests)["spec"], _container(manifests)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is _one(manifests, "ServiceAccount")["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert _one(manifests, "NetworkPolicy")["spec"]["egress"] == []


def test_the_user_is_the_images(manifests: list[Manifest]) -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", (FOLDER.parents[1] / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert _pod(manifests)["spec"]["securityContext"]["runAsUser"] == int(user)


def test_every_mount_has_its_volume(manifests: list[Manifest]) -> None:
    volumes = {volume["name"]: volume for volume in _pod(manifests)["spec"]["volumes"]}
    mounts = {mount["mountPath"]: mount["name"] for mount in _container(manifests)["volumeMounts"]}
    assert sorted(mounts.values()) == sorted(volumes)
    assert volumes[mounts[SHARED_MEMORY]]["emptyDir"]["medium"] == "Memory"


def test_the_environment_holds_settings_and_nothing_else(manifests: list[Manifest]) -> None:
    names = _environment(_container(manifests)).keys()
    assert {name.removeprefix("SVODKA_").lower() for name in names} <= SETTINGS
    assert _pod(manifests)["spec"]["enableServiceLinks"] is False


def test_the_service_shows_clients_every_server(manifests: list[Manifest]) -> None:
    assert _one(manifests, "Service")["spec"]["clusterIP"] == "None"


def test_the_autoscaler_acts_on_the_queue_before_calls_are_refused(manifests: list[Manifest]) -> None:
    autoscaler = _one(manifests, "HorizontalPodAutoscaler")["spec"]
    (queue,) = [metric["pods"] for metric in autoscaler["metrics"] if metric["type"] == "Pods"]
    assert queue["metric"]["name"] in SERIES
    assert int(queue["target"]["averageValue"]) <= MAX_QUEUE_TOKENS / 2
    (rule,) = _load(FOLDER / "prometheus-adapter.yaml")[0]["rules"]["custom"]
    assert rule["name"]["as"] == queue["metric"]["name"]
    assert unknown(rule["seriesQuery"]) == []
    query = rule["metricsQuery"]
    for placeholder, value in (
        ("<<.Series>>", queue["metric"]["name"]),
        ("<<.LabelMatchers>>", 'namespace="n",pod="p"'),
        ("<<.GroupBy>>", "pod"),
    ):
        assert placeholder in query
        query = query.replace(placeholder, value)
    assert unknown(query) == []


def test_numbers_that_go_with_the_queues_limit_are_its_default() -> None:
    field = Settings.model_fields.get("max_queue_tokens")
    assert field is None or field.default == MAX_QUEUE_TOKENS
    alerts = (FOLDER.parent / "prometheus" / "alerts.yaml").read_text(encoding="utf-8")
    assert f"* {MAX_QUEUE_TOKENS} # SVODKA_MAX_QUEUE_TOKENS" in alerts


@pytest.mark.parametrize("patch", ["deployment.yaml", "service.yaml"])
def test_patches_of_tls_meet_what_they_change(patch: str) -> None:
    (change,) = _load(FOLDER / "components" / "tls" / patch)
    target = _one(_base(), change["kind"])
    assert (change["apiVersion"], change["metadata"]["name"]) == (target["apiVersion"], target["metadata"]["name"])
    if change["kind"] == "Deployment":
        assert _container([change])["name"] == _container([target])["name"]
    else:
        assert [port["port"] for port in change["spec"]["ports"]] == [port["port"] for port in target["spec"]["ports"]]
