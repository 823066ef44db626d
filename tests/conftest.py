"""Fixtures that several test modules share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from svodka.inference.runtime import LoadedProfile

# The same examples on every machine, so that a run tells of the change and not of luck; `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("same")

_CACHE_DIR = os.environ.get("SVODKA_CACHE_DIR")


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the real catalogue."""
    from svodka.inference.catalogue import find_models_dir

    return find_models_dir()


@pytest.fixture(scope="session")
def prepared_cache() -> Path:
    """A cache in which the embedded profile is prepared: the user's own, so that only the first run of all has to prepare."""
    from svodka.inference.prepare import prepare_profile  # heavy: only the tests that need real models wait for it

    folder = prepare_profile("embedded", cache_dir=Path(_CACHE_DIR) if _CACHE_DIR else None)["gemma3-270m-en-ru"]
    return folder.parent


@pytest.fixture(scope="session")
def prepared_profile(prepared_cache: Path) -> LoadedProfile:
    """The embedded profile with its real models."""
    from svodka.inference.runtime import load_profile

    return load_profile("embedded", cache_dir=prepared_cache)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: those that need the real models go last, in their order."""
    items.sort(key=lambda item: item.get_closest_marker("models") is not None)
