"""Turns the best weights of runs into a file of changes, and into a folder of models that has it in place of the present one."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from safetensors.numpy import save_file

from svodka.errors import ModelError
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.hashing import sha256_of
from training.model import build_model, merged_weights, trained_parameters
from training.progress import BEST_FILE, last_weights, load_weights
from training.quantise import packed_change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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


def export(settings: Settings, origin: Origin, runs: Mapping[Path, float], target: Path, *, last: bool = False) -> Exported:
    """Write what runs changed of the base, at 4 bits.

    Args:
        settings: those of the runs.
        origin: where the runs started.
        runs: their folders, and how much of what each changed is taken. Part of the way is often better than the start and the end
            (Wortsman et al., 2022, "Robust fine-tuning of zero-shot models"), and what several runs learnt can be added (Ilharco et al.,
            2023, "Editing models with task arithmetic").
        target: the file that is written.
        last: take the weights of the last checkpoint instead of those with the lowest held-out loss.

    Raises:
        SvodkaError: a run has no best weights, or other ones than these settings train.
    """
    weights = {name: torch.from_numpy(weight).clone() for name, weight in origin.start()}
    start = {name: weight.clone() for name, weight in weights.items()}
    for run, share in runs.items():
        trained = _trained(settings, origin, last_weights(run) if last else run / BEST_FILE, frozenset(start))
        if missing := start.keys() - trained.keys():
            raise ModelError(f"the trained model lacks weights of its base: {', '.join(sorted(missing))}")
        for name, weight in weights.items():
            weight += share * (trained[name] - start[name])
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(packed_change((name, weights[name].numpy() - weight) for name, weight in origin.base()), target)
    return Exported(path=target, size=target.stat().st_size, sha256=sha256_of(target))


def _trained(settings: Settings, origin: Origin, path: Path, names: frozenset[str]) -> dict[str, torch.Tensor]:
    """The weights of those names after a run, adapters merged in."""
    model = build_model(origin, settings.model, torch.device("cpu"))
    load_weights(path, trained_parameters(model))
    return {name: weight.float() for name, weight in merged_weights(model, names).items()}


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
