"""Reads Gemma 3 from a GGUF file: settings, vocabulary and dequantised weights, without PyTorch.

The weights go by the names of `Gemma3ForCausalLM.state_dict()` in transformers, which our trained changes are written for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gguf import GGUFReader, TokenType, dequantize

from svodka.errors import ModelDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["GLOBAL_EVERY", "LOCAL_ROPE_BASE", "Checkpoint", "GemmaConfig", "Vocabulary", "read_checkpoint"]

# Gemma 3's layers look at a window, except every sixth, which sees all; each sort has its own base of the rotary positions. GGUF has no
# key for the pattern and the local base: they are the same for all Gemma 3 models.
GLOBAL_EVERY = 6
LOCAL_ROPE_BASE = 10_000.0

_LAYER_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_TOP_NAMES = {"token_embd": "model.embed_tokens", "output_norm": "model.norm"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GemmaConfig:
    """Shape of a Gemma 3 text model."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    sliding_window: int
    rope_base: float
    norm_epsilon: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """Pieces in the order of their ids, with their SentencePiece scores and types."""

    pieces: list[str]
    scores: list[float]
    types: list[int]
    bos: int
    eos: int
    unknown: int
    padding: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A model as the GGUF file has it; weights are dequantised one at a time."""

    config: GemmaConfig
    vocabulary: Vocabulary
    reader: GGUFReader

    def weights(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield each weight as float32, by its name in transformers."""
        for tensor in self.reader.tensors:
            name = _name(tensor.name)
            values = dequantize(tensor.data, tensor.tensor_type)
            if not values.flags.writeable:  # what lies in the file as float32 is a view of it
                values = values.copy()
            if name.endswith("norm.weight"):
                values -= 1.0  # llama.cpp stores 1 + w, transformers w
            yield name, values


def read_checkpoint(path: Path) -> Checkpoint:
    """Open a GGUF file of Gemma 3.

    Raises:
        ModelDamaged: it is not a GGUF file of Gemma 3.
    """
    try:
        reader = GGUFReader(path)
        architecture = reader.fields["general.architecture"].contents()
        if architecture != "gemma3":
            raise ModelDamaged(f"{path} has the architecture {architecture!r} instead of 'gemma3'")
        return Checkpoint(config=_config(reader), vocabulary=_vocabulary(reader), reader=reader)
    except (KeyError, ValueError) as error:
        raise ModelDamaged(f"{path} is not a GGUF file of Gemma 3: {error}") from error


def _config(reader: GGUFReader) -> GemmaConfig:
    values = {key.removeprefix("gemma3."): field.contents() for key, field in reader.fields.items() if key.startswith("gemma3.")}
    return GemmaConfig(
        layers=values["block_count"],
        heads=values["attention.head_count"],
        kv_heads=values["attention.head_count_kv"],
        head_dim=values["attention.key_length"],
        sliding_window=values["attention.sliding_window"],
        rope_base=values["rope.freq_base"],
        norm_epsilon=values["attention.layer_norm_rms_epsilon"],
    )


def _vocabulary(reader: GGUFReader) -> Vocabulary:
    def field(name: str) -> object:
        return reader.fields[f"tokenizer.ggml.{name}"].contents()

    pieces: list[str] = field("tokens")  # type: ignore[assignment]
    types: list[int] = field("token_type")  # type: ignore[assignment]
    return Vocabulary(
        pieces=[_escaped(piece, kind) for piece, kind in zip(pieces, types, strict=True)],
        scores=field("scores"),  # type: ignore[arg-type]
        types=types,
        bos=field("bos_token_id"),  # type: ignore[arg-type]
        eos=field("eos_token_id"),  # type: ignore[arg-type]
        unknown=field("unknown_token_id"),  # type: ignore[arg-type]
        padding=field("padding_token_id"),  # type: ignore[arg-type]
    )


def _escaped(piece: str, kind: int) -> str:
    # Runs of spaces are pieces of their own, which the file writes as spaces and SentencePiece looks up as ▁▁.
    return piece.replace(" ", "▁") if kind == TokenType.USER_DEFINED else piece


def _name(gguf_name: str) -> str:
    stem = gguf_name.removesuffix(".weight")
    if stem in _TOP_NAMES:
        return f"{_TOP_NAMES[stem]}.weight"
    try:
        _, layer, part = stem.split(".")
        return f"model.layers.{int(layer)}.{_LAYER_NAMES[part]}.weight"
    except (KeyError, ValueError) as error:
        raise ModelDamaged(f"the GGUF file has a tensor that Gemma 3 does not know: {gguf_name!r}") from error
