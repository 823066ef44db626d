"""Gemma 3 in transformers, from weights by their names there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from svodka.errors import ModelDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from svodka.inference.checkpoint import GemmaConfig

__all__ = ["gemma", "load_gemma", "write_gemma"]

_WEIGHTS_FILE = "model.safetensors"
_EMBEDDINGS = "model.embed_tokens.weight"


def gemma(shape: GemmaConfig, weights: Mapping[str, torch.Tensor]) -> Any:  # noqa: ANN401  transformers is typed in part
    """Return the model with these weights.

    Raises:
        ModelDamaged: there are too few of them, or others.
    """
    return _with_weights(_config(shape, weights), weights)


def write_gemma(shape: GemmaConfig, weights: Mapping[str, NDArray[np.float32]], dtype: str, target: Path) -> None:
    """Write a checkpoint, in PyTorch's numbers `dtype`, into the folder `target`, which exists."""
    tensors = {name: torch.from_numpy(weight).to(getattr(torch, dtype)).contiguous() for name, weight in weights.items()}
    save_file(tensors, target / _WEIGHTS_FILE)
    _config(shape, tensors).save_pretrained(target)


def load_gemma(folder: Path) -> Any:  # noqa: ANN401  transformers is typed in part
    """Load what `write_gemma` wrote, in the numbers that it was written in.

    Raises:
        ModelDamaged: as `gemma`.
    """
    weights = load_file(folder / _WEIGHTS_FILE)
    config = Gemma3TextConfig.from_pretrained(folder, local_files_only=True)
    return _with_weights(config, weights).to(weights[_EMBEDDINGS].dtype)


def _with_weights(config: Any, weights: Mapping[str, torch.Tensor]) -> Any:  # noqa: ANN401  transformers is typed in part
    config._attn_implementation = "sdpa"
    model: Any = Gemma3ForCausalLM(config)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ModelDamaged(f"the weights and transformers disagree about the model: {sorted({*missing, *unexpected})}")
    return model


def _config(shape: GemmaConfig, weights: Mapping[str, torch.Tensor]) -> Gemma3TextConfig:
    return Gemma3TextConfig(
        vocab_size=weights[_EMBEDDINGS].shape[0],
        hidden_size=weights[_EMBEDDINGS].shape[1],
        intermediate_size=weights["model.layers.0.mlp.up_proj.weight"].shape[0],
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        query_pre_attn_scalar=shape.head_dim,
        sliding_window=shape.sliding_window,
        rms_norm_eps=shape.norm_epsilon,
        tie_word_embeddings=True,
    )
