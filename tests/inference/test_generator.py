"""The generators on the made-up model: batches, order, n-best, limits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sentencepiece
from tiny import PIECES, log_probabilities

from svodka.inference.cores import Cores
from svodka.inference.generator import CTranslate2Generator
from svodka.inference.onnx_generator import OnnxGenerator
from svodka.inference.prepare import prepare_profile
from svodka.inference.prompts import Decoding
from svodka.inference.protocols import Search

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel

    from svodka.inference.protocols import Hypothesis

GREEDY = Search(beam=1)
PROMPTS = ["he", "en: hello\nru:", "abc", "en: hell hell hell hell\nru:", "x", "en: hello\nru:", "абв"]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The made-up model, prepared for a runtime."""

    kind: type[CTranslate2Generator | OnnxGenerator]
    folder: Path

    def load(self, **decoding: Any) -> CTranslate2Generator | OnnxGenerator:
        if self.kind is OnnxGenerator:
            return OnnxGenerator(self.folder, cores=Cores(1), decoding=Decoding(**decoding))
        return CTranslate2Generator(self.folder, threads=1, decoding=Decoding(**decoding))


@pytest.fixture(params=[CTranslate2Generator, OnnxGenerator], ids=["ctranslate2", "onnxruntime"])
def prepared(request: pytest.FixtureRequest, tiny_model: TinyModel, tmp_path: Path) -> Prepared:
    if request.param is OnnxGenerator:
        catalogue = tiny_model.models_dir / "catalogue.toml"
        text = catalogue.read_text(encoding="utf-8").replace('runtime = "ctranslate2"', 'runtime = "onnxruntime"')
        catalogue.write_text(text, encoding="utf-8")
    folders = prepare_profile("tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache")
    return Prepared(kind=request.param, folder=folders["translator"])


@pytest.fixture
def said(tiny_model: TinyModel) -> list[int]:
    """What the model says after "he", each time the likeliest token, by transformers."""
    ids = [2, next(number for number, (piece, _) in enumerate(PIECES) if piece == "he")]
    for _ in range(8):
        ids.append(int(log_probabilities(tiny_model.weights, ids)[-1].argmax()))
    return ids[2:]


@pytest.mark.parametrize("beam", [1, 3])
def test_batching_changes_no_answer_and_no_order(prepared: Prepared, beam: int):
    alone = prepared.load(batch_tokens=1)
    together = prepared.load(batch_tokens=10_000)
    expected = [alone.generate([prompt], search=Search(beam=beam), max_tokens=[8])[0][0] for prompt in PROMPTS]
    for generator in (alone, together):
        answers = [answer[0] for answer in generator.generate(PROMPTS, search=Search(beam=beam), max_tokens=[8] * len(PROMPTS))]
        assert [answer.text for answer in answers] == [answer.text for answer in expected]
        assert [answer.score for answer in answers] == pytest.approx([answer.score for answer in expected], abs=1e-4)


@pytest.mark.parametrize("batch_tokens", [1, 150, 10_000])
def test_who_asks_beside_others_gets_what_it_gets_alone(prepared: Prepared, batch_tokens: int):
    generator = prepared.load(batch_tokens=batch_tokens)
    limits = [3 + 5 * (number % 4) for number in range(2 * len(PROMPTS))]
    search = Search(beam=3, n_best=3)

    def ask(prompt: str, limit: int) -> list[Hypothesis]:
        return generator.generate([prompt], search=search, max_tokens=[limit])[0]

    alone = [ask(*asked) for asked in zip(PROMPTS * 2, limits, strict=True)]
    with ThreadPoolExecutor(len(limits)) as pool:
        together = list(pool.map(ask, PROMPTS * 2, limits))
    assert [[answer.text for answer in answers] for answers in together] == [[answer.text for answer in answers] for answers in alone]
    scores = [answer.score for answers in alone for answer in answers]
    assert [answer.score for answers in together for answer in answers] == pytest.approx(scores, abs=1e-4)


def test_each_prompt_of_a_batch_has_its_own_limit(prepared: Prepared):
    generator = prepared.load(batch_tokens=10_000)
    limits = [3 + number for number in range(len(PROMPTS))]
    alone = [
        generator.generate([prompt], search=GREEDY, max_tokens=[limit])[0][0].text for prompt, limit in zip(PROMPTS, limits, strict=True)
    ]
    assert [answer[0].text for answer in generator.generate(PROMPTS, search=GREEDY, max_tokens=limits)] == alone


def test_n_best_answers_differ_and_fall_in_score(prepared: Prepared):
    (answers,) = prepared.load().generate(["he"], search=Search(n_best=4), max_tokens=[6])
    assert 1 < len(answers) <= 4
    assert len({answer.text for answer in answers}) == len(answers)
    assert [answer.score for answer in answers] == sorted((answer.score for answer in answers), reverse=True)


def test_an_answer_that_meets_the_limit_is_not_finished(prepared: Prepared):
    generator = prepared.load(end_tokens=("<unk>",))  # which a model never says
    (answers,) = generator.generate(["he"], search=GREEDY, max_tokens=[5])
    assert not answers[0].finished


def test_an_answer_ends_at_its_end_token(prepared: Prepared, said: list[int]):
    first, *others = said
    end = next(token for token in others if token != first)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(prepared.folder / "tokenizer.model"))
    generator = prepared.load(end_tokens=(tokenizer.id_to_piece(end),))
    (answers,) = generator.generate(["he"], search=GREEDY, max_tokens=[8])
    expected = tokenizer.decode(said[: said.index(end)]).strip()
    assert (answers[0].text, answers[0].finished) == (expected, True)


def test_an_empty_answer_is_not_finished(prepared: Prepared, said: list[int]):
    generator = prepared.load(end_tokens=(PIECES[said[0]][0],))
    (answers,) = generator.generate(["he"], search=GREEDY, max_tokens=[8])
    assert (answers[0].text, answers[0].finished) == ("", False)


@pytest.mark.parametrize(("beam", "n_best"), [(1, 2), (4, 5), (1, 0)])
def test_more_answers_than_beams_are_refused(prepared: Prepared, beam: int, n_best: int):
    with pytest.raises(ValueError, match=f"n_best must be from 1 to the beam {beam}, not {n_best}"):
        prepared.load().generate(["he"], search=Search(beam=beam, n_best=n_best), max_tokens=[4])


def test_tokens_are_counted_without_begin_and_end(prepared: Prepared):
    assert prepared.load().count_tokens("he hello") == 4


def test_an_answer_goes_on_from_its_beginning(prepared: Prepared):
    generator = prepared.load()
    for (answer,) in generator.generate(["en: he\nru:", "abc"], search=GREEDY, max_tokens=[8, 8], beginnings=["hello", "hell"]):
        assert answer.text.startswith("hell")
    without, empty = (generator.generate(["abc"], search=GREEDY, max_tokens=[8], beginnings=begun)[0][0] for begun in ((), [""]))
    assert without == empty


def test_a_beginning_that_the_model_would_have_written_changes_nothing(prepared: Prepared):
    generator = prepared.load()
    ((whole,),) = generator.generate(["en: hello\nru:"], search=GREEDY, max_tokens=[8])
    first = whole.text.split(" ")[0]
    ((same,),) = generator.generate(["en: hello\nru:"], search=GREEDY, max_tokens=[8], beginnings=[f" {first} "])
    assert same.text.startswith(first)


def test_each_answer_is_scored_by_itself(prepared: Prepared):
    generator = prepared.load()
    pairs = [("he", "hello"), ("abc", "hell"), ("he", "абв")]
    together = generator.score([prompt for prompt, _ in pairs], [answer for _, answer in pairs])
    assert together == [generator.score([prompt], [answer])[0] for prompt, answer in pairs]
    assert all(score < 0 for score in together)


def test_an_answer_is_one_line(prepared: Prepared, monkeypatch: pytest.MonkeyPatch):
    generator = prepared.load()
    monkeypatch.setattr(generator._tokenizer._tokenizer, "decode", lambda ids: "one line.\n\nAnd another")
    for beginning in ("", "hell"):
        ((answer,),) = generator.generate(["he"], search=GREEDY, max_tokens=[8], beginnings=[beginning])
        assert answer.text.endswith("one line.")
        assert answer.finished


@pytest.mark.parametrize("prepared", [OnnxGenerator], indirect=True)  # the other's positions have no end
def test_what_has_no_place_in_the_model_is_refused(prepared: Prepared):
    with pytest.raises(ValueError, match="have 2051 tokens at most, and the model has 2048 positions"):
        prepared.load().generate(["he"], search=GREEDY, max_tokens=[2049])
