import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from promql import unknown

DASHBOARD = json.loads((Path(__file__).parents[2] / "deploy" / "grafana" / "svodka.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
CHARTS = [panel for panel in PANELS if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in CHARTS for target in panel["targets"]] + [
    annotation["expr"] for annotation in DASHBOARD["annotations"]["list"]
]
WIDTH = 24
PROMTOOL = shutil.which("promtool")

each_chart = pytest.mark.parametrize("panel", CHARTS, ids=lambda panel: f"{panel['id']} {panel['title']}")


def test_it_can_be_provisioned() -> None:
    assert DASHBOARD["uid"] == "svodka"
    assert "id" not in DASHBOARD  # is Grafana's to give
    assert [variable["name"] for variable in DASHBOARD["templating"]["list"]] == ["datasource", "job", "instance"]
    assert "__inputs" not in DASHBOARD  # the data source is a variable


def test_panels_have_ids_of_their_own() -> None:
    ids = [panel["id"] for panel in PANELS]
    assert len(set(ids)) == len(ids)


def test_panels_neither_overlap_nor_stick_out() -> None:
    for panel in PANELS:
        place = panel["gridPos"]
        assert 0 <= place["x"] < place["x"] + place["w"] <= WIDTH
    for one, other in itertools.combinations(PANELS, 2):
        a, b = one["gridPos"], other["gridPos"]
        apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"] or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert apart, f"{one['title']} lies on {other['title']}"


def test_every_row_has_panels() -> None:
    assert PANELS[0]["type"] == "row"
    kinds = [panel["type"] for panel in PANELS]
    assert all(pair != ("row", "row") for pair in itertools.pairwise([*kinds, "row"]))


@each_chart
def test_a_panel_asks_the_chosen_servers_and_names_its_unit(panel: dict[str, Any]) -> None:
    unit = panel["options"]["yAxis"]["unit"] if panel["type"] == "heatmap" else panel["fieldConfig"]["defaults"]["unit"]
    assert unit
    assert panel["targets"]
    refs = [target["refId"] for target in panel["targets"]]
    assert len(set(refs)) == len(refs)
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert all('job=~"$job",instance=~"$instance"' in selector for selector in re.findall(r"\{([^}]*)\}", target["expr"]))
        assert "{" in target["expr"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_panel_reads_what_the_server_serves(expression: str) -> None:
    assert unknown(expression) == []


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian: the package prometheus)")
def test_promtool_can_parse_every_expression(tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "5m")} for number, expression in enumerate(EXPRESSIONS)
    ]
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    ran = subprocess.run([str(PROMTOOL), "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_grafanas_own_types_know_every_field() -> None:
    pytest.importorskip("grafana_foundation_sdk", reason="comes with the extra dev")
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    register_default_plugins()
    rebuilt = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
    assert list(_lost(DASHBOARD, rebuilt, "dashboard")) == []


def _lost(given: Any, rebuilt: Any, path: str) -> Iterator[str]:
    """Where something of a document is not in the one rebuilt from it, which may have more."""
    if isinstance(given, dict) and isinstance(rebuilt, dict):
        for key, value in given.items():
            yield from _lost(value, rebuilt.get(key), f"{path}.{key}")
    elif isinstance(given, list) and isinstance(rebuilt, list) and len(given) == len(rebuilt):
        for number, (one, other) in enumerate(zip(given, rebuilt, strict=True)):
            yield from _lost(one, other, f"{path}[{number}]")
    elif given != rebuilt:
        yield path
