"""The package's own tables: tab-separated lines, and comments behind a hash sign."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["rows"]


def rows(table: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a table, by its file's name."""
    for line in resources.files("svodka.names").joinpath("data", table).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
