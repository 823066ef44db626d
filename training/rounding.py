"""Trains through the rounding of 8 bits: what layers multiply is rounded as the graphs do it, so that the weights learn to live with it.

Gradients pass the rounding as if it were not there (Bengio et al., 2013, "Estimating or Propagating Gradients Through Stochastic Neurons").
"""

from __future__ import annotations

from typing import Any

import torch

from svodka.inference.gemma_onnx import blocks_of
from svodka.inference.onnx_graph import ROW_STEPS

__all__ = ["round_inputs", "rounded"]

_LEAST = 1e-8  # largest number of a block, in the graphs too: a block of nothing has a step


def round_inputs(model: torch.nn.Module) -> None:
    """Let all linear layers of a model's body take their inputs as the graph at 8 bits would give them."""
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear) and ".layers." in name:
            layer.register_forward_pre_hook(_hook(blocks_of(name)))


def rounded(rows: torch.Tensor, blocks: int) -> torch.Tensor:
    """Rows cut into blocks of equal width, each number rounded to whole steps: the largest of its block has 127 of them."""
    rounding: Any = _Rounding.apply
    result: torch.Tensor = rounding(rows, blocks)
    return result


def _hook(blocks: int) -> Any:  # noqa: ANN401  torch's hooks take what their module takes
    return lambda _layer, inputs: (rounded(inputs[0], blocks), *inputs[1:])


class _Rounding(torch.autograd.Function):
    @staticmethod
    def forward(_context: Any, rows: torch.Tensor, blocks: int) -> torch.Tensor:  # noqa: ANN401  what torch hands over
        cut = rows.float().unflatten(-1, (blocks, -1))
        steps = cut.abs().amax(dim=-1, keepdim=True).clamp_min(_LEAST) / ROW_STEPS
        return (torch.round(cut / steps) * steps).flatten(-2).to(rows.dtype)

    @staticmethod
    def backward(_context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:  # noqa: ANN401  what torch hands over
        return gradients[0], None
