"""The generator on the made-up model: batches, order, n-best, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ctranslate2
import pytest
import sentencepiece

from svodka.inference.generator import CTranslate2Generator
from svodka.inference.prepare import prepare_profile
from svodka.inference.prompts import Decoding
from svodka.inference.protocols import Search

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel

GREEDY = Search(beam=1)
PROMPTS = ["he", "en: hello\nru:", "abc", "en: hell hell hell hell\nru:", "x", "en: hello\nru:", "абв"]


@pytest.fixture
def folder(tiny_model: TinyModel, tmp_path: Path) -> Path:
    return prepare_profile("tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache")["translator"]


@pytest.mark.parametrize("beam", [1, 3])
def test_batching_changes_no_answer_and_no_order(folder: Path, beam: int):
    alone = CTranslate2Generator(folder, threads=1, decoding=Decoding(batch_tokens=1))
    together = CTranslate2Generator(folder, threads=1, decoding=Decoding(batch_tokens=10_000))
    expected = [alone.generate([prompt], search=Search(beam=beam), max_tokens=[8])[0][0] for prompt in PROMPTS]
    for generator in (alone, together):
        answers = [answer[0] for answer in generator.generate(PROMPTS, search=Search(beam=beam), max_tokens=[8] * len(PROMPTS))]
        assert [answer.text for answer in answers] == [answer.text for answer in expected]
        assert [answer.score for answer in answers] == pytest.approx([answer.score for answer in expected], abs=1e-4)


def test_each_prompt_of_a_batch_has_its_own_limit(folder: Path):
    generator = CTranslate2Generator(folder, threads=1, decoding=Decoding(batch_tokens=10_000))
    limits = [3 + number for number in range(len(PROMPTS))]
    alone = [
        generator.generate([prompt], search=GREEDY, max_tokens=[limit])[0][0].text for prompt, limit in zip(PROMPTS, limits, strict=True)
    ]
    assert [answer[0].text for answer in generator.generate(PROMPTS, search=GREEDY, max_tokens=limits)] == alone


def test_n_best_answers_differ_and_fall_in_score(folder: Path):
    (answers,) = CTranslate2Generator(folder, threads=1).generate(["he"], search=Search(n_best=4), max_tokens=[6])
    assert 1 < len(answers) <= 4
    assert len({answer.text for answer in answers}) == len(answers)
    assert [answer.score for answer in answers] == sorted((answer.score for answer in answers), reverse=True)


def test_an_answer_that_meets_the_limit_is_not_finished(folder: Path):
    decoding = Decoding(end_tokens=("<unk>",))  # which a model never says
    (answers,) = CTranslate2Generator(folder, threads=1, decoding=decoding).generate(["he"], search=GREEDY, max_tokens=[5])
    assert not answers[0].finished


def test_an_answer_ends_at_its_end_token(folder: Path):
    (result,) = ctranslate2.Generator(str(folder)).generate_batch([["<bos>", "he"]], max_length=8, include_prompt_in_result=False)
    first, *others = result.sequences[0]
    end = next(piece for piece in others if piece != first)
    (answers,) = CTranslate2Generator(folder, threads=1, decoding=Decoding(end_tokens=(end,))).generate(
        ["he"], search=GREEDY, max_tokens=[8]
    )
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    expected = tokenizer.decode(result.sequences[0][: result.sequences[0].index(end)]).strip()
    assert (answers[0].text, answers[0].finished) == (expected, True)


def test_an_empty_answer_is_not_finished(folder: Path):
    (result,) = ctranslate2.Generator(str(folder)).generate_batch([["<bos>", "he"]], max_length=1, include_prompt_in_result=False)
    decoding = Decoding(end_tokens=(result.sequences[0][0],))
    (answers,) = CTranslate2Generator(folder, threads=1, decoding=decoding).generate(["he"], search=GREEDY, max_tokens=[8])
    assert (answers[0].text, answers[0].finished) == ("", False)


@pytest.mark.parametrize(("beam", "n_best"), [(1, 2), (4, 5), (1, 0)])
def test_more_answers_than_beams_are_refused(folder: Path, beam: int, n_best: int):
    with pytest.raises(ValueError, match=f"n_best must be from 1 to the beam {beam}, not {n_best}"):
        CTranslate2Generator(folder, threads=1).generate(["he"], search=Search(beam=beam, n_best=n_best), max_tokens=[4])


def test_tokens_are_counted_without_begin_and_end(folder: Path):
    assert CTranslate2Generator(folder, threads=1).count_tokens("he hello") == 4


def test_an_answer_goes_on_from_its_beginning(folder: Path):
    generator = CTranslate2Generator(folder, threads=1)
    for (answer,) in generator.generate(["en: he\nru:", "abc"], search=GREEDY, max_tokens=[8, 8], beginnings=["hello", "hell"]):
        assert answer.text.startswith("hell")
    without, empty = (generator.generate(["abc"], search=GREEDY, max_tokens=[8], beginnings=begun)[0][0] for begun in ((), [""]))
    assert without == empty


def test_a_beginning_that_the_model_would_have_written_changes_nothing(folder: Path):
    generator = CTranslate2Generator(folder, threads=1)
    ((whole,),) = generator.generate(["en: hello\nru:"], search=GREEDY, max_tokens=[8])
    first = whole.text.split(" ")[0]
    ((same,),) = generator.generate(["en: hello\nru:"], search=GREEDY, max_tokens=[8], beginnings=[f" {first} "])
    assert same.text.startswith(first)


def test_each_answer_is_scored_by_itself(folder: Path):
    generator = CTranslate2Generator(folder, threads=1)
    pairs = [("he", "hello"), ("abc", "hell"), ("he", "абв")]
    together = generator.score([prompt for prompt, _ in pairs], [answer for _, answer in pairs])
    assert together == [generator.score([prompt], [answer])[0] for prompt, answer in pairs]
    assert all(score < 0 for score in together)


def test_an_answer_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch):
    generator = CTranslate2Generator(folder, threads=1)
    monkeypatch.setattr(generator._tokenizer._tokenizer, "decode", lambda ids: "one line.\n\nAnd another")
    for beginning in ("", "hell"):
        ((answer,),) = generator.generate(["he"], search=GREEDY, max_tokens=[8], beginnings=[beginning])
        assert answer.text.endswith("one line.")
        assert answer.finished
