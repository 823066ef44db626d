"""Where the files of a hub's model lie once they are pulled, and whether they are whole."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from svodka.errors import ModelDamaged, ModelMissing, ModelNotPrepared
from svodka.inference.hashing import check_file
from svodka.inference.manifest import verify_prepared
from svodka.inference.origins import HubSource

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.entries import ModelEntry
    from svodka.inference.manifest import Manifest

__all__ = ["check_pulled", "pulled_folder"]


def pulled_folder(identifier: str, model: ModelEntry, cache_dir: Path) -> Path:
    """Return where a pulled checkpoint belongs: another place for another repository or revision.

    Raises:
        ValueError: the model comes from no hub.
    """
    if not isinstance(model.source, HubSource):
        raise ValueError(f"{identifier} comes from no hub")
    digest = hashlib.sha256(f"{model.source.repo}@{model.source.revision}".encode()).hexdigest()
    return cache_dir / "hub" / f"{identifier}-{digest[:12]}"


def check_pulled(identifier: str, model: ModelEntry, cache_dir: Path) -> Manifest:
    """Check every file of a pulled checkpoint against what was pulled, and against the catalogue where that lists the files.

    Raises:
        ModelMissing: it is not pulled, or a file is not there.
        ModelDamaged: a file is not the expected one.
    """
    folder = pulled_folder(identifier, model, cache_dir)
    try:
        manifest = verify_prepared(folder)
        for file in model.files:
            check_file(folder / file.path, file)
    except ModelNotPrepared as error:
        raise ModelMissing(f"{identifier} is not on this machine; run: svodka models pull {identifier}") from error
    except ModelDamaged as error:
        raise ModelDamaged(f"{error}; run: svodka models pull {identifier}") from error
    return manifest
