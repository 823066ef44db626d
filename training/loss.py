"""The loss: how surprised the model is by the tokens of the answers, among the tokens that answers have."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Literal, get_args

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from training.batches import Batch

__all__ = ["AnswerLoss", "Precision", "faster_precision"]

Precision = Literal["float32", "bfloat16"]
_TRIALS = 3
_TRIAL_SHAPES = (128, 640), (640, 2048)


class AnswerLoss:
    """Computes losses of a model.

    Logits are taken over the ids that stand in any answer: Gemma knows 262 thousand tokens, and answers in two languages use a fifth.
    """

    def __init__(self, model: torch.nn.Module, answer_ids: NDArray[np.int64], *, precision: Precision, device: torch.device) -> None:
        unwrap: Any = getattr(model, "get_base_model", None)  # peft's
        plain: Any = model if unwrap is None else unwrap()
        self._body = plain.model
        self._device = device
        self._precision = precision
        with torch.no_grad():
            self._outputs = plain.model.embed_tokens.weight[torch.from_numpy(answer_ids).to(device)].clone()

    def sum(self, batch: Batch) -> torch.Tensor:
        """The summed loss of a batch's answer tokens."""
        batch = batch.to(self._device)
        with self._arithmetic():
            hidden = self._body(input_ids=batch.ids, use_cache=False).last_hidden_state
            logits = hidden.flatten(0, 1)[batch.places] @ self._outputs.T
        return functional.cross_entropy(logits.float(), batch.answers, reduction="sum")

    def mean(self, batch: Batch) -> torch.Tensor:
        """The mean loss of a batch's answer tokens."""
        return self.sum(batch) / len(batch.answers)

    def measure(self, batches: Iterable[Batch]) -> float:
        """The mean loss over all answer tokens of batches, without learning from them."""
        total, count = 0.0, 0
        with torch.no_grad():
            for batch in batches:
                total += float(self.sum(batch))
                count += len(batch.answers)
        return total / max(1, count)

    def _arithmetic(self) -> AbstractContextManager[object]:
        if self._precision == "float32":
            return nullcontext()
        return torch.autocast(self._device.type, dtype=torch.bfloat16)


def faster_precision(device: torch.device) -> Precision:
    """Which precision multiplies matrices faster: CPUs without instructions for bfloat16 need many times longer with it."""
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    times: dict[Precision, float] = {}
    for precision in get_args(Precision):
        left, right = (torch.ones(shape, dtype=getattr(torch, precision)) for shape in _TRIAL_SHAPES)
        taken: list[float] = []
        for _ in range(_TRIALS):
            started = time.perf_counter()
            left @ right
            taken.append(time.perf_counter() - started)
        times[precision] = min(taken[1:])  # the first allocates
    return min(times, key=lambda precision: times[precision])
