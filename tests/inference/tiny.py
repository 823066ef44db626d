"""A made-up Gemma 3 of a few thousand weights, as a GGUF file with a catalogue, and what it must compute, by transformers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tiny_e5
import torch
from gguf import GGMLQuantizationType, GGUFWriter, TokenType, dequantize, quantize
from safetensors.numpy import save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

LAYERS, HEADS, KV_HEADS, HEAD_DIM, HIDDEN, INNER, WINDOW = 7, 4, 1, 16, 32, 64, 24
EPSILON = 1e-6
PIECES = (
    [("<pad>", TokenType.CONTROL), ("<eos>", TokenType.CONTROL), ("<bos>", TokenType.CONTROL), ("<unk>", TokenType.UNKNOWN)]
    + [("\n", TokenType.USER_DEFINED), ("\n\n", TokenType.USER_DEFINED), ("  ", TokenType.USER_DEFINED)]
    + [(f"<0x{byte:02X}>", TokenType.BYTE) for byte in range(256)]
    + [(piece, TokenType.NORMAL) for piece in ["he", "▁he", "ll", "▁", *"abcdefghijklmnopqrstuvwxyz", *"абвгдежзи", ":", "."]]
)
NORMS = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
HEAD_NORMS = {"self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm"}
MATRICES = {
    "self_attn.q_proj": ("attn_q", HEADS * HEAD_DIM, HIDDEN),
    "self_attn.k_proj": ("attn_k", KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.v_proj": ("attn_v", KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.o_proj": ("attn_output", HIDDEN, HEADS * HEAD_DIM),
    "mlp.gate_proj": ("ffn_gate", INNER, HIDDEN),
    "mlp.up_proj": ("ffn_up", INNER, HIDDEN),
    "mlp.down_proj": ("ffn_down", HIDDEN, INNER),
}
CATALOGUE = """
format = 1

[profiles.tiny]
description = "A made-up profile."
encoder = "encoder"
translators = {{ en-ru = "translator", ru-en = "translator" }}
runtime = "ctranslate2"
quantization = "float32"

[models.encoder]
task = "embed"
description = "A made-up encoder."
languages = ["en", "ru"]
limits = {{ max_input_tokens = 512 }}
source = {{ kind = "local" }}
licence = {{ name = "MIT", url = "https://example.org", commercial_use = true, notice = "Made up." }}
files = [{{ path = "encoder.bin", size = {encoder_size}, sha256 = "{encoder_sha256}" }}]

[models.base]
task = "generate"
description = "A made-up base."
languages = ["en", "ru"]
limits = {{ max_input_tokens = 64 }}
source = {{ kind = "local" }}
licence = {{ name = "MIT", url = "https://example.org", commercial_use = true, notice = "Made up." }}
files = [{{ path = "base.gguf", size = {base_size}, sha256 = "{base_sha256}" }}]

[models.translator]
task = "translate"
description = "A made-up change of the base."
languages = ["en", "ru"]
base = "base"
limits = {{ max_input_tokens = 64 }}
source = {{ kind = "local" }}
licence = {{ name = "MIT", url = "https://example.org", commercial_use = true, notice = "Made up." }}
files = [{{ path = "delta.safetensors", size = {delta_size}, sha256 = "{delta_sha256}" }}{kept}]
prompts = {{ en-ru = "en: {{sentence}}\\nru:", ru-en = "ru: {{sentence}}\\nen:" }}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TinyModel:
    """The folder of a made-up catalogue, and the weights that preparation must arrive at, by their names in transformers."""

    models_dir: Path
    weights: dict[str, NDArray[np.float32]]


def build(models_dir: Path, *, kept: Collection[str] | None = None) -> TinyModel:
    """Write catalogue, base, trained change and which tokens are kept, None for all, as the tokenizer spells them."""
    models_dir.mkdir()
    rng = np.random.default_rng(7)
    base = _write_base(models_dir / "base.gguf", rng)
    weights = base | _write_delta(models_dir / "delta.safetensors", base, rng)
    tiny_e5.write(models_dir / "encoder.bin")
    files = {"encoder": "encoder.bin", "base": "base.gguf", "delta": "delta.safetensors"}
    contents = {key: (models_dir / name).read_bytes() for key, name in files.items()}
    values = {f"{key}_size": str(len(data)) for key, data in contents.items()}
    values |= {f"{key}_sha256": hashlib.sha256(data).hexdigest() for key, data in contents.items()}
    more = "" if kept is None else _write_kept(models_dir / "kept.safetensors", kept)
    text = CATALOGUE.format(**values, kept=more)
    if kept is not None:
        text = text.replace('base = "base"', 'base = "base"\nvocabulary = "kept.safetensors"')
    (models_dir / "catalogue.toml").write_text(text, encoding="utf-8")
    return TinyModel(models_dir=models_dir, weights=weights)


def _write_kept(path: Path, kept: Collection[str]) -> str:
    """Write which pieces are kept, a bit each; return what the catalogue's list of files says of it."""
    save_file({"kept": np.packbits(np.array([piece.replace(" ", "▁") in kept for piece, _ in PIECES], dtype=np.uint8))}, path)
    content = path.read_bytes()
    return f', {{ path = "{path.name}", size = {len(content)}, sha256 = "{hashlib.sha256(content).hexdigest()}" }}'


def _write_base(path: Path, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    writer = GGUFWriter(path, "gemma3")
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD_DIM)
    writer.add_sliding_window(WINDOW)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_token_list([piece for piece, _ in PIECES])
    writer.add_token_scores([-float(number) for number in range(len(PIECES))])
    writer.add_token_types([kind for _, kind in PIECES])
    for name, identifier in (("bos", 2), ("eos", 1), ("unk", 3), ("pad", 0)):
        getattr(writer, f"add_{name}_token_id")(identifier)
    weights: dict[str, NDArray[np.float32]] = {}

    def add(name: str, gguf_name: str, *shape: int) -> None:
        value = rng.normal(0, 0.3, shape).astype(np.float32)
        if len(shape) == 1:  # norms, which llama.cpp stores with 1 added
            writer.add_tensor(f"{gguf_name}.weight", value + np.float32(1))
        elif name == "model.embed_tokens":
            writer.add_tensor(f"{gguf_name}.weight", value)
        else:
            packed = quantize(value, GGMLQuantizationType.Q8_0)
            writer.add_tensor(f"{gguf_name}.weight", packed, raw_dtype=GGMLQuantizationType.Q8_0)
            value = dequantize(packed, GGMLQuantizationType.Q8_0)
        weights[f"{name}.weight"] = value

    add("model.embed_tokens", "token_embd", len(PIECES), HIDDEN)
    add("model.norm", "output_norm", HIDDEN)
    for layer in range(LAYERS):
        for name, gguf_name in NORMS.items():
            add(f"model.layers.{layer}.{name}", f"blk.{layer}.{gguf_name}", HIDDEN)
        for name, gguf_name in HEAD_NORMS.items():
            add(f"model.layers.{layer}.{name}", f"blk.{layer}.{gguf_name}", HEAD_DIM)
        for name, (gguf_name, *shape) in MATRICES.items():
            add(f"model.layers.{layer}.{name}", f"blk.{layer}.{gguf_name}", *shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return weights


def _write_delta(path: Path, base: dict[str, NDArray[np.float32]], rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Write a change of one matrix at 4 bits and of one norm as it is; return the two changed weights."""
    matrix, norm = "model.layers.0.mlp.up_proj.weight", "model.layers.0.input_layernorm.weight"
    nibbles = rng.integers(0, 16, base[matrix].size, dtype=np.uint8)
    scales = rng.uniform(0.01, 0.05, base[matrix].size // 64).astype(np.float16)
    change = rng.normal(0, 0.1, base[norm].size).astype(np.float16)
    save_file({f"{matrix}.q4": nibbles[0::2] | nibbles[1::2] << 4, f"{matrix}.scale": scales, f"{norm}.delta": change}, path)
    unpacked = (nibbles.reshape(-1, 64).astype(np.float32) - 8) * scales.astype(np.float32)[:, None]
    return {matrix: base[matrix] + unpacked.reshape(base[matrix].shape), norm: base[norm] + change.astype(np.float32)}


def log_probabilities(weights: dict[str, NDArray[np.float32]], ids: list[int]) -> NDArray[np.float64]:
    """What Gemma 3 with these weights says of the token after each of `ids`, by transformers: the reference."""
    config = Gemma3TextConfig(
        vocab_size=len(PIECES),
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS,
        head_dim=HEAD_DIM,
        query_pre_attn_scalar=HEAD_DIM,
        sliding_window=WINDOW,
        rms_norm_eps=EPSILON,
        tie_word_embeddings=True,
    )
    model = Gemma3ForCausalLM(config).eval()
    state = {name: torch.from_numpy(value) for name, value in weights.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"lm_head.weight"}
    assert not unexpected
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    return torch.log_softmax(logits, dim=-1).double().numpy()
