"""Training through the rounding of 8 bits sees what the graphs compute, and learns all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from svodka.inference.onnx_graph import FLOAT, GraphBuilder
from svodka.inference.onnx_runtime import onnxruntime
from training.loop import train
from training.model import build_model
from training.prepare import prepare
from training.rounding import rounded

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from training.model import Origin
    from training.settings import Settings

WIDTH = 32
ROWS = arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.just(WIDTH)), elements=st.floats(-1e4, 1e4, width=32))


@pytest.mark.parametrize("blocks", [1, 2, 8])
def test_rows_are_rounded_as_in_the_graph(blocks: int, tmp_path: Path) -> None:
    rows = np.random.default_rng(blocks).normal(size=(3, WIDTH)).astype(np.float32)
    rows[1] = 0
    graph = GraphBuilder(eight_bits=True)
    graph.small["middle"] = np.array(128, np.float32)
    parts = [
        graph.node("Mul", graph.node("Sub", graph.node("Cast", block, to_type=FLOAT), "middle"), step)
        for block, step in zip(*graph.rows("rows", width=WIDTH, blocks=blocks), strict=True)
    ]
    graph.node("Concat", *parts, axis=1, to="rounded")
    graph.save(tmp_path / "graph.onnx", [("rows", FLOAT, ("n", WIDTH))], [("rounded", FLOAT, ("n", WIDTH))], properties={})
    session = onnxruntime.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"rows": rows})
    np.testing.assert_allclose(rounded(torch.from_numpy(rows), blocks).numpy(), found, rtol=1e-5, atol=1e-6)


@given(ROWS, st.sampled_from([1, 2, 4, 8]))
def test_no_number_moves_further_than_half_a_step_of_its_block(rows: NDArray[np.float32], blocks: int) -> None:
    found = rounded(torch.from_numpy(rows), blocks).numpy().reshape(len(rows), blocks, -1)
    exact = rows.reshape(len(rows), blocks, -1)
    steps = np.abs(exact).max(axis=-1, keepdims=True) / 127
    assert (np.abs(found - exact) <= steps * 0.501 + 1e-9).all()


def test_gradients_pass_as_if_nothing_were_rounded() -> None:
    rows = torch.randn(3, WIDTH, generator=torch.Generator().manual_seed(1), requires_grad=True)
    weights = torch.arange(3 * WIDTH, dtype=torch.float32).reshape(3, WIDTH)
    (rounded(rows, 8) * weights).sum().backward()  # type: ignore[no-untyped-call]
    assert rows.grad is not None
    torch.testing.assert_close(rows.grad, weights)


def test_a_model_is_trained_with_rounded_inputs_where_settings_say_so(
    settings: Settings, origin: Origin, data: Path, tmp_path: Path
) -> None:
    rounding = settings.model_copy(update={"model": settings.model.model_copy(update={"rounded_inputs": True})})
    ids = torch.tensor([[2, 5, 7, 11, 13]])
    plain, rough = (build_model(origin, chosen.model, torch.device("cpu"))(input_ids=ids).logits for chosen in (settings, rounding))
    assert not torch.equal(plain, rough)
    torch.testing.assert_close(plain, rough, rtol=0, atol=0.1 * float(plain.detach().std()))
    prepare(rounding, origin, data, tmp_path / "work")
    losses: list[float] = []
    outcome = train(
        rounding,
        origin,
        tmp_path / "work",
        tmp_path / "run",
        threads=1,
        report=lambda line: losses.append(line["held_out_loss"]) if "held_out_loss" in line else None,
    )
    assert outcome.finished
    assert losses[-1] < losses[0]
