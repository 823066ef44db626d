"""How far a run has come, on disk: weights and optimiser state as safetensors, position and records as JSON. No pickle."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch
from safetensors.torch import load_file, save_file

from svodka.errors import SvodkaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["BEST_FILE", "Progress", "last_weights", "load_average", "load_checkpoint", "load_weights", "save_checkpoint", "save_weights"]

BEST_FILE = "best.safetensors"
_WEIGHTS_FILE, _AVERAGE_FILE = "weights.safetensors", "average.safetensors"
_OPTIMISER_FILE, _STATE_FILE = "optimiser.safetensors", "progress.json"
_PREFIX = "checkpoint-"
_MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(kw_only=True, slots=True)
class Progress:
    """Where a run stands. `recipe` is what a run must share to go on from here."""

    recipe: str
    step: int = 0
    tokens: int = 0
    number: int = 0  # of the pass over the data
    batch: int = 0  # within the pass
    seconds: float = 0.0
    precision: Literal["", "float32", "bfloat16"] = ""
    best_loss: float | None = None
    best_step: int = 0


def save_weights(path: Path, parameters: Mapping[str, torch.Tensor]) -> None:
    """Write weights, whole or not at all."""
    whole = path.with_suffix(".partial")
    save_file({name: parameter.detach().cpu().contiguous() for name, parameter in parameters.items()}, whole)
    whole.replace(path)


def last_weights(folder: Path) -> Path:
    """The file of the last checkpoint's weights: of their average, if the run keeps one.

    Raises:
        SvodkaError: the run has no checkpoint.
    """
    found = _checkpoints(folder)
    if not found:
        raise SvodkaError(f"{folder} has no checkpoint; run: python -m training train")
    average = found[-1] / _AVERAGE_FILE
    return average if average.is_file() else found[-1] / _WEIGHTS_FILE


def load_weights(path: Path, parameters: Mapping[str, torch.Tensor]) -> None:
    """Set weights to those of a file.

    Raises:
        SvodkaError: there is no such file, or its weights are others.
    """
    if not path.is_file():
        raise SvodkaError(f"{path} is missing; run: python -m training train")
    stored = load_file(path)
    if stored.keys() != parameters.keys():
        raise SvodkaError(f"{path} has other weights than these settings train")
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(stored[name])


def save_checkpoint(
    folder: Path,
    parameters: Mapping[str, torch.nn.Parameter],
    optimiser: torch.optim.Optimizer,
    progress: Progress,
    average: Mapping[str, torch.Tensor] | None = None,
) -> None:
    """Write a checkpoint under the number of its step, and remove those before it once it is whole."""
    target = folder / f"{_PREFIX}{progress.step:07}"
    if target.exists():
        return
    partial = folder / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    save_weights(partial / _WEIGHTS_FILE, parameters)
    if average is not None:
        save_weights(partial / _AVERAGE_FILE, average)
    state = optimiser.state
    moments = {
        f"{name}.{moment}": state[parameter][moment] for name, parameter in parameters.items() if parameter in state for moment in _MOMENTS
    }
    save_weights(partial / _OPTIMISER_FILE, moments)
    (partial / _STATE_FILE).write_text(json.dumps(asdict(progress), indent=2) + "\n", encoding="utf-8")
    partial.rename(target)
    for older in _checkpoints(folder)[:-1]:
        shutil.rmtree(older)


def load_checkpoint(folder: Path, parameters: Mapping[str, torch.nn.Parameter], optimiser: torch.optim.Optimizer, recipe: str) -> Progress:
    """Go back to the latest checkpoint, if there is one, else to the start.

    Raises:
        SvodkaError: the checkpoint is of a run with other settings or data.
    """
    found = _checkpoints(folder)
    if not found:
        return Progress(recipe=recipe)
    values: dict[str, Any] = json.loads((found[-1] / _STATE_FILE).read_text(encoding="utf-8"))
    progress = Progress(**values)
    if progress.recipe != recipe:
        raise SvodkaError(f"{found[-1]} is of a run with other settings or data; choose another folder, or remove it")
    load_weights(found[-1] / _WEIGHTS_FILE, parameters)
    moments = load_file(found[-1] / _OPTIMISER_FILE)
    for name, parameter in parameters.items():
        if f"{name}.{_MOMENTS[0]}" in moments:
            own = {moment: moments[f"{name}.{moment}"].to(parameter.device) for moment in _MOMENTS}
            optimiser.state[parameter] = {"step": torch.tensor(float(progress.step), device=parameter.device), **own}
    return progress


def load_average(folder: Path, average: Mapping[str, torch.Tensor]) -> None:
    """Set an average to that of the latest checkpoint, if it has one."""
    found = _checkpoints(folder)
    if found and (found[-1] / _AVERAGE_FILE).is_file():
        load_weights(found[-1] / _AVERAGE_FILE, average)


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_PREFIX}*"))
