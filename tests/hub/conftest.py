"""A hub on this machine, and checkpoints for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import checkpoints
from hub_server import running_hub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hub_server import Hub


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "SVODKA_CACHE_DIR", "SVODKA_CATALOGUE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_TOKEN_PATH", "/nowhere/token")


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub without any repository."""
    with running_hub() as hub:
        yield hub


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of an architecture's tiny checkpoint, built once; not to be changed."""
    folders: dict[str, Path] = {}

    def build(architecture: str) -> Path:
        if architecture not in folders:
            folders[architecture] = tmp_path_factory.mktemp("checkpoints") / architecture
            checkpoints.build(architecture, folders[architecture])
        return folders[architecture]

    return build
