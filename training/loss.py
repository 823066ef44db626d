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

__all__ = ["AnswerLoss", "Precision", "PreferenceLoss", "faster_precision"]

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

    def mean(self, batch: Batch) -> torch.Tensor:
        """The mean loss of a batch's answer tokens."""
        return self._of_tokens(batch.to(self._device)).mean()

    def measure(self, batches: Iterable[Batch]) -> float:
        """The mean loss over batches, each as long as what it is the mean of, without learning from them."""
        total, count = 0.0, 0
        with torch.no_grad():
            for batch in batches:
                total += float(self.mean(batch)) * self._counted(batch)
                count += self._counted(batch)
        return total / max(1, count)

    def _counted(self, batch: Batch) -> int:
        """How many losses `mean` is the mean of."""
        return len(batch.answers)

    def _of_tokens(self, batch: Batch) -> torch.Tensor:
        """The loss of each of a batch's answer tokens."""
        with self._arithmetic():
            hidden = self._body(input_ids=batch.ids, use_cache=False).last_hidden_state
            logits = hidden.flatten(0, 1)[batch.places] @ self._outputs.T
        return functional.cross_entropy(logits.float(), batch.answers, reduction="none")

    def _arithmetic(self) -> AbstractContextManager[object]:
        if self._precision == "float32":
            return nullcontext()
        return torch.autocast(self._device.type, dtype=torch.bfloat16)


class PreferenceLoss(AnswerLoss):
    """How far the model is from thinking better answers likelier than worse ones, and likely.

    Answers are compared by their mean log-probability of a token, as the search compares them (Meng et al., 2024, "SimPO"); that of the
    better ones is held up by a loss of its own (Xu et al., 2024, "Contrastive Preference Optimization").
    """

    def __init__(
        self,
        model: torch.nn.Module,
        answer_ids: NDArray[np.int64],
        *,
        precision: Precision,
        device: torch.device,
        sharpness: float,
        likelihood: float,
    ) -> None:
        """Compare by a model.

        Args:
            model: the model.
            answer_ids: tokens that answers have.
            precision: of the arithmetic.
            device: where it is done.
            sharpness: what a nat of difference between two means counts.
            likelihood: what a nat of the better answer's own mean counts.
        """
        super().__init__(model, answer_ids, precision=precision, device=device)
        self._sharpness, self._likelihood = sharpness, likelihood

    def mean(self, batch: Batch) -> torch.Tensor:
        """The mean loss of a batch's examples, each beside its rival."""
        if batch.rivals is None:
            raise ValueError("a preference needs rivals")
        better, worse = self._of_answers(batch), self._of_answers(batch.rivals)
        return (self._likelihood * better - functional.logsigmoid(self._sharpness * (worse - better))).mean()

    def _counted(self, batch: Batch) -> int:
        return len(batch)

    def _of_answers(self, batch: Batch) -> torch.Tensor:
        """The mean loss of each answer's tokens."""
        batch = batch.to(self._device)
        losses = self._of_tokens(batch)
        sums = torch.zeros(len(batch), device=losses.device).index_add(0, batch.rows, losses)
        return sums / torch.bincount(batch.rows, minlength=len(batch))


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
