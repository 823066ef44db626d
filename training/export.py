"""Turns the best weights of a run into a file of changes, and into a folder of models that has it in place of the present one."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.numpy import save_file

from svodka.errors import ModelError
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.hashing import sha256_of
from training.model import build_model, merged_weights, trained_parameters
from training.progress import BEST_FILE, last_weights, load_weights
from training.quantise import packed_change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from training.model import Origin
    from training.settings import Settings

__all__ = ["Exported", "export", "write_models_dir"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A file of changes as the catalogue states it."""

    path: Path
    size: int
    sha256: str

    def catalogue_lines(self, path: str) -> str:
        """What the catalogue's entry of the file reads."""
        return f'path = "{path}"\nsize = {self.size}\nsha256 = "{self.sha256}"'


def export(settings: Settings, origin: Origin, run: Path, target: Path, *, last: bool = False, blend: float = 1.0) -> Exported:
    """Write what a run changed of the base, at 4 bits.

    Args:
        settings: those of the run.
        origin: where the run started.
        run: its folder.
        target: the file that is written.
        last: take the weights of the last checkpoint instead of those with the lowest held-out loss.
        blend: how far to go from the start towards the run's weights. Between the two lies often a better model than either (Wortsman et
            al., 2022, "Robust fine-tuning of zero-shot models").

    Raises:
        SvodkaError: the run has no best weights, or other ones than these settings train.
    """
    torch.manual_seed(settings.seed)
    model = build_model(origin, settings.model, torch.device("cpu"))
    load_weights(last_weights(run) if last else run / BEST_FILE, trained_parameters(model))
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(packed_change(_changes(origin, model, blend)), target)
    return Exported(path=target, size=target.stat().st_size, sha256=sha256_of(target))


def _changes(origin: Origin, model: torch.nn.Module, blend: float) -> Iterator[tuple[str, NDArray[np.float32]]]:
    names = frozenset(name for name, _ in origin.base())
    trained = merged_weights(model, names)
    if missing := names - trained.keys():
        raise ModelError(f"the trained model lacks weights of its base: {', '.join(sorted(missing))}")
    for (name, weight), (_, start) in zip(origin.base(), origin.start(), strict=True):
        yield name, start + np.float32(blend) * (trained[name].float().numpy() - start) - weight


def write_models_dir(exported: Exported, profile: str, target: Path, *, models_dir: Path | None = None) -> None:
    """Copy the catalogue's folder with the exported file in place of the profile's translator, to be evaluated as if it were released."""
    source = find_models_dir(models_dir)
    catalogue = load_catalogue(source)
    present = catalogue.trained_translator(profile).files[0]
    shutil.copytree(source, target, dirs_exist_ok=True)
    shutil.copyfile(exported.path, target / present.path)
    text = (source / "catalogue.toml").read_text(encoding="utf-8")
    for before, after in ((present.sha256, exported.sha256), (str(present.size), str(exported.size))):
        text = re.sub(rf"\b{before}\b", after, text, count=1)
    (target / "catalogue.toml").write_text(text, encoding="utf-8")
    written = load_catalogue(target).trained_translator(profile).files[0]
    if (written.sha256, written.size) != (exported.sha256, exported.size):
        raise ModelError(f"the catalogue of {source} states the size or hash of {present.path} in a way that could not be replaced")
