"""The tables under `data/`, all that the engine knows of its languages, and those of other packages. A leaf."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LANGUAGES", "table"]

LANGUAGES = ("en", "ru")


def table(name: str, package: str = "svodka.figures") -> Iterator[list[str]]:
    """The lines of a package's table as lists of cells; comments and empty lines are left out."""
    text = resources.files(package).joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
