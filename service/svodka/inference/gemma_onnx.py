"""Writes Gemma 3 as ONNX graphs for one step of a search of many answers: its body, and heads (`head_graph.py`) that say what comes next.

The body reads new tokens of n answers, which see what is remembered of earlier ones and, as the masks say, each other. When prompts are
read, an answer has as many as its prompt; when answers go on, as many as there are hypotheses of it. Where they look at each other, each
answer has room for r, the most that one has, and what fills it up counts nowhere. Inputs, for t tokens and C places of memory:

    embedded   float (t, width)       the vectors of the new tokens
    positions  int64 (1, t)           where they stand in their answers
    table      int64 (n, r)           which of the t tokens stands where
    own        int64 (t,)             where each of them stands, of n·r places
    local      float (n, r·h, C + r)  0 where a head of a token may look, very low where not, for layers with a window; h heads a token
    whole      float (n, r·h, C + r)  the same for layers that see everything
    split      int64 (2,)             C and r
    rows       int64 (o,)             which of the tokens are asked what comes next
    keys.L, values.L  (n, C, d)       what layer L remembers, in 16 bits where weights have 8, else in 32

Outputs: `states` float (o, width), and `new_keys.L`, `new_values.L` (n, r, d), to be remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.errors import ModelError
from svodka.inference.cache import EMBEDDINGS_FILE, GRAPH_FILE
from svodka.inference.checkpoint import GLOBAL_EVERY, LOCAL_ROPE_BASE
from svodka.inference.head_graph import write_embeddings, write_head, write_short_head
from svodka.inference.onnx_graph import CONTRIBUTED, FLOAT, FLOAT16, INT64, GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.checkpoint import GemmaConfig
    from svodka.inference.onnx_graph import Rows

__all__ = ["blocks_of", "write_graphs"]

_POSITIONS = 2048
# Into how many blocks inputs are cut whose numbers differ so much in size that few steps of one row would be left for most of them.
_BLOCKS = {"gate_proj": 2, "up_proj": 2, "down_proj": 8}


def blocks_of(layer: str) -> int:
    """Into how many blocks a row of a layer's inputs is cut at 8 bits, by the layer's name in transformers."""
    return _BLOCKS.get(layer.rsplit(".", 1)[-1], 1)


def write_graphs(
    config: GemmaConfig,
    weights: Mapping[str, NDArray[np.float32]],
    quantization: str,
    target: Path,
    *,
    short_lists: Mapping[str, NDArray[np.int64]],
) -> None:
    """Write weights, by their names in transformers, and the graphs that use them into the folder `target`, which exists.

    Args:
        config: the model's sizes.
        weights: all of them.
        quantization: int8 or float32.
        target: where to.
        short_lists: tokens that answers in a language are made of, for languages that have a head of their own.

    Raises:
        ModelError: the graphs cannot compute such a model, or not with these numbers.
    """
    if config.kv_heads != 1:
        raise ModelError(f"onnxruntime runs models with one head of keys and values, not with {config.kv_heads}")
    if quantization not in {"int8", "float32"}:
        raise ModelError(f"onnxruntime runs int8 or float32, not {quantization}")
    eight_bits = quantization == "int8"
    _Body(config, weights, eight_bits=eight_bits).write(target / GRAPH_FILE)
    embeddings = weights["model.embed_tokens.weight"]
    write_embeddings(target / EMBEDDINGS_FILE, embeddings, eight_bits=eight_bits)
    write_head(target, embeddings, eight_bits=eight_bits)
    for language, tokens in short_lists.items():
        write_short_head(target, language, embeddings, tokens, eight_bits=eight_bits)


class _Body:
    """The nodes of the body."""

    def __init__(self, config: GemmaConfig, weights: Mapping[str, NDArray[np.float32]], *, eight_bits: bool) -> None:
        self._config = config
        self._weights = weights
        self._graph = GraphBuilder(eight_bits=eight_bits)
        self._memory = FLOAT16 if eight_bits else FLOAT

    def write(self, path: Path) -> None:
        """Make all nodes, and write them with what they use."""
        self._constants()
        stream = self._embed()
        layers = self._config.layers
        norms = [self._gain(f"model.layers.{layer}.input_layernorm") for layer in range(layers)] + [self._gain("model.norm")]
        seen = self._norm(stream, norms[0])
        for layer in range(layers):
            name = f"model.layers.{layer}"
            attended = self._norm(self._attend(layer, seen), self._gain(f"{name}.post_attention_layernorm"))
            seen, stream = self._add_norm(attended, stream, self._gain(f"{name}.pre_feedforward_layernorm"))
            fed = self._norm(self._feed(name, seen), self._gain(f"{name}.post_feedforward_layernorm"))
            seen, stream = self._add_norm(fed, stream, norms[layer + 1])
        self._graph.node("Gather", seen, "rows", axis=0, to="states")
        self._save(path)

    def _save(self, path: Path) -> None:
        config = self._config
        memory, new, mask = ("n", "c", config.head_dim), ("n", "r", config.head_dim), ("n", "q", "k")
        kept = [f"{kind}.{layer}" for layer in range(config.layers) for kind in ("keys", "values")]
        self._graph.save(
            path,
            [
                ("embedded", FLOAT, ("t", self._width)),
                ("positions", INT64, (1, "t")),
                ("table", INT64, ("n", "r")),
                ("own", INT64, ("t",)),
                ("local", FLOAT, mask),
                ("whole", FLOAT, mask),
                ("split", INT64, (2,)),
                ("rows", INT64, ("o",)),
                *((name, self._memory, memory) for name in kept),
            ],
            [("states", FLOAT, ("o", self._width)), *((f"new_{name}", self._memory, new) for name in kept)],
            properties={
                "layers": config.layers,
                "heads": config.heads,
                "head_dim": config.head_dim,
                "window": config.sliding_window,
                "positions": _POSITIONS,
            },
        )

    def _constants(self) -> None:
        config = self._config
        for name, base in (("local", LOCAL_ROPE_BASE), ("whole", config.rope_base)):
            angles = np.arange(_POSITIONS)[:, None] * base ** (-np.arange(0, config.head_dim, 2) / config.head_dim)
            self._graph.keep(f"cos.{name}", np.cos(angles).astype(np.float32))
            self._graph.keep(f"sin.{name}", np.sin(angles).astype(np.float32))
        query = config.heads * config.head_dim
        self._graph.small["first"] = np.array([0], np.int64)
        self._graph.small["as_heads"] = np.array([-1, config.head_dim], np.int64)
        self._graph.small["as_rows"] = np.array([-1, query], np.int64)
        self._graph.small |= {
            f"{name}_in_line": np.array([1, -1, size], np.int64) for name, size in (("queries", query), ("keys", config.head_dim))
        }
        answers = self._graph.node("Gather", self._graph.node("Shape", "table"), "first", axis=0)
        self._graph.node("Concat", answers, "as_heads", axis=0, to="by_answer")

    def _embed(self) -> str:
        self._graph.small["scale"] = np.array(np.sqrt(self._width), np.float32)
        return self._graph.node("Mul", "embedded", "scale")

    def _attend(self, layer: int, seen: str) -> str:
        name, sight = f"model.layers.{layer}.self_attn", "whole" if (layer + 1) % GLOBAL_EVERY == 0 else "local"
        rows = self._graph.rows(seen)
        query, key, value = (self._product(rows, f"{name}.{part}_proj", in_steps=part != "v") for part in "qkv")
        query = self._turn(self._norm(self._graph.node("Reshape", query, "as_heads"), self._gain(f"{name}.q_norm")), "queries", sight)
        key = self._turn(self._norm(key, self._gain(f"{name}.k_norm")), "keys", sight)
        value = self._graph.node("Gather", value, "table", axis=0)
        for new, kept in ((key, f"new_keys.{layer}"), (value, f"new_values.{layer}")):
            self._graph.node("Cast", new, to_type=self._memory, to=kept)
        keys, values = (self._graph.node("Cast", f"{kept}.{layer}", to_type=FLOAT) for kept in ("keys", "values"))
        # All heads of all tokens of an answer look at the same keys.
        alike = {"domain": CONTRIBUTED, "transB": 1, "alpha": self._config.head_dim**-0.5}
        remembered = self._graph.node("FusedMatMul", query, keys, **alike)
        scores = self._graph.node("Concat", remembered, self._graph.node("FusedMatMul", query, key, **alike), axis=2)
        shares = self._graph.node("Softmax", self._graph.node("Add", scores, sight), axis=-1)
        old, new = self._graph.node_of("Split", shares, "split", outputs=[True, True], axis=2)
        mixed = self._graph.node("Add", self._graph.node("MatMul", old, values), self._graph.node("MatMul", new, value))
        looked = self._graph.node("Gather", self._graph.node("Reshape", mixed, "as_rows"), "own", axis=0)
        return self._product(self._graph.rows(looked), f"{name}.o_proj", in_steps=True)

    def _feed(self, name: str, seen: str) -> str:
        rows = self._rows(seen, f"{name}.mlp.gate_proj")
        gate = self._graph.node("FastGelu", self._product(rows, f"{name}.mlp.gate_proj"), domain=CONTRIBUTED)
        inner = self._graph.node("Mul", gate, self._product(rows, f"{name}.mlp.up_proj", in_steps=True))
        return self._product(self._rows(inner, f"{name}.mlp.down_proj"), f"{name}.mlp.down_proj", in_steps=True)

    def _rows(self, rows: str, layer: str) -> Rows:
        return self._graph.rows(rows, width=self._weight(layer).shape[1], blocks=blocks_of(layer))

    def _product(self, rows: Rows, name: str, *, in_steps: bool = False) -> str:
        return self._graph.product(rows, name, self._weight(name), in_steps=in_steps)

    def _norm(self, rows: str, gain: str) -> str:
        return self._graph.node("SimplifiedLayerNormalization", rows, gain, axis=-1, epsilon=self._config.norm_epsilon, stash_type=1)

    def _add_norm(self, rows: str, stream: str, gain: str) -> tuple[str, str]:
        """The sum of both, normed and as it is: in two passes, which take less time than SkipSimplifiedLayerNormalization."""
        total = self._graph.node("Add", rows, stream)
        return self._norm(total, gain), total

    def _turn(self, heads: str, kind: str, sight: str) -> str:
        """Queries or keys, turned by their positions, those of each answer on their own."""
        line = self._graph.node("Reshape", heads, f"{kind}_in_line")
        turned = self._graph.node("RotaryEmbedding", line, "positions", f"cos.{sight}", f"sin.{sight}", domain=CONTRIBUTED)
        return self._graph.node("Reshape", self._graph.node("Gather", turned, "table", axis=1), "by_answer")

    @property
    def _width(self) -> int:
        return int(self._weight("model.embed_tokens").shape[1])

    def _weight(self, name: str) -> NDArray[np.float32]:
        return self._weights[f"{name}.weight"]

    def _gain(self, name: str) -> str:
        return self._graph.keep(name, 1 + self._weight(name))  # Gemma multiplies by 1 + w
