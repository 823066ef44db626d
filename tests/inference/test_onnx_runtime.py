"""ONNX Runtime sends nothing to its makers: not even the identifier that it would keep is made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import svodka

# Where these are set the library keeps still of itself.
_BY_ITSELF = ("CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY")


@pytest.mark.parametrize(
    ("code", "silent"),
    [
        pytest.param("import svodka.inference.gemma_session, onnxruntime", True, id="ours"),
        pytest.param("import onnxruntime", False, id="by itself, or there were nothing to test"),
    ],
)
def test_no_identifier_of_the_machine_is_kept(code: str, silent: bool, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _BY_ITSELF and not name.startswith("XDG_")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment | {"HOME": str(tmp_path)})
    assert (list(tmp_path.rglob("deviceid")) == []) is silent


def test_one_place_imports_it() -> None:
    importing = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    files = Path(svodka.__file__).parent.rglob("*.py")
    assert [path.name for path in files if importing.search(path.read_text("utf-8"))] == ["onnx_runtime.py"]
