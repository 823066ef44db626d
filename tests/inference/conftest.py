"""A made-up model and catalogue for the tests of preparation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tiny

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny_model(tmp_path: Path) -> tiny.TinyModel:
    """A fresh copy that a test may damage."""
    return tiny.build(tmp_path / "models")
