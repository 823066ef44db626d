"""The runtimes of encoder-decoder models compute the same, for each architecture: made-up weights, real tokenizers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import torch
from transformers import BartForConditionalGeneration

import checkpoints
from svodka.errors import ModelError
from svodka.inference import hub_convert, hub_graphs
from svodka.inference.cores import Cores
from svodka.inference.onnx_sequences import OnnxSequences
from svodka.inference.protocols import AnswerShape, Search, unseen
from svodka.inference.reference import TorchSequences
from svodka.inference.sequences import CTranslate2Sequences
from svodka.inference.texts import TextTokenizer, tokenizer_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svodka.inference.translator import CountingGenerator

TEXTS = {
    "en": ["The forum opened on Monday, 14 August 2023.", "More than 1,500 companies take part in it, officials said.", "Yes."],
    "ru": ["Форум открылся в понедельник, 14 августа 2023 года.", "В нём участвуют более 1500 компаний, сообщили чиновники.", "Да."],
}
LIMITS = [12, 12, 12]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """An architecture, and how a model of it is told the languages."""

    architecture: str
    language: str = "en"
    direction: str = ""
    codes: dict[str, str] = field(default_factory=dict)


KINDS = [
    Kind(architecture="bart"),
    Kind(architecture="mbart", language="ru", codes={"ru": "ru_RU"}),
    Kind(architecture="mt5"),
    Kind(architecture="marian", direction="en-ru"),
    Kind(architecture="m2m_100", direction="en-ru", codes={"en": "en", "ru": "ru"}),
    Kind(architecture="nllb", direction="en-ru", codes={"en": "eng_Latn", "ru": "rus_Cyrl"}),
]
BY_ONNX_RUNTIME = [kind for kind in KINDS if kind.architecture != "mt5"]
by_kind = pytest.mark.parametrize(
    ("runtime", "kind"),
    [("ctranslate2", kind) for kind in KINDS] + [("onnxruntime", kind) for kind in BY_ONNX_RUNTIME],
    ids=lambda either: either if isinstance(either, str) else either.architecture,
)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Path, Path]]:
    """A checkpoint's folder, and that of what was made of it for a runtime."""
    root = tmp_path_factory.mktemp("checkpoints")

    @functools.cache
    def build(architecture: str) -> Path:
        checkpoints.build(architecture, root / architecture)
        return root / architecture

    @functools.cache
    def convert(runtime: str, architecture: str, quantization: str) -> tuple[Path, Path]:
        checkpoint, target = build(architecture), root / f"{architecture}-{runtime}-{quantization}"
        target.mkdir()
        write = hub_graphs.write_graphed if runtime == "onnxruntime" else hub_convert.write_converted
        write(checkpoint, quantization=quantization, target=target, progress=unseen)
        return checkpoint, target

    return convert


@pytest.fixture
def runtimes(converted: Callable[..., tuple[Path, Path]], runtime: str) -> Callable[..., tuple[CountingGenerator, CountingGenerator]]:
    """The same weights, by a quick runtime and by transformers."""

    def both(kind: Kind, shape: AnswerShape | None = None, quantization: str = "float32") -> tuple[CountingGenerator, CountingGenerator]:
        checkpoint, folder = converted(runtime, kind.architecture, quantization)
        shape = shape or AnswerShape()
        tokenizer = TextTokenizer(tokenizer_folder(folder), codes=kind.codes)
        quick: CountingGenerator
        if runtime == "onnxruntime":
            quick = OnnxSequences(folder, tokenizer, cores=Cores(2), shape=shape)
        else:
            quick = CTranslate2Sequences(folder, tokenizer, threads=1, shape=shape)
        reference = TorchSequences(checkpoint, TextTokenizer(checkpoint, codes=kind.codes), dtype="float32", threads=1, shape=shape)
        return quick, reference

    return both


def assert_same(quick, reference) -> None:
    assert [[answer.text for answer in answers] for answers in quick] == [[answer.text for answer in answers] for answers in reference]
    for ours, theirs in zip(quick, reference, strict=True):
        assert [answer.score for answer in ours] == pytest.approx([answer.score for answer in theirs], abs=1e-4)
        assert [answer.finished for answer in ours] == [answer.finished for answer in theirs]


@by_kind
@pytest.mark.parametrize(("beam", "n_best"), [(1, 1), (4, 4)])
def test_they_find_the_same_answers_in_the_same_order(runtimes, kind: Kind, beam: int, n_best: int):
    search = Search(beam=beam, n_best=n_best, direction=kind.direction)
    quick, reference = (model.generate(TEXTS[kind.language], search=search, max_tokens=LIMITS) for model in runtimes(kind))
    assert all(len(answers) >= 1 for answers in quick)
    assert len({answer.text for answers in quick for answer in answers}) > n_best  # not one answer to all
    assert_same(quick, reference)


@by_kind
def test_they_go_on_from_the_same_beginning(runtimes, kind: Kind):
    begun = {"en": "The forum", "ru": "Он был"}["en" if kind.architecture == "bart" else "ru"]
    search = Search(beam=1, direction=kind.direction)
    quick, reference = (
        model.generate(TEXTS[kind.language], search=search, max_tokens=LIMITS, beginnings=[begun] * 3) for model in runtimes(kind)
    )
    assert all(answers[0].text.startswith(begun) for answers in quick)
    assert_same(quick, reference)


@by_kind
def test_answers_that_begin_with_more_or_fewer_tokens_are_searched_together(runtimes, kind: Kind):
    begun = ["The forum", "", "It"] if kind.architecture == "bart" else ["Он был", "", "Да"]
    search = Search(beam=4, n_best=2, direction=kind.direction)
    quick, reference = (
        model.generate(TEXTS[kind.language], search=search, max_tokens=LIMITS, beginnings=begun) for model in runtimes(kind)
    )
    assert_same(quick, reference)


@by_kind
def test_they_score_and_count_alike(runtimes, kind: Kind):
    answers = ["The forum opened.", "It did.", "Yes."] if kind.architecture == "bart" else ["Форум открылся.", "Да.", "Он был."]
    quick, reference = (model.score(TEXTS[kind.language], answers, direction=kind.direction) for model in runtimes(kind))
    assert quick == pytest.approx(reference, abs=1e-4)
    counts = [[model.count_tokens(text) for text in TEXTS[kind.language]] for model in runtimes(kind)]
    assert counts[0] == counts[1]
    assert min(counts[0]) >= 1


@by_kind
def test_a_text_cannot_speak_in_the_models_own_tokens(runtimes, kind: Kind):
    """An article that spells </s> means three letters and a slash, and does not end the input."""
    tokenizer = runtimes(kind)[0]._tokenizer
    framed = tokenizer.source("One </s> two", kind.direction)
    assert framed.count(tokenizer.end) == tokenizer.source("One two", kind.direction).count(tokenizer.end)


@pytest.mark.parametrize(("runtime", "kind"), [("ctranslate2", KINDS[0]), ("ctranslate2", KINDS[2]), ("onnxruntime", KINDS[0])])
def test_an_answer_does_not_end_before_its_least_length(runtimes, kind: Kind):
    search = Search(beam=2, direction=kind.direction)
    for model in runtimes(kind, AnswerShape(min_tokens=10)):
        for answers in model.generate(TEXTS[kind.language], search=search, max_tokens=[16] * 3):
            assert model.count_tokens(answers[0].text) >= 8  # an answer that is read again may be cut into fewer


@pytest.mark.parametrize(("runtime", "kind"), [("onnxruntime", kind) for kind in BY_ONNX_RUNTIME], ids=lambda either: str(either)[:48])
def test_eight_bits_score_about_as_32_do(runtimes, kind: Kind):
    answers = ["The forum opened.", "It did.", "Yes."] if kind.architecture == "bart" else ["Форум открылся.", "Да.", "Он был."]
    quick, reference = (model.score(TEXTS[kind.language], answers, direction=kind.direction) for model in runtimes(kind, None, "int8"))
    assert quick == pytest.approx(reference, abs=0.1)
    assert quick != pytest.approx(reference, abs=1e-4)  # or they had 32


@pytest.mark.parametrize("runtime", ["onnxruntime"])
def test_a_text_longer_than_the_models_positions_is_refused(runtimes):
    quick, _ = runtimes(KINDS[3])
    with pytest.raises(ValueError, match="the model has 512 positions"):
        quick.generate(["word " * 600], search=Search(direction="en-ru"), max_tokens=[12])
    with pytest.raises(ValueError, match="the model has 512 positions"):
        quick.score(["Yes."], ["да " * 600], direction="en-ru")


def test_a_model_that_has_no_graph_is_refused(converted: Callable[..., tuple[Path, Path]]):
    with pytest.raises(ModelError, match="not like mt5"):
        converted("onnxruntime", "mt5", "float32")


def test_a_model_that_writes_by_other_vectors_than_it_reads_is_refused(converted: Callable[..., tuple[Path, Path]], tmp_path: Path):
    checkpoint, _ = converted("onnxruntime", "bart", "float32")
    model = BartForConditionalGeneration.from_pretrained(checkpoint)
    model.config.tie_word_embeddings = False
    model.lm_head.weight = torch.nn.Parameter(2 * model.lm_head.weight)
    model.save_pretrained(tmp_path / "untied")
    (tmp_path / "made").mkdir()
    with pytest.raises(ModelError, match="read and write by the same vectors"):
        hub_graphs.write_graphed(tmp_path / "untied", quantization="float32", target=tmp_path / "made", progress=unseen)
