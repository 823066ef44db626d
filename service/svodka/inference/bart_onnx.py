"""Writes BART, and what was made after it, as ONNX graphs for a search of many answers: an encoder, and a step of the decoder.

The encoder reads n texts of s tokens, filled up behind:

    embedded   float (n, s, width)    the vectors of tokens and of their places
    sees       float (n, 1, s, s)     0 where a token may look, very low where not

and tells `source_keys.L` and `source_values.L` (n, h, s, d), what layer L of the decoder looks at in them with its h heads.

The decoder reads, for each of the n texts, r new tokens of answers that see what is remembered of earlier ones and, as the mask says, each
other. Inputs, with C places of memory:

    embedded   float (n, r, width)
    sees       float (n, 1, r, C + r)
    source     float (n, 1, r, s)     the same for the text
    split      int64 (2,)             C and r
    rows       int64 (o,)             which of the n·r tokens are asked what comes next
    keys.L, values.L  float (n, h, C, d)  what layer L remembers, and source_keys.L, source_values.L

Outputs: `states` float (o, width), and `new_keys.L`, `new_values.L` float (n, r, h, d), to be remembered. A head (`head_graph.py`) says
from states what comes next.

What is added to keys changes no share of a softmax, and what is added to values comes out as it is, since shares sum up to one: the former
is left out, the latter added behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.errors import ModelError
from svodka.inference.cache import EMBEDDINGS_FILE, ENCODER_FILE, GRAPH_FILE
from svodka.inference.head_graph import write_embeddings, write_head
from svodka.inference.onnx_graph import CONTRIBUTED, FLOAT, INT64, GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.bart_checkpoint import BartConfig, Side
    from svodka.inference.onnx_graph import Rows

    # Computes of a layer, by its number, and of the rows that it reads other rows, and tells what is to be added to each of these.
    Part = Callable[[int, str], tuple[str, NDArray[np.float32]]]

__all__ = ["write_graphs"]

_NORM_EPSILON = 1e-5  # torch.nn.LayerNorm's
_BY_HEAD = [0, 2, 1, 3]  # (n, r, h, d) and (n, h, r, d), either way


def write_graphs(config: BartConfig, weights: Mapping[str, NDArray[np.float32]], quantization: str, target: Path) -> None:
    """Write weights, by their names in `read_bart`, and the graphs that use them into the folder `target`, which exists.

    Raises:
        ModelError: the graphs cannot compute such a model, or not with these numbers.
    """
    if quantization not in {"int8", "float32"}:
        raise ModelError(f"onnxruntime runs int8 or float32, not {quantization}")
    eight_bits = quantization == "int8"
    _Encoder(config, weights, eight_bits=eight_bits).write(target / ENCODER_FILE)
    _Decoder(config, weights, eight_bits=eight_bits).write(target / GRAPH_FILE)
    bias = weights["bias"] if weights["bias"].any() else None
    beside = {name: weights[name] for name in ("places.encoder", "places.decoder")} | {"scale": np.array([config.scale], np.float32)}
    beside |= {} if bias is None else {"bias": bias}
    write_embeddings(target / EMBEDDINGS_FILE, weights["shared.weight"], eight_bits=eight_bits, **beside)
    write_head(target, weights["shared.weight"], eight_bits=eight_bits, bias=bias)


class _Side:
    """What graphs of the encoder and of the decoder have in common."""

    def __init__(self, name: str, side: Side, config: BartConfig, weights: Mapping[str, NDArray[np.float32]], *, eight_bits: bool) -> None:
        self.name, self.side, self.config = name, side, config
        self.weights = weights
        self.graph = GraphBuilder(eight_bits=eight_bits)
        self.width = int(weights["shared.weight"].shape[1])
        self.graph.small["as_rows"] = np.array([-1, self.width], np.int64)
        # The decoder's heads, in which the encoder tells what it has read.
        self.graph.small["heads"] = np.array([config.decoder.heads, self.width // config.decoder.heads], np.int64)
        self.graph.small["width"] = np.array([self.width], np.int64)
        self.graph.node("Shape", "embedded", start=0, end=2, to="shape")
        self.graph.node("Concat", "shape", "heads", axis=0, to="by_head")
        self.graph.node("Concat", "shape", "width", axis=0, to="by_text")

    def layers(self, parts: Sequence[tuple[str, Part]]) -> str:
        """The states behind all layers, whose parts are given by their norms and by what computes them."""
        norms = [f"{self.name}.layers.{layer}.{norm}" for layer in range(self.side.layers) for norm, _ in parts]
        computed = [(layer, part) for layer in range(self.side.layers) for _, part in parts]
        stream = self.graph.node("Reshape", "embedded", "as_rows")
        if f"{self.name}.layernorm_embedding.weight" in self.weights:
            stream = self._norm(stream, f"{self.name}.layernorm_embedding")
        if not self.config.normed_before:
            for (layer, part), norm in zip(computed, norms, strict=True):
                stream, _ = self._add_norm(*part(layer, stream), stream, norm)
            return stream
        seen = self._norm(stream, norms[0])
        for (layer, part), following in zip(computed, [*norms[1:], f"{self.name}.layer_norm"], strict=True):
            seen, stream = self._add_norm(*part(layer, seen), stream, following)
        return seen

    def feed(self, layer: int, seen: str) -> tuple[str, NDArray[np.float32]]:
        """The two products of a layer, and what lies between them."""
        name = f"{self.name}.layers.{layer}"
        inner = self.graph.product(self.graph.rows(seen), f"{name}.fc1", self.weights[f"{name}.fc1.weight"])
        active = self._activate(inner, self.graph.keep(f"{name}.fc1.bias", self.weights[f"{name}.fc1.bias"]))
        product = self.graph.product(self.graph.rows(active), f"{name}.fc2", self.weights[f"{name}.fc2.weight"])
        return product, self.weights[f"{name}.fc2.bias"]

    def query(self, name: str, rows: Rows) -> str:
        """What a layer asks, in rows."""
        product = self.graph.product(rows, f"{name}.q_proj", self.weights[f"{name}.q_proj.weight"])
        return self.graph.node("Add", product, self.graph.keep(f"{name}.q_proj.bias", self.weights[f"{name}.q_proj.bias"]))

    def told(self, name: str, mixed: str) -> tuple[str, NDArray[np.float32]]:
        """What a layer makes of the values that it has mixed, in rows, and what to add: to the values as well."""
        weight = self.weights[f"{name}.out_proj.weight"]
        product = self.graph.product(self.graph.rows(mixed), f"{name}.out_proj", weight)
        return product, self.weights[f"{name}.out_proj.bias"] + weight @ self.weights[f"{name}.v_proj.bias"]

    def _activate(self, rows: str, bias: str) -> str:
        kind = self.config.activation
        if kind == "gelu":
            return self.graph.node("BiasGelu", rows, bias, domain=CONTRIBUTED)
        if kind in {"gelu_new", "gelu_pytorch_tanh"}:
            return self.graph.node("FastGelu", rows, bias, domain=CONTRIBUTED)
        total = self.graph.node("Add", rows, bias)
        if kind in {"swish", "silu"}:
            return self.graph.node("QuickGelu", total, domain=CONTRIBUTED, alpha=1.0)
        if kind == "relu":
            return self.graph.node("Relu", total)
        raise ModelError(f"onnxruntime does not run models with the activation {kind!r}; ctranslate2 may")

    def _norm(self, rows: str, name: str) -> str:
        weight, bias = (self.graph.keep(f"{name}.{kind}", self.weights[f"{name}.{kind}"]) for kind in ("weight", "bias"))
        return self.graph.node("LayerNormalization", rows, weight, bias, axis=-1, epsilon=_NORM_EPSILON)

    def _add_norm(self, rows: str, bias: NDArray[np.float32], stream: str, name: str) -> tuple[str, str]:
        """The sum of all, normed and as it is."""
        # SkipLayerNormalization takes four times as long: it goes from number to number.
        total = self.graph.node("Add", self.graph.node("Add", rows, self.graph.keep(f"{name}.before", bias)), stream)
        return self._norm(total, name), total


class _Encoder(_Side):
    """The nodes of the encoder."""

    def __init__(self, config: BartConfig, weights: Mapping[str, NDArray[np.float32]], *, eight_bits: bool) -> None:
        super().__init__("encoder", config.encoder, config, weights, eight_bits=eight_bits)

    def write(self, path: Path) -> None:
        """Make all nodes, and write them with what they use."""
        graph = self.graph
        states = graph.rows(self.layers([("self_attn_layer_norm", self._attend), ("final_layer_norm", self.feed)]))
        told = []
        for layer in range(self.config.decoder.layers):
            for kind, part in (("keys", "k_proj"), ("values", "v_proj")):
                name = f"decoder.layers.{layer}.encoder_attn.{part}"
                product = graph.node("Reshape", graph.product(states, name, self.weights[f"{name}.weight"]), "by_head")
                told.append(graph.node("Transpose", product, perm=_BY_HEAD, to=f"source_{kind}.{layer}"))
        heads, text = self.config.decoder.heads, ("n", "s")
        graph.save(
            path,
            [("embedded", FLOAT, (*text, self.width)), ("sees", FLOAT, ("n", 1, "s", "s"))],
            [(name, FLOAT, ("n", heads, "s", self.width // heads)) for name in told],
            properties={},
        )

    def _attend(self, layer: int, seen: str) -> tuple[str, NDArray[np.float32]]:
        name = f"encoder.layers.{layer}.self_attn"
        rows = self.graph.rows(seen)
        made = [self.query(name, rows)]
        made += [self.graph.product(rows, f"{name}.{part}", self.weights[f"{name}.{part}.weight"]) for part in ("k_proj", "v_proj")]
        query, key, value = (self.graph.node("Reshape", product, "by_text") for product in made)
        told = (query, key, value, "", "", "sees")
        mixed = self.graph.node("MultiHeadAttention", *told, domain=CONTRIBUTED, num_heads=self.side.heads)
        return self.told(name, self.graph.node("Reshape", mixed, "as_rows"))


class _Decoder(_Side):
    """The nodes of a step of the decoder."""

    def __init__(self, config: BartConfig, weights: Mapping[str, NDArray[np.float32]], *, eight_bits: bool) -> None:
        super().__init__("decoder", config.decoder, config, weights, eight_bits=eight_bits)

    def write(self, path: Path) -> None:
        """Make all nodes, and write them with what they use."""
        graph, heads = self.graph, self.side.heads
        parts = [
            ("self_attn_layer_norm", self._attend),
            ("encoder_attn_layer_norm", self._attend_to_source),
            ("final_layer_norm", self.feed),
        ]
        graph.node("Gather", self.layers(parts), "rows", axis=0, to="states")
        size, rows = self.width // heads, ("n", "r")
        kept = [f"{kind}.{layer}" for layer in range(self.side.layers) for kind in ("keys", "values")]
        graph.save(
            path,
            [
                ("embedded", FLOAT, (*rows, self.width)),
                ("sees", FLOAT, ("n", 1, "r", "k")),
                ("source", FLOAT, ("n", 1, "r", "s")),
                ("split", INT64, (2,)),
                ("rows", INT64, ("o",)),
                *((name, FLOAT, ("n", heads, "c", size)) for name in kept),
                *((f"source_{name}", FLOAT, ("n", heads, "s", size)) for name in kept),
            ],
            [("states", FLOAT, ("o", self.width)), *((f"new_{name}", FLOAT, (*rows, heads, size)) for name in kept)],
            properties={"layers": self.side.layers, "heads": heads, "head_dim": size},
        )

    def _attend(self, layer: int, seen: str) -> tuple[str, NDArray[np.float32]]:
        graph, name = self.graph, f"decoder.layers.{layer}.self_attn"
        rows = graph.rows(seen)
        query = graph.node("Transpose", graph.node("Reshape", self.query(name, rows), "by_head"), perm=_BY_HEAD)
        made = []
        for kind, part in (("keys", "k_proj"), ("values", "v_proj")):
            product = graph.product(rows, f"{name}.{part}", self.weights[f"{name}.{part}.weight"])
            new = graph.node("Reshape", product, "by_head", to=f"new_{kind}.{layer}")
            made.append(graph.node("Transpose", new, perm=_BY_HEAD))
        key, value = made
        alike = {"domain": CONTRIBUTED, "transB": 1, "alpha": (self.width // self.side.heads) ** -0.5}
        scores = [graph.node("FusedMatMul", query, keys, **alike) for keys in (f"keys.{layer}", key)]
        shares = graph.node("Softmax", graph.node("Add", graph.node("Concat", *scores, axis=3), "sees"), axis=-1)
        old, new = graph.node_of("Split", shares, "split", outputs=[True, True], axis=3)
        mixed = graph.node("Add", graph.node("MatMul", old, f"values.{layer}"), graph.node("MatMul", new, value))
        return self.told(name, graph.node("Reshape", graph.node("Transpose", mixed, perm=_BY_HEAD), "as_rows"))

    def _attend_to_source(self, layer: int, seen: str) -> tuple[str, NDArray[np.float32]]:
        name = f"decoder.layers.{layer}.encoder_attn"
        query = self.graph.node("Reshape", self.query(name, self.graph.rows(seen)), "by_text")
        told = (f"source_keys.{layer}", f"source_values.{layer}", "", "", "source")
        mixed = self.graph.node("MultiHeadAttention", query, *told, domain=CONTRIBUTED, num_heads=self.side.heads)
        return self.told(name, self.graph.node("Reshape", mixed, "as_rows"))
