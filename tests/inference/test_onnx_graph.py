"""What graphs at 8 bits multiply, against the products themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from svodka.inference.onnx_graph import FLOAT, GraphBuilder
from svodka.inference.onnx_runtime import onnxruntime

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, OUTPUTS = 64, 16


def computed(
    path: Path, rows: NDArray[np.float32], weight: NDArray[np.float32], *, blocks: int, eight_bits: bool = True
) -> NDArray[np.float32]:
    graph = GraphBuilder(eight_bits=eight_bits)
    product = graph.product(graph.rows("rows", width=WIDTH, blocks=blocks), "weight", weight)
    graph.node("Identity", product, to="product")
    graph.save(path / "graph.onnx", [("rows", FLOAT, ("n", WIDTH))], [("product", FLOAT, ("n", OUTPUTS))], properties={})
    session = onnxruntime.InferenceSession(path / "graph.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"rows": rows})
    return np.asarray(found)


def far_off(found: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """The error's share of what was to be computed."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.fixture
def weight() -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(OUTPUTS, WIDTH)).astype(np.float32)


@pytest.fixture
def rows() -> NDArray[np.float32]:
    return np.random.default_rng(2).normal(size=(5, WIDTH)).astype(np.float32)


@pytest.mark.parametrize("blocks", [1, 2, 8])
def test_eight_bits_are_near_the_product(blocks: int, rows: NDArray[np.float32], weight: NDArray[np.float32], tmp_path: Path) -> None:
    assert 0 < far_off(computed(tmp_path, rows, weight, blocks=blocks), rows @ weight.T) < 0.02


def test_in_float32_there_are_no_blocks(rows: NDArray[np.float32], weight: NDArray[np.float32], tmp_path: Path) -> None:
    assert far_off(computed(tmp_path, rows, weight, blocks=8, eight_bits=False), rows @ weight.T) < 1e-6


def test_a_large_number_takes_steps_from_its_own_block_alone(
    rows: NDArray[np.float32], weight: NDArray[np.float32], tmp_path: Path
) -> None:
    rows[:, 3] = 400.0
    weight[:, 3] = 0.0  # what is left of the product is what the other numbers say
    expected = rows @ weight.T
    assert far_off(computed(tmp_path, rows, weight, blocks=1), expected) > 0.5
    assert far_off(computed(tmp_path, rows, weight, blocks=8), expected) < 0.5


def test_rows_of_nothing_have_a_product_of_nothing(weight: NDArray[np.float32], tmp_path: Path) -> None:
    found = computed(tmp_path, np.zeros((2, WIDTH), np.float32), weight, blocks=8)
    assert not found.any()
