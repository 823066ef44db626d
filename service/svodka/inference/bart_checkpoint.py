"""Reads a checkpoint of BART or of what was made after it: its sizes, how it differs, and its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from svodka.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ARCHITECTURES", "BartConfig", "Side", "read_bart"]

ARCHITECTURES = ("bart", "m2m_100", "marian", "mbart")
_NORMED_BEFORE = {"m2m_100", "mbart"}  # layers norm what they read; the others norm what they have added to
_FIRST_PLACE = {"bart": 2, "m2m_100": 2, "marian": 0, "mbart": 2}  # the row of the first token's place
_NEVER = -1e9  # added to the score of what is never said


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """Sizes of an encoder or a decoder."""

    layers: int
    heads: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BartConfig:
    """What the graphs need to know of a model."""

    encoder: Side
    decoder: Side
    activation: str  # transformers' name of it
    normed_before: bool  # each layer norms what it reads, and a last norm what comes out; or each norms what it has added to
    scale: float  # of the vectors of tokens


def read_bart(folder: Path) -> tuple[BartConfig, dict[str, NDArray[np.float32]]]:
    """Return the config and the weights, by their names in transformers without "model.", of a checkpoint's folder.

    `places.encoder` and `places.decoder` have a row for each place of a text, `bias` what is added to the score of each token.

    Raises:
        ModelError: transformers cannot read it, or it is another model.
    """
    import torch  # heavy imports, for whoever prepares such a model
    from transformers import AutoModelForSeq2SeqLM

    try:
        model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder} cannot be read: {error}") from error
    config = model.config
    if config.model_type not in ARCHITECTURES:
        raise ModelError(f"{folder}: onnxruntime runs models like {', '.join(ARCHITECTURES)}, not like {config.model_type}")
    weights = {name.removeprefix("model."): weight.numpy() for name, weight in model.state_dict().items()}
    for name in ("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"):
        if not np.array_equal(weights[name], weights["shared.weight"]):
            raise ModelError(f"{folder}: onnxruntime runs models that read and write by the same vectors of tokens; ctranslate2 may run it")
    for side in ("encoder", "decoder"):
        table = getattr(model.model, side).embed_positions
        rows = (table.weights if hasattr(table, "weights") else table.weight).detach().numpy()
        weights[f"places.{side}"] = rows[_FIRST_PLACE[config.model_type] :].astype(np.float32)
    weights["bias"] = _bias(weights, model.generation_config.bad_words_ids or ())
    told = BartConfig(
        encoder=Side(layers=config.encoder_layers, heads=config.encoder_attention_heads),
        decoder=Side(layers=config.decoder_layers, heads=config.decoder_attention_heads),
        activation=config.activation_function,
        normed_before=config.model_type in _NORMED_BEFORE,
        scale=config.d_model**0.5 if config.scale_embedding else 1.0,
    )
    return told, weights


def _bias(weights: Mapping[str, NDArray[np.float32]], never: Any) -> NDArray[np.float32]:  # noqa: ANN401  transformers is typed in part
    """Of each token's score. What a checkpoint never says is taken out of the choice, as CTranslate2 does."""
    bias: NDArray[np.float32] = weights.get("final_logits_bias", np.zeros((1, len(weights["shared.weight"])), np.float32))[0].copy()
    bias[[words[0] for words in never if len(words) == 1]] = _NEVER
    return bias
