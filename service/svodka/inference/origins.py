"""Where the files of a model come from, as the catalogue states it. A leaf."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 (pydantic reads the annotations when it builds the class)
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Entry", "HubSource", "LocalSource", "PyPISource"]


class Entry(BaseModel):
    """Anything in a catalogue: what it does not know is refused, and so is what is not written as it should be."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PyPISource(Entry):
    """The files lie in an installed PyPI package."""

    kind: Literal["pypi"]
    package: str = Field(min_length=1)
    version: str = Field(min_length=1)

    @property
    def told(self) -> str:
        """Where from, in words."""
        return f"PyPI: {self.package}=={self.version}"


class LocalSource(Entry):
    """The files lie beside the catalogue; `folder` is that of a catalogue of the user's own, and cannot be written in one."""

    kind: Literal["local"]
    folder: Path | None = None

    @property
    def told(self) -> str:
        """Where from, in words."""
        return "trained by us" if self.folder is None else str(self.folder)


class HubSource(Entry):
    """The files lie in a repository of a Hugging Face hub; only a revision that is a commit is pinned."""

    kind: Literal["hub"]
    repo: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    revision: str = Field(pattern=r"^[\w.-]+(/[\w.-]+)*$")

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, whose files never change."""
        return re.fullmatch(r"[0-9a-f]{40}", self.revision) is not None

    @property
    def told(self) -> str:
        """Where from, in words."""
        return f"hub: {self.repo}@{self.revision}"
