"""Answers in a language that is written with few of the tokens: chosen among those and what the prompt has, by their true probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import sentencepiece
from gguf import TokenType
from tiny import PIECES, log_probabilities

from svodka.inference import merge
from svodka.inference.checkpoint import Vocabulary
from svodka.inference.cores import Cores
from svodka.inference.onnx_generator import OnnxGenerator
from svodka.inference.prepare import prepare_profile
from svodka.inference.prompts import PromptTokenizer
from svodka.inference.protocols import Search
from svodka.inference.vocabulary import short_lists

if TYPE_CHECKING:
    from pathlib import Path

    from tiny import TinyModel

PROMPTS = ["en: hell\nru:", "en: abc\nru:", "en: x\nru:"]
LISTED = [number for number, (piece, kind) in enumerate(PIECES) if kind != TokenType.NORMAL or piece in {*"абвгдежз", "▁", "."}]
LIMIT = 12


def vocabulary(pieces: dict[str, TokenType]) -> Vocabulary:
    return Vocabulary(pieces=list(pieces), scores=[0.0] * len(pieces), types=list(pieces.values()), bos=0, eos=0, unknown=0, padding=0)


def test_a_list_leaves_out_words_of_other_languages_and_nothing_else():
    needed = ["▁дом", "ами", "▁«", "2023", "%", "▁", "XVIII", "▁XX", "km", "▁A", "é"]
    others = ["▁house", "ing", "▁The", "École", "▁COVID", "XVIIth", "ways", "▁one", "ment", "▁Paris", "tion", "ness", "▁day", "ful"]
    marks = {"<bos>": TokenType.CONTROL, "<0xD0>": TokenType.BYTE, "\n": TokenType.USER_DEFINED}
    told = marks | dict.fromkeys(needed + others, TokenType.NORMAL)
    (found,) = short_lists(vocabulary(told), ("en", "ru")).items()
    assert (found[0], [list(told)[token] for token in found[1]]) == ("ru", [*marks, *needed])


def test_a_list_of_most_tokens_is_none():
    assert short_lists(vocabulary(dict.fromkeys(["▁дом", "house", "▁вода"], TokenType.NORMAL)), ("en", "ru")) == {"en": pytest.approx([1])}


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        pytest.param("Jonny at the Metro drove.", {"▁Jonny", "▁Metro", "Metro"}, {"▁drove", "drove"}, id="a name, quoted or not"),
        pytest.param("his iPhone, his jeans", {"▁iPhone", "▁his"}, {"▁jeans"}, id="one that begins with a small letter"),
        pytest.param("van Gaal", {"▁van"}, set(), id="a short word may be part of a name"),
        pytest.param("at amazon.com.", {"▁amazon", "com"}, set(), id="an address"),
        pytest.param("the bank’s ‘bad’ co-driver (officials)", {"▁bad"}, {"▁bank", "▁driver", "driver", "officials"}, id="marks"),
    ],
)
def test_words_of_small_letters_are_not_offered(prepared_cache: Path, text: str, offered: set[str], not_offered: set[str]):
    tokenizer = PromptTokenizer(next(prepared_cache.glob("gemma3-270m-en-ru-onnxruntime-*/tokenizer.model")), end_tokens=["\n"])
    found = set(tokenizer.pieces(sorted(tokenizer.names(tokenizer.encode(f"English: {text}\nRussian:")))))
    assert offered <= found
    assert not not_offered & found


@pytest.fixture
def generator(tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnnxGenerator:
    monkeypatch.setattr(merge, "short_lists", lambda *_: {"ru": np.array(LISTED)})
    catalogue = tiny_model.models_dir / "catalogue.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('"ctranslate2"', '"onnxruntime"'), encoding="utf-8")
    folders = prepare_profile("tiny", models_dir=tiny_model.models_dir, cache_dir=tmp_path / "cache")
    return OnnxGenerator(folders["translator"], cores=Cores(1))


def expected(model: TinyModel, folder: Path, prompt: str) -> tuple[str, float]:
    """The likeliest answer, token by token, among what is listed and the names that the prompt has, and its score, by transformers."""
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(next(folder.glob("translator-*/tokenizer.model"))))
    ids = [tokenizer.bos_id(), *tokenizer.encode(prompt)]
    names = {number: piece for number, (piece, _) in enumerate(PIECES)}
    offered = [tokenizer.bos_id(), *tokenizer.encode(prompt.replace(" hell", ""))]  # a common word, which is to be translated
    twins = {f"▁{names[token]}" for token in offered} | {names[token].removeprefix("▁") for token in offered}
    allowed = sorted({*LISTED, *offered, *(number for number, piece in names.items() if piece in twins and piece != "<unk>")})
    answer: list[int] = []
    total = 0.0
    while len(answer) < LIMIT and not (answer and names[answer[-1]] in {"\n", "\n\n", "<eos>"}):
        told = log_probabilities(model.weights, [*ids, *answer])[-1][allowed]
        told = told - np.logaddexp.reduce(told)
        answer.append(allowed[int(told.argmax())])
        total += float(told.max())
    text = tokenizer.decode(answer[:-1] if names[answer[-1]] in {"\n", "\n\n", "<eos>"} else answer)
    return text.strip(), total / len(answer)


def test_an_answer_is_the_likeliest_of_what_is_listed_and_the_prompts_names(
    generator: OnnxGenerator, tiny_model: TinyModel, tmp_path: Path
):
    found = generator.generate(PROMPTS, search=Search(beam=1, direction="en-ru"), max_tokens=[LIMIT] * len(PROMPTS))
    wanted = [expected(tiny_model, tmp_path / "cache", prompt) for prompt in PROMPTS]
    assert [(answer.text, pytest.approx(answer.score, abs=1e-4)) for (answer,) in found] == wanted


def test_answers_searched_together_are_those_searched_alone(generator: OnnxGenerator):
    search, limits = Search(beam=3, n_best=3, direction="en-ru"), [LIMIT, 4, 9]
    together = generator.generate(PROMPTS, search=search, max_tokens=limits)
    for prompt, limit, answers in zip(PROMPTS, limits, together, strict=True):
        (alone,) = generator.generate([prompt], search=search, max_tokens=[limit])
        assert [answer.text for answer in alone] == [answer.text for answer in answers]
        assert [answer.score for answer in alone] == pytest.approx([answer.score for answer in answers], abs=1e-5)


def test_another_language_has_all_tokens(generator: OnnxGenerator):
    answers = [
        generator.generate(PROMPTS, search=Search(beam=1, direction=direction), max_tokens=[LIMIT] * 3)
        for direction in ("", "ru-en", "en-ru")
    ]
    assert answers[0] == answers[1] != answers[2]
