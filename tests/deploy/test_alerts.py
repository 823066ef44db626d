import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from promql import unknown

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
RULES = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
ALERTS: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
PROMTOOL = shutil.which("promtool")

each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])


def test_names_are_unique() -> None:
    names = [alert["alert"] for alert in ALERTS]
    assert len(set(names)) == len(names)
    groups = [group["name"] for group in RULES["groups"]]
    assert len(set(groups)) == len(groups)


@each_alert
def test_an_alert_says_how_grave_it_is_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert alert["alert"].startswith("Svodka")
    assert alert["labels"].keys() == {"severity"}
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert alert["annotations"].keys() == {"summary", "description"}
    assert len(alert["annotations"]["description"]) > len(alert["annotations"]["summary"])


@each_alert
def test_an_alert_reads_what_the_server_serves(alert: dict[str, Any]) -> None:
    assert unknown(alert["expr"]) == []


def test_every_alert_is_seen_to_fire() -> None:
    tests = yaml.safe_load((FOLDER / "alerts.test.yaml").read_text(encoding="utf-8"))["tests"]
    samples = [sample for test in tests for query in test["promql_expr_test"] for sample in query.get("exp_samples", ())]
    fired = {alert["alert"] for alert in ALERTS if any(f'alertname="{alert["alert"]}"' in sample["labels"] for sample in samples)}
    assert fired == {alert["alert"] for alert in ALERTS}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: the package prometheus)")
@pytest.mark.parametrize(
    "arguments",
    [("check", "rules", "alerts.yaml"), ("test", "rules", "alerts.test.yaml"), ("check", "config", "--syntax-only", "scrape.yaml")],
)
def test_promtool_agrees(arguments: tuple[str, ...]) -> None:
    ran = subprocess.run([str(PROMTOOL), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
