"""The runtimes of a model that continues prompts compute the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svodka.inference import head_graph
from svodka.inference.prepare import prepare_profile
from svodka.inference.protocols import Search
from svodka.inference.runtime import load_generator

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel

    from svodka.inference.translator import CountingGenerator

PROMPTS = ["he", "en: hello\nru:", "abc", "en: hell hell hell hell\nru:", "x", "абв"]
LIMITS = [30] * len(PROMPTS)  # with their prompts, longer than what layers with a window see


@pytest.fixture(params=[1.0, 2.0], ids=["mean", "longer"])
def length_penalty(request: pytest.FixtureRequest) -> float:
    return request.param


@pytest.fixture(params=["ctranslate2", "onnxruntime", "onnxruntime, a head of many parts"])
def runtimes(
    request: pytest.FixtureRequest, length_penalty: float, tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[CountingGenerator, CountingGenerator]:
    """The same weights, by a quick runtime and by transformers."""
    if "parts" in request.param:  # the last of them of no whole number of blocks
        monkeypatch.setattr(head_graph, "_PART", 48)
        monkeypatch.setattr(head_graph, "_BLOCK", 16)
    catalogue = tiny_model.models_dir / "catalogue.toml"
    penalty = f'task = "translate"\nlength_penalty = {length_penalty}'
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('task = "translate"', penalty), encoding="utf-8")
    loaded = []
    text = catalogue.read_text(encoding="utf-8")
    for runtime in (request.param.partition(",")[0], "transformers"):
        catalogue.write_text(text.replace('runtime = "ctranslate2"', f'runtime = "{runtime}"'), encoding="utf-8")
        folders = {"models_dir": tiny_model.models_dir, "cache_dir": tmp_path / "cache"}
        folder = prepare_profile("tiny", **folders)["translator"]
        assert runtime != "onnxruntime" or len(list(folder.glob("head_*.onnx"))) == (2 if "parts" in request.param else 1)
        loaded.append(load_generator("tiny", "translator", threads=1, **folders))
    return loaded[0], loaded[1]


@pytest.mark.parametrize(
    ("search", "begun"),
    [
        pytest.param(Search(beam=1), False, id="greedy"),
        pytest.param(Search(beam=4, n_best=4), False, id="n-best"),
        pytest.param(Search(beam=1, no_repeat=2), False, id="greedy, without repetitions"),
        pytest.param(Search(beam=1), True, id="greedy, begun"),
        pytest.param(Search(beam=4, n_best=4), True, id="n-best, begun"),
    ],
)
def test_they_find_the_same_answers_in_the_same_order(runtimes: tuple[CountingGenerator, CountingGenerator], search: Search, begun: bool):
    beginnings = ["he", "", "", "a", "", ""] if begun else []
    quick, reference = (model.generate(PROMPTS, search=search, max_tokens=LIMITS, beginnings=beginnings) for model in runtimes)
    assert [[answer.text for answer in answers] for answers in quick] == [[answer.text for answer in answers] for answers in reference]
    for ours, theirs in zip(quick, reference, strict=True):
        if not search.no_repeat:  # some score what is left to choose from, others among all that could be said
            assert [answer.score for answer in ours] == pytest.approx([answer.score for answer in theirs], abs=1e-4)
        assert [answer.finished for answer in ours] == [answer.finished for answer in theirs]


def test_they_count_and_score_alike(runtimes: tuple[CountingGenerator, CountingGenerator]):
    quick, reference = (model.score(PROMPTS, ["hell"] * len(PROMPTS)) for model in runtimes)
    assert quick == pytest.approx(reference, abs=1e-4)
    quick_count, reference_count = (model.count_tokens("hello ждать") for model in runtimes)
    assert quick_count == reference_count
