"""Puts ONNX graphs together, node by node, their weights beside them as safetensors.

At 8 bits, weights have a scale for each output and 127 steps: AVX2 multiplies bytes in pairs, adds them in 16 bits, and would overflow with
255. Inputs get a scale for each row as they come, or for each block of a row: where a few numbers are far larger than the rest, one scale
for all would leave the rest few steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from svodka.inference.placed import placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["CONTRIBUTED", "FLOAT", "FLOAT16", "INT32", "INT64", "ROW_STEPS", "GraphBuilder", "Rows", "Told"]

CONTRIBUTED = "com.microsoft"  # ONNX Runtime's own operators
FLOAT, FLOAT16, INT32, INT64 = (int(kind) for kind in (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT32, TensorProto.INT64))
Told = tuple[str, int, "Sequence[str | int]"]  # an input or output: its name, type and shape

ROW_STEPS = 127  # of a row of inputs, on either side of zero
_STEPS = 63  # of a weight, likewise
_ZERO = 128  # the byte that stands for zero in rows
_OPSET, _IR_VERSION = 18, 9


class Rows(NamedTuple):
    """Rows of numbers, in blocks side by side: as they are, or in bytes; these have steps for each block, shape (rows, 1)."""

    blocks: tuple[str, ...]
    steps: tuple[str, ...] = ()


class GraphBuilder:
    """The nodes of a graph, and the weights that they use."""

    def __init__(self, *, eight_bits: bool) -> None:
        self.eight_bits = eight_bits
        self.small: dict[str, NDArray[Any]] = {}  # constants that the graph's own file holds
        self._stored: dict[str, NDArray[Any]] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._names = 0
        if eight_bits:
            self.small |= {"last_axis": np.array([-1], np.int64), "zero": np.array(_ZERO, np.uint8)}
            for name, value in (("one", 1.0), ("step", 1 / ROW_STEPS), ("least", 1e-8)):
                self.small[name] = np.array(value, np.float32)

    def node(self, kind: str, *inputs: str, to: str | None = None, domain: str = "", to_type: int | None = None, **settings: Any) -> str:  # noqa: ANN401
        """Add a node with one output; return that output's name."""
        output = to or self._name()
        if to_type is not None:
            settings["to"] = to_type
        self._nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **settings))
        return output

    def node_of(self, kind: str, *inputs: str, outputs: Sequence[bool | str], domain: str = "", **settings: Any) -> list[str]:  # noqa: ANN401
        """Add a node with several outputs, of which each is wanted, or has a name, or is not wanted; return the names of those that are."""
        names = [output if isinstance(output, str) else self._name() if output else "" for output in outputs]
        self._nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **settings))
        return [name for name in names if name]

    def keep(self, name: str, value: NDArray[Any]) -> str:
        """Store a weight; return its name."""
        self._stored[name] = np.ascontiguousarray(value)
        return name

    def rows(self, rows: str, *, width: int = 0, blocks: int = 1) -> Rows:
        """Rows of numbers, ready to be multiplied with weights; in bytes, those of a width are cut into so many blocks."""
        if not self.eight_bits:
            return Rows((rows,))
        if blocks == 1:
            values, steps = self._in_bytes(rows)
            return Rows((values,), (self.node("Unsqueeze", steps, "last_axis"),))
        # Under each other all blocks get their steps at once.
        values, steps = self._in_bytes(self.node("Reshape", rows, self._shape(-1, width // blocks)))
        in_line = self.node("Reshape", values, self._shape(-1, width)), self.node("Reshape", steps, self._shape(-1, blocks))
        cut = (self.node_of("Split", whole, outputs=[True] * blocks, axis=1, num_outputs=blocks) for whole in in_line)
        return Rows(*map(tuple, cut))

    def product(self, rows: Rows, name: str, weight: NDArray[np.float32], *, in_steps: bool = False) -> str:
        """The product of rows with a weight of shape (outputs, inputs), which is stored under a name.

        `in_steps` may leave each row of it in that row's own steps, a pass less over all numbers: for what a norm follows, which undoes it.
        """
        if not rows.steps:
            return self.node("MatMul", *rows.blocks, self.keep(name, weight.T))
        if len(rows.blocks) == 1:
            product = self._byte_product(rows.blocks[0], name, weight)
            return product if in_steps else self.node("Mul", product, rows.steps[0])
        total = ""
        for number, (block, step, part) in enumerate(zip(*rows, np.split(weight, len(rows.blocks), axis=1), strict=True)):
            product = self.node("Mul", self._byte_product(block, f"{name}.{number}", part), step)
            total = self.node("Add", total, product) if total else product
        return total

    def _in_bytes(self, rows: str) -> tuple[str, str]:
        """Rows in bytes, and the step of each."""
        largest = self.node("Max", self.node("ReduceMax", self.node("Abs", rows), "last_axis", keepdims=0), "least")
        steps = self.node("Mul", largest, "step")
        zeros = self.node("ConstantOfShape", self.node("Shape", steps), value=numpy_helper.from_array(np.array([_ZERO], np.uint8)))
        return self.node("QuantizeLinear", rows, steps, zeros, axis=0), steps

    def _shape(self, *sizes: int) -> str:
        name = f"shape.{','.join(map(str, sizes))}"
        self.small[name] = np.array(sizes, np.int64)
        return name

    def _byte_product(self, rows: str, name: str, weight: NDArray[np.float32]) -> str:
        """The product of rows in bytes with a weight, in steps of the rows."""
        steps = np.maximum(np.abs(weight).max(axis=1), 1e-8) / _STEPS
        self.keep(name, np.rint(weight / steps[:, None]).astype(np.int8).T)
        self.keep(f"{name}.steps", steps.astype(np.float32))
        return self.node("MatMulIntegerToFloat", rows, name, "one", f"{name}.steps", "zero", domain=CONTRIBUTED)

    def save(self, path: Path, inputs: Sequence[Told], outputs: Sequence[Told], *, properties: Mapping[str, int]) -> None:
        """Write the graph, and its weights into a file of the same name beside it."""
        weights = path.with_suffix(".safetensors")
        save_file(self._stored, weights)
        places = placed(weights)
        stored = [_outside(name, value, weights.name, places[name]) for name, value in self._stored.items()]
        graph = helper.make_graph(
            self._nodes,
            "svodka",
            [helper.make_tensor_value_info(*told) for told in inputs],
            [helper.make_tensor_value_info(*told) for told in outputs],
            [*(numpy_helper.from_array(value, name) for name, value in self.small.items()), *stored],
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIBUTED, 1)],
            ir_version=_IR_VERSION,
            producer_name="svodka",
        )
        helper.set_model_props(model, {name: str(value) for name, value in properties.items()})
        onnx.save(model, path)

    def _name(self) -> str:
        self._names += 1
        return f"value.{self._names}"


def _outside(name: str, value: NDArray[Any], location: str, place: tuple[int, int]) -> onnx.TensorProto:
    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(value.dtype), dims=value.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, entry in (("location", location), ("offset", place[0]), ("length", place[1])):
        tensor.external_data.add(key=key, value=str(entry))
    return tensor
