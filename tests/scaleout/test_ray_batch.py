"""`svodka ray batch` on this machine, killed and gone on with."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from ray_server import without_settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.models

TEXT = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."
ARTICLES = 70  # three parts


def _answered(folder: Path) -> list[str]:
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines(keepends=True)]
    return [json.loads(line)["requestId"] for line in lines if line.endswith("\n")]


def test_a_run_that_was_killed_goes_on(ray: None, prepared_cache: Path, tmp_path: Path) -> None:
    source, folder = tmp_path / "in.jsonl", tmp_path / "out"
    requests = [{"requestId": f"{number}", "text": TEXT, "targetLanguages": ["en"]} for number in range(ARTICLES)]
    source.write_text("".join(json.dumps(request) + "\n" for request in requests), encoding="utf-8")
    command = [sys.executable, "-m", "svodka", "ray", "batch", str(source), str(folder), "--actors", "2"]
    environment = without_settings(prepared_cache)
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while len(_answered(folder)) < 5:
            assert process.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        whole = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    for child in whole:
        if child.is_running():
            child.kill()
    psutil.wait_procs(whole, timeout=60)
    first = _answered(folder)
    assert 5 <= len(first) < ARTICLES
    again = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False, timeout=300)
    assert again.returncode == 0, again.stderr
    assert f"{ARTICLES} of {ARTICLES} articles answered: {ARTICLES} verified" in again.stderr
    assert sorted(_answered(folder), key=int) == [str(number) for number in range(ARTICLES)]
