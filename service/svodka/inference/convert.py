"""Writes Gemma 3 as a CTranslate2 model, and its vocabulary as a SentencePiece model, without PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from ctranslate2.specs import TransformerDecoderModelSpec, common_spec
from sentencepiece import sentencepiece_model_pb2

from svodka.inference.checkpoint import GLOBAL_EVERY, LOCAL_ROPE_BASE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.checkpoint import GemmaConfig, Vocabulary

__all__ = ["write_model", "write_tokenizer"]


def write_model(
    config: GemmaConfig, vocabulary: Vocabulary, weights: Mapping[str, NDArray[np.float32]], quantization: str, target: Path
) -> None:
    """Write weights, by their names in transformers, as a CTranslate2 model into the folder `target`, which exists."""
    spec = TransformerDecoderModelSpec.from_config(
        config.layers,
        config.heads,
        activation=common_spec.Activation.GELUTanh,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=config.head_dim,
        rotary_interleave=False,
        rotary_base=LOCAL_ROPE_BASE,
        num_heads_kv=config.kv_heads if config.kv_heads != config.heads else None,
        head_dim=config.head_dim,
        sliding_window=config.sliding_window,
        pre_post_layer_norm=True,
        qk_norm=True,
    )
    decoder = spec.decoder
    decoder.scale_embeddings = True
    decoder.start_from_zero_embedding = False
    decoder.embeddings.weight = weights["model.embed_tokens.weight"]
    decoder.projection.weight = weights["model.embed_tokens.weight"]  # Gemma ties them
    _set_norm(decoder.layer_norm, weights["model.norm.weight"])
    for number, layer in enumerate(decoder.layer):
        is_global = (number + 1) % GLOBAL_EVERY == 0
        layer.self_attention.rotary_base = np.float32(config.rope_base if is_global else LOCAL_ROPE_BASE)
        layer.self_attention.sliding_window = np.int32(0 if is_global else config.sliding_window)
        _set_layer(layer, weights, f"model.layers.{number}")
    spec.config.bos_token = vocabulary.pieces[vocabulary.bos]
    spec.config.eos_token = vocabulary.pieces[vocabulary.eos]
    spec.config.unk_token = vocabulary.pieces[vocabulary.unknown]
    spec.config.layer_norm_epsilon = config.norm_epsilon
    spec.register_vocabulary(vocabulary.pieces)
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(target))


def _set_layer(layer: common_spec.LayerSpec, weights: Mapping[str, NDArray[np.float32]], prefix: str) -> None:
    def weight(name: str) -> NDArray[np.float32]:
        return weights[f"{prefix}.{name}.weight"]

    _set_norm(layer.input_layer_norm, weight("input_layernorm"))
    _set_norm(layer.post_attention_layer_norm, weight("post_attention_layernorm"))
    _set_norm(layer.pre_feedforward_layer_norm, weight("pre_feedforward_layernorm"))
    _set_norm(layer.post_feedforward_layer_norm, weight("post_feedforward_layernorm"))
    attention = layer.self_attention
    _set_norm(attention.q_norm, weight("self_attn.q_norm"))
    _set_norm(attention.k_norm, weight("self_attn.k_norm"))
    attention.linear[0].weight = np.concatenate([weight(f"self_attn.{name}") for name in ("q_proj", "k_proj", "v_proj")])
    attention.linear[1].weight = weight("self_attn.o_proj")
    layer.ffn.linear_0.weight = weight("mlp.gate_proj")
    layer.ffn.linear_0_noact.weight = weight("mlp.up_proj")
    layer.ffn.linear_1.weight = weight("mlp.down_proj")


def _set_norm(norm: common_spec.LayerNormSpec, weight: NDArray[np.float32]) -> None:
    norm.gamma = weight
    norm.layer_norm_use_residual = True  # Gemma multiplies by 1 + w


def write_tokenizer(vocabulary: Vocabulary, target: Path) -> None:
    """Write a vocabulary as the SentencePiece model that it was before it became part of a GGUF file."""
    messages: Any = sentencepiece_model_pb2  # its classes are made at run time
    model = messages.ModelProto()
    for piece, score, kind in zip(vocabulary.pieces, vocabulary.scores, vocabulary.types, strict=True):
        model.pieces.add(piece=piece, score=score, type=kind)
    trainer = model.trainer_spec
    trainer.model_type = messages.TrainerSpec.BPE
    trainer.vocab_size = len(vocabulary.pieces)
    trainer.byte_fallback = True
    trainer.bos_id, trainer.bos_piece = vocabulary.bos, vocabulary.pieces[vocabulary.bos]
    trainer.eos_id, trainer.eos_piece = vocabulary.eos, vocabulary.pieces[vocabulary.eos]
    trainer.unk_id, trainer.unk_piece = vocabulary.unknown, vocabulary.pieces[vocabulary.unknown]
    trainer.pad_id, trainer.pad_piece = vocabulary.padding, vocabulary.pieces[vocabulary.padding]
    normalizer = model.normalizer_spec
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = False
    normalizer.remove_extra_whitespaces = False
    target.write_bytes(model.SerializeToString())
