"""Writes the heads of models as ONNX graphs: what comes next, among all tokens or some.

A head reads `states` float (o, width) and `count` int64 (1,), and tells of each state the `likeliest` int64 (o, count) tokens, likeliest
first, with their `scores` float (o, count), and `totals` float (o, parts): it goes over the tokens that it knows in parts, and a total is
the logarithm of the sum of the exponentials of a part's scores. One head knows all, or two of them one half each, so that they can be asked
at the same time; one for each language with a short list knows what its answers are made of. At 8 bits scores are rounded.

The vectors of all tokens lie in a file of their own, in bytes where `embeddings.steps` tells a step for each. They score any token exactly.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save_file

from svodka.inference.cache import head_file
from svodka.inference.onnx_graph import FLOAT, INT64, GraphBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["write_embeddings", "write_head", "write_short_head"]

# Tokens whose scores a head has at once: they stay in the processor's cache, and no step needs memory for those of the whole vocabulary.
_PART = 8_192
_BLOCK = 64  # of these, whose largest is found at once
_HALVED = 4  # parts: so many or more tokens are dealt out to two heads


def write_embeddings(path: Path, embeddings: NDArray[np.float32], *, eight_bits: bool, **beside: NDArray[np.float32]) -> None:
    """Write the vectors of all tokens, a row each, and what else a model looks up by tokens or places."""
    save_file(_in_bytes(embeddings) | beside if eight_bits else {"embeddings": embeddings, **beside}, path)


def _in_bytes(embeddings: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    steps = np.maximum(np.abs(embeddings).max(axis=1, keepdims=True), 1e-8) / 127
    return {"embeddings": np.rint(embeddings / steps).astype(np.int8), "embeddings.steps": steps.astype(np.float32)}


def write_head(folder: Path, embeddings: NDArray[np.float32], *, eight_bits: bool, bias: NDArray[np.float32] | None = None) -> None:
    """Write what says what comes next among all tokens, by their embeddings, and by what is added to their scores."""
    parts = -(-len(embeddings) // _PART)
    begins = [0] if parts < _HALVED else [0, parts // 2 * _PART]
    for half, (begin, end) in enumerate(pairwise([*begins, len(embeddings)])):
        own = None if bias is None else bias[begin:end]
        _write(folder / head_file(half=half), embeddings[begin:end], np.arange(begin, end), eight_bits=eight_bits, bias=own)


def write_short_head(folder: Path, language: str, embeddings: NDArray[np.float32], tokens: NDArray[np.int64], *, eight_bits: bool) -> None:
    """Write what says what comes next in a language, among its tokens, by the embeddings of all."""
    _write(folder / head_file(language), embeddings[tokens], tokens, eight_bits=eight_bits, listed=True)


def _write(
    path: Path,
    embeddings: NDArray[np.float32],
    tokens: NDArray[np.int64],
    *,
    eight_bits: bool,
    bias: NDArray[np.float32] | None = None,
    listed: bool = False,
) -> None:
    graph = GraphBuilder(eight_bits=eight_bits)
    parts = np.split(embeddings, range(_PART, len(embeddings), _PART))
    begins = np.cumsum([0, *map(len, parts[:-1])])
    graph.small |= {"first": np.array([0], np.int64), "second": np.array([1], np.int64)}
    states = graph.rows("states")
    every_score = [graph.product(states, f"head.{begin}", part) for begin, part in zip(begins, parts, strict=True)]
    if bias is not None:
        every_score = [
            graph.node("Add", scores, graph.keep(f"bias.{begin}", bias[begin : begin + len(part)]))
            for scores, begin, part in zip(every_score, begins, parts, strict=True)
        ]
    told = [_best(graph, scores, len(part), int(begin)) for scores, part, begin in zip(every_score, parts, begins, strict=True)]
    places, scores, totals = ([*some] for some in zip(*told, strict=True))
    _, best = graph.node_of("TopK", graph.node("Concat", *scores, axis=1), "count", outputs=["scores", True], axis=1)
    place = graph.node("GatherElements", graph.node("Concat", *places, axis=1), best, axis=1)
    if listed:
        graph.node("Gather", graph.keep("tokens", tokens), place, axis=0, to="likeliest")
    else:
        graph.small["begin"] = tokens[:1]
        graph.node("Add", place, "begin", to="likeliest")
    graph.node("Concat", *totals, axis=1, to="totals")
    graph.save(
        path,
        [("states", FLOAT, ("o", embeddings.shape[1])), ("count", INT64, (1,))],
        [("likeliest", INT64, ("o", "t")), ("scores", FLOAT, ("o", "t")), ("totals", FLOAT, ("o", len(parts)))],
        properties={"tokens": len(embeddings)},
    )


def _best(graph: GraphBuilder, scores: str, size: int, begin: int) -> tuple[str, str, str]:
    """The places of a part's likeliest tokens, their scores, and the part's total: the best score less the logarithm of its share."""
    best, place = _largest(graph, scores, size)
    share = graph.node("GatherElements", graph.node("Softmax", scores, axis=-1), _first(graph, place), axis=1)
    total = graph.node("Sub", _first(graph, best), graph.node("Log", share))
    graph.small[f"begin.{begin}"] = np.array(begin, np.int64)
    return graph.node("Add", place, f"begin.{begin}"), best, total


def _largest(graph: GraphBuilder, scores: str, size: int) -> tuple[str, str]:
    """The largest `count` scores of each row, and their places: they stand in as many blocks at most, those with the largest tops."""
    if size % _BLOCK:
        best, place = graph.node_of("TopK", scores, _at_most(graph, size), outputs=[True, True], axis=1)
        return best, place
    graph.small |= {
        "as_blocks": np.array([0, -1, _BLOCK], np.int64),
        "as_row": np.array([0, -1], np.int64),
        "block": np.array(_BLOCK, np.int64),
        "last": np.array([-1], np.int64),
    }
    blocks = graph.node("Reshape", scores, "as_blocks")
    tops = graph.node("ReduceMax", blocks, "last", keepdims=0)
    _, chosen = graph.node_of("TopK", tops, _at_most(graph, size // _BLOCK), outputs=[True, True], axis=1)
    inside = graph.node("Reshape", graph.node("GatherND", blocks, graph.node("Unsqueeze", chosen, "last"), batch_dims=1), "as_row")
    best, at = graph.node_of("TopK", inside, _at_most(graph, size), outputs=[True, True], axis=1)
    block = graph.node("GatherElements", chosen, graph.node("Div", at, "block"), axis=1)
    return best, graph.node("Add", graph.node("Mul", block, "block"), graph.node("Mod", at, "block"))


def _at_most(graph: GraphBuilder, most: int) -> str:
    """`count`, or what there is."""
    graph.small[f"most.{most}"] = np.array([most], np.int64)
    return graph.node("Min", "count", f"most.{most}")


def _first(graph: GraphBuilder, rows: str) -> str:
    return graph.node("Slice", rows, "first", "second", "second")  # from, to, along which axis
