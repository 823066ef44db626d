"""Writes Gemma 3 as an ONNX graph for one step of a search of many answers, its weights beside it as safetensors.

The graph reads, for each of n answers, r new tokens that see what is remembered of earlier ones and, as the masks say, each other. When a
prompt is read, r is its length; when answers go on, the number of hypotheses. Inputs, with C places of memory:

    tokens     int64 (n, r)           the new tokens
    positions  int64 (n, r)           where they stand in their answers
    local      float (n, r·h, C + r)  0 where a head of a token may look, very low where not, for layers with a window; h heads a token
    whole      float (n, r·h, C + r)  the same for layers that see everything
    split      int64 (2,)             C and r
    rows       int64 (o,)             which of the n·r tokens are asked what comes next
    count      int64 (1,)             how many of the likeliest are told
    keys.L, values.L  float (n, C, d) what layer L remembers

Outputs: `likeliest` int64 (o, count) and `chances` float (o, count), their probabilities, which need not fall; `all_chances` float (o,
vocabulary), less exact at 8 bits; and `new_keys.L`, `new_values.L` float (n, r, d), to be remembered.

At 8 bits, weights have a scale for each output and 127 steps: AVX2 multiplies bytes in pairs, adds them in 16 bits, and would overflow with
255. Inputs get a scale for each token as they come.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from svodka.errors import ModelError
from svodka.inference.cache import GRAPH_FILE
from svodka.inference.checkpoint import GLOBAL_EVERY, LOCAL_ROPE_BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.checkpoint import GemmaConfig

__all__ = ["write_graph"]


_WEIGHTS_FILE = "model.safetensors"
_POSITIONS = 2048
_STEPS = 63  # of a weight, on either side of zero
_OPSET = 18
_CONTRIBUTED = "com.microsoft"  # ONNX Runtime's own operators
_FLOAT, _INT64 = int(TensorProto.FLOAT), int(TensorProto.INT64)
_Shape = list[str | int]


def write_graph(config: GemmaConfig, weights: Mapping[str, NDArray[np.float32]], quantization: str, target: Path) -> None:
    """Write weights, by their names in transformers, and the graph that uses them into the folder `target`, which exists.

    Raises:
        ModelError: the graph cannot compute such a model, or not with these numbers.
    """
    if config.kv_heads != 1:
        raise ModelError(f"onnxruntime runs models with one head of keys and values, not with {config.kv_heads}")
    if quantization not in {"int8", "float32"}:
        raise ModelError(f"onnxruntime runs int8 or float32, not {quantization}")
    graph = _Graph(config, weights, eight_bits=quantization == "int8")
    graph.build()
    save_file(graph.stored, target / _WEIGHTS_FILE)
    model = helper.make_model(
        graph.proto(_placed(target / _WEIGHTS_FILE)),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIBUTED, 1)],
        ir_version=9,
        producer_name="svodka",
    )
    told = {"layers": config.layers, "heads": config.heads, "head_dim": config.head_dim, "window": config.sliding_window}
    told |= {"positions": _POSITIONS, "vocabulary": weights["model.embed_tokens.weight"].shape[0]}
    helper.set_model_props(model, {name: str(value) for name, value in told.items()})
    onnx.save(model, target / GRAPH_FILE)


class _Graph:
    """The nodes, and the weights that they use."""

    def __init__(self, config: GemmaConfig, weights: Mapping[str, NDArray[np.float32]], *, eight_bits: bool) -> None:
        self._config = config
        self._weights = weights
        self._eight_bits = eight_bits
        self._nodes: list[onnx.NodeProto] = []
        self._names = 0
        self._small: dict[str, NDArray[Any]] = {}
        self.stored: dict[str, NDArray[Any]] = {}

    def build(self) -> None:
        """Make all nodes."""
        self._constants()
        if self._eight_bits:
            self._constants_of_eight_bits()
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
        asked = self._node("Gather", seen, "rows", axis=0)
        scores = self._linear(asked, "model.embed_tokens", [self._weight("model.embed_tokens")])
        self._node("Softmax", scores, axis=-1, to="all_chances")
        coarse = self._name() if self._eight_bits else "chances"
        self._nodes.append(helper.make_node("TopK", ["all_chances", "count"], [coarse, "likeliest"], axis=1))
        if self._eight_bits:
            self._refine(asked, scores, coarse)

    def proto(self, placed: Mapping[str, tuple[str, int, int]]) -> onnx.GraphProto:
        """The graph, each weight by the file, the place and the length that it has there."""
        rows: _Shape = ["n", "r"]
        memory: _Shape = ["n", "c", self._config.head_dim]
        inputs: list[tuple[str, int, _Shape]] = [("tokens", _INT64, rows), ("positions", _INT64, rows)]
        inputs += [("local", _FLOAT, ["n", "q", "k"]), ("whole", _FLOAT, ["n", "q", "k"])]
        inputs += [("split", _INT64, [2]), ("rows", _INT64, ["o"]), ("count", _INT64, [1])]
        inputs += [(f"{kind}.{layer}", _FLOAT, memory) for layer in range(self._config.layers) for kind in ("keys", "values")]
        new: _Shape = ["n", "r", self._config.head_dim]
        outputs: list[tuple[str, int, _Shape]] = [("likeliest", _INT64, ["o", "t"]), ("chances", _FLOAT, ["o", "t"])]
        outputs += [("all_chances", _FLOAT, ["o", "v"])]
        outputs += [(f"new_{kind}.{layer}", _FLOAT, new) for layer in range(self._config.layers) for kind in ("keys", "values")]
        return helper.make_graph(
            self._nodes,
            "gemma3",
            [helper.make_tensor_value_info(*told) for told in inputs],
            [helper.make_tensor_value_info(*told) for told in outputs],
            [numpy_helper.from_array(value, name) for name, value in self._small.items()]
            + [_outside(name, value, placed[name]) for name, value in self.stored.items()],
        )

    def _constants(self) -> None:
        config = self._config
        for name, base in (("local", LOCAL_ROPE_BASE), ("whole", config.rope_base)):
            angles = np.arange(_POSITIONS)[:, None] * base ** (-np.arange(0, config.head_dim, 2) / config.head_dim)
            self._keep(f"cos.{name}", np.cos(angles).astype(np.float32))
            self._keep(f"sin.{name}", np.sin(angles).astype(np.float32))
        query = config.heads * config.head_dim
        self._small["parts"] = np.array([query, config.head_dim, config.head_dim], np.int64)
        self._small["first"] = np.array([0], np.int64)
        self._small["as_heads"] = np.array([-1, config.head_dim], np.int64)
        self._small["as_rows"] = np.array([-1, query], np.int64)
        shape = self._node("Shape", "tokens")
        answers = self._node("Gather", shape, "first", axis=0)
        for name, width in (("by_query", query), ("by_head", config.head_dim)):
            self._small[f"{name}.width"] = np.array([width], np.int64)
            self._node("Concat", shape, f"{name}.width", axis=0, to=name)
        self._node("Concat", answers, "as_heads", axis=0, to="by_answer")

    def _constants_of_eight_bits(self) -> None:
        self._small["zero"] = np.array(128, np.uint8)
        self._small["last_axis"] = np.array([-1], np.int64)
        for name, value in (("one", 1.0), ("steps", 127.0), ("step", 1 / 127), ("least", 1e-8)):
            self._small[name] = np.array(value, np.float32)

    def _embed(self) -> str:
        weight = self._weight("model.embed_tokens")
        hidden = weight.shape[1]
        self._small["as_stream"] = np.array([-1, hidden], np.int64)
        scale = np.array(np.sqrt(hidden), np.float32)
        if not self._eight_bits:
            self._keep("embeddings", weight * scale)
            return self._node("Reshape", self._node("Gather", "embeddings", "tokens", axis=0), "as_stream")
        steps = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
        self._keep("embeddings", np.rint(weight / steps).astype(np.int8))
        self._keep("embeddings.steps", steps.astype(np.float32))
        self._small["scale"] = scale
        looked_up = self._node("Cast", self._node("Gather", "embeddings", "tokens", axis=0), to_type=_FLOAT)
        scaled = self._node("Mul", self._node("Mul", looked_up, self._node("Gather", "embeddings.steps", "tokens", axis=0)), "scale")
        return self._node("Reshape", scaled, "as_stream")

    def _refine(self, asked: str, scores: str, coarse: str) -> None:
        """Score the likeliest tokens again, without rounding the state that they follow from: that is most of what 8 bits lose."""
        vectors = self._node("Cast", self._node("Gather", "embeddings", "likeliest", axis=0), to_type=_FLOAT)
        products = self._node("MatMul", vectors, self._node("Unsqueeze", asked, "last_axis"))
        fine = self._node("Mul", products, self._node("Gather", "embeddings.steps", "likeliest", axis=0))
        fine = self._node("Squeeze", fine, "last_axis")
        change = self._node("Exp", self._node("Sub", fine, self._node("GatherElements", scores, "likeliest", axis=1)))
        refined = self._node("Mul", coarse, change)
        others = self._node("Sub", "one", self._node("ReduceSum", coarse, "last_axis", keepdims=1))
        total = self._node("Add", self._node("Max", others, "least"), self._node("ReduceSum", refined, "last_axis", keepdims=1))
        self._node("Div", refined, total, to="chances")

    def _attend(self, layer: int, seen: str) -> str:
        name, sight = f"model.layers.{layer}.self_attn", "whole" if (layer + 1) % GLOBAL_EVERY == 0 else "local"
        projected = self._linear(seen, f"{name}.qkv", [self._weight(f"{name}.{part}_proj") for part in "qkv"])
        query, key, value = self._split(projected, "parts", 3, axis=1)
        query = self._turn(self._norm(self._node("Reshape", query, "as_heads"), self._gain(f"{name}.q_norm")), "by_query", sight)
        key = self._turn(self._norm(key, self._gain(f"{name}.k_norm")), "by_head", sight, to=f"new_keys.{layer}")
        value = self._node("Reshape", value, "by_head", to=f"new_values.{layer}")
        heads = self._node("Reshape", query, "by_answer")  # all heads of all tokens of an answer look at the same keys
        alike = {"domain": _CONTRIBUTED, "transB": 1, "alpha": self._config.head_dim**-0.5}
        remembered = self._node("FusedMatMul", heads, f"keys.{layer}", **alike)
        scores = self._node("Concat", remembered, self._node("FusedMatMul", heads, key, **alike), axis=2)
        shares = self._node("Softmax", self._node("Add", scores, sight), axis=-1)
        old, new = self._split(shares, "split", 2, axis=2)
        mixed = self._node("Add", self._node("MatMul", old, f"values.{layer}"), self._node("MatMul", new, value))
        return self._linear(self._node("Reshape", mixed, "as_rows"), f"{name}.o", [self._weight(f"{name}.o_proj")])

    def _feed(self, name: str, seen: str) -> str:
        gate, up = self._weight(f"{name}.mlp.gate_proj"), self._weight(f"{name}.mlp.up_proj")
        both = self._linear(seen, f"{name}.mlp.gate_up", [gate, up])
        self._small["halves"] = np.array([gate.shape[0], up.shape[0]], np.int64)
        gated, raised = self._split(both, "halves", 2, axis=1)
        inner = self._node("Mul", self._node("FastGelu", gated, domain=_CONTRIBUTED), raised)
        return self._linear(inner, f"{name}.mlp.down", [self._weight(f"{name}.mlp.down_proj")])

    def _linear(self, rows: str, name: str, weights: Sequence[NDArray[np.float32]]) -> str:
        weight = np.concatenate(weights) if len(weights) > 1 else weights[0]
        if not self._eight_bits:
            self._keep(name, weight.T)
            return self._node("MatMul", rows, name)
        steps = np.maximum(np.abs(weight).max(axis=1), 1e-8) / _STEPS
        self._keep(name, np.rint(weight / steps[:, None]).astype(np.int8).T)
        self._keep(f"{name}.steps", steps.astype(np.float32))
        largest = self._node("Max", self._node("ReduceMax", self._node("Abs", rows), "last_axis", keepdims=1), "least")
        scaled = self._node("Mul", rows, self._node("Div", "steps", largest))
        whole = self._node("QuantizeLinear", scaled, "one", "zero")
        product = self._node("MatMulIntegerToFloat", whole, name, "step", f"{name}.steps", "zero", domain=_CONTRIBUTED)
        return self._node("Mul", product, largest)

    def _norm(self, rows: str, gain: str) -> str:
        return self._node("SimplifiedLayerNormalization", rows, gain, axis=-1, epsilon=self._config.norm_epsilon, stash_type=1)

    def _add_norm(self, rows: str, stream: str, gain: str) -> tuple[str, str]:
        """The sum of both, normed and as it is."""
        normed, total = self._name(), self._name()
        self._nodes.append(
            helper.make_node(
                "SkipSimplifiedLayerNormalization",
                [rows, stream, gain],
                [normed, "", "", total],
                domain=_CONTRIBUTED,
                epsilon=self._config.norm_epsilon,
            )
        )
        return normed, total

    def _turn(self, heads: str, shape: str, sight: str, *, to: str | None = None) -> str:
        shaped = self._node("Reshape", heads, shape)
        return self._node("RotaryEmbedding", shaped, "positions", f"cos.{sight}", f"sin.{sight}", domain=_CONTRIBUTED, to=to)

    def _split(self, value: str, sizes: str, count: int, *, axis: int) -> list[str]:
        names = [self._name() for _ in range(count)]
        self._nodes.append(helper.make_node("Split", [value, sizes], names, axis=axis))
        return names

    def _node(self, kind: str, *inputs: str, to: str | None = None, domain: str = "", to_type: int | None = None, **settings: Any) -> str:  # noqa: ANN401
        output = to or self._name()
        if to_type is not None:
            settings["to"] = to_type
        self._nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **settings))
        return output

    def _name(self) -> str:
        self._names += 1
        return f"value.{self._names}"

    def _weight(self, name: str) -> NDArray[np.float32]:
        return self._weights[f"{name}.weight"]

    def _gain(self, name: str) -> str:
        return self._keep(name, 1 + self._weight(name))  # Gemma multiplies by 1 + w

    def _keep(self, name: str, value: NDArray[Any]) -> str:
        self.stored[name] = np.ascontiguousarray(value)
        return name


def _placed(path: Path) -> dict[str, tuple[str, int, int]]:
    """Where each tensor of a safetensors file lies: its file, first byte and length."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    spans = {name: told["data_offsets"] for name, told in header.items() if name != "__metadata__"}
    return {name: (path.name, 8 + size + start, end - start) for name, (start, end) in spans.items()}


def _outside(name: str, value: NDArray[Any], placed: tuple[str, int, int]) -> onnx.TensorProto:
    location, offset, length = placed
    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(value.dtype), dims=value.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, entry in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(entry))
    return tensor
