"""What a catalogue must say so that a model stays what was pulled: its commit, and its files with their hashes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svodka.errors import ModelError
from svodka.inference.origins import HubSource
from svodka.inference.pull import FROM_DISK
from svodka.inference.pulled import check_pulled

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.entries import ModelEntry

__all__ = ["pinning_lines"]


def pinning_lines(identifier: str, model: ModelEntry, cache_dir: Path) -> str:
    """Return the tables `source` and `files` of a pulled model's entry, in TOML; the revision stays where the commit is not known.

    Raises:
        ModelMissing: it is not pulled, or a file is not there.
        ModelDamaged: a file is not what was pulled.
        ModelError: it comes from no hub.
    """
    if not isinstance(model.source, HubSource):
        raise ModelError(f"{identifier} comes from no hub ({model.source.told}): its files are pinned as they are")
    manifest = check_pulled(identifier, model, cache_dir)
    commit = manifest.sources[model.source.repo]
    revision = model.source.revision if commit.startswith(FROM_DISK) else commit
    lines = [
        f"[models.{identifier}.source]",
        'kind = "hub"',
        f"repo = {json.dumps(model.source.repo)}",
        f"revision = {json.dumps(revision)}",
    ]
    for path, file in manifest.files.items():
        lines += ["", f"[[models.{identifier}.files]]", f"path = {json.dumps(path)}", f"size = {file.size}", f'sha256 = "{file.sha256}"']
    return "\n".join(lines)
