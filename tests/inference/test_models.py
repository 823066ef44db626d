"""The real models of the embedded profile: that they load, checked, and do what the pipeline needs of them."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from svodka.errors import ModelDamaged, ModelNotPrepared, SentenceTooLong, UnknownProfile
from svodka.inference.cache import model_folder
from svodka.inference.catalogue import load_catalogue
from svodka.inference.protocols import Search
from svodka.inference.runtime import load_profile

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.runtime import LoadedProfile

pytestmark = pytest.mark.models

ENGLISH = "The court sentenced the former minister to five years in prison."
RUSSIAN = "Суд приговорил бывшего министра к пяти годам лишения свободы."
OTHER = "Snow fell on the mountains all night."


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first @ second)


def test_a_sentence_is_nearer_to_its_translation_than_to_another(prepared_profile: LoadedProfile):
    rows = prepared_profile.encoder.encode([ENGLISH, RUSSIAN, OTHER])
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert cosine(rows[0], rows[1]) > 0.88 > 0.82 > cosine(rows[0], rows[2])


def test_an_embedding_does_not_depend_on_its_neighbours(prepared_profile: LoadedProfile):
    together = prepared_profile.encoder.encode([ENGLISH, OTHER, RUSSIAN])
    alone = np.concatenate([prepared_profile.encoder.encode([text]) for text in (ENGLISH, OTHER, RUSSIAN)])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_texts_give_no_rows(prepared_profile: LoadedProfile):
    assert prepared_profile.encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize("filler", ["и так далее ", "and so on "])
def test_a_long_text_is_embedded_whole(prepared_profile: LoadedProfile, filler: str):
    head = filler * 180  # more than the model's 512 tokens
    first, second = prepared_profile.encoder.encode([head + ENGLISH * 5, head + OTHER * 5])
    assert cosine(first, second) < 0.999  # cut off, they would be the same


def test_what_follows_a_nul_is_embedded_too(prepared_profile: LoadedProfile):
    first, second = prepared_profile.encoder.encode([f"\0{ENGLISH}", f"\0{OTHER}"])
    assert cosine(first, second) < 0.85


@pytest.mark.parametrize(
    ("sentence", "source", "target", "letters"),
    [
        pytest.param("More than 200,000 people were evacuated on Monday, officials said.", "en", "ru", "[а-яё]", id="en-ru"),
        pytest.param("В понедельник в Москве открылась новая станция метро.", "ru", "en", "[a-z]", id="ru-en"),
    ],
)
def test_a_sentence_comes_out_in_the_other_language(prepared_profile: LoadedProfile, sentence: str, source: str, target: str, letters: str):
    ((best, *others),) = prepared_profile.translator.translate([sentence], source=source, target=target, search=Search(n_best=4))
    assert best.finished
    assert len(re.findall(letters, best.text.lower())) > 0.7 * len(re.findall(r"[^\W\d]", best.text))
    assert others
    found = [best, *others]
    longest, reward = max(len(hypothesis.text) for hypothesis in found), {"en": 0.3, "ru": 0.0}[source]  # the catalogue's
    ranks = [hypothesis.score + reward * len(hypothesis.text) / longest for hypothesis in found]
    assert ranks == sorted(ranks, reverse=True)
    assert not {"\n", "English:", "Russian:"} & set(best.text.split(" "))


def test_the_figures_of_a_plain_sentence_survive(prepared_profile: LoadedProfile):
    ((best,),) = prepared_profile.translator.translate(["The company sold 1,250 cars in 2019."], source="en", target="ru")
    stated = re.findall(r"\d{1,3}(?:[\s,]\d{3})+|\d+", best.text)
    assert sorted(re.sub(r"\D", "", number) for number in stated) == ["1250", "2019"]


def test_a_sentence_beyond_the_limit_is_refused(prepared_profile: LoadedProfile):
    with pytest.raises(SentenceTooLong, match="and the translator takes 384"):
        prepared_profile.translator.translate(["word " * 400], source="en", target="ru")


def test_threads_may_call_side_by_side(prepared_profile: LoadedProfile):
    sentences = ["Prices rose by 5%.", "The match ended 2:1.", "He is 29 years old."]
    expected = prepared_profile.translator.translate(sentences, source="en", target="ru", search=Search(beam=1))
    with ThreadPoolExecutor(3) as pool:
        found = pool.map(
            lambda sentence: prepared_profile.translator.translate([sentence], source="en", target="ru", search=Search(beam=1))[0],
            sentences,
        )
    assert [answer[0].text for answer in found] == [answer[0].text for answer in expected]


def test_a_loaded_profile_names_the_models_behind_it(prepared_profile: LoadedProfile):
    assert list(prepared_profile.models) == ["multilingual-e5-small-q4", "gemma3-270m-en-ru", "gemma3-270m-q4-k-m"]


def test_loading_needs_no_library_of_conversion(prepared_cache: Path):
    program = (
        "import sys; from pathlib import Path; from svodka.inference.runtime import load_profile\n"
        "load_profile('embedded', cache_dir=Path(sys.argv[1]))\n"
        "print([name for name in ('torch', 'transformers', 'gguf', 'safetensors') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(prepared_cache)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_profile_that_is_not_prepared_says_what_to_run(tmp_path: Path):
    with pytest.raises(ModelNotPrepared, match=r"profile 'embedded' is not prepared in .*; run: svodka models prepare --profile embedded"):
        load_profile("embedded", cache_dir=tmp_path)


def test_an_unknown_profile_is_refused(tmp_path: Path):
    with pytest.raises(UnknownProfile, match="no profile 'large'; there is distil, distil-onnxruntime, embedded"):
        load_profile("large", cache_dir=tmp_path)


def test_a_damaged_prepared_model_is_not_loaded(models_dir: Path, prepared_cache: Path, tmp_path: Path):
    catalogue = load_catalogue(models_dir)
    whole = model_folder(catalogue, catalogue.profile("embedded"), "gemma3-270m-en-ru", prepared_cache)
    encoder = model_folder(catalogue, catalogue.profile("embedded"), "multilingual-e5-small-q4", prepared_cache)
    (tmp_path / encoder.name).symlink_to(encoder)
    damaged = tmp_path / whole.name
    damaged.mkdir()
    for path in whole.iterdir():
        (damaged / path.name).symlink_to(path)
    graph = damaged / "graph.onnx"
    graph.unlink()
    graph.write_bytes((whole / "graph.onnx").read_bytes()[:-1] + b" ")
    with pytest.raises(ModelDamaged, match=r"graph\.onnx is damaged: its SHA-256 is"):
        load_profile("embedded", cache_dir=tmp_path)


def test_a_translation_is_scored_as_the_search_scored_it(prepared_profile: LoadedProfile):
    translator = prepared_profile.translator
    (found,) = translator.translate([ENGLISH], source="en", target="ru", search=Search(n_best=4))
    scores = translator.score([ENGLISH] * len(found), [hypothesis.text for hypothesis in found], source="en", target="ru")
    # The search reads a sentence token by token, scoring at once: sums differ in their last digits, and what is rounded to 8 bits more.
    assert scores == pytest.approx([hypothesis.score for hypothesis in found], abs=0.12)
    assert translator.score([ENGLISH], ["Снег шёл всю ночь."], source="en", target="ru")[0] < min(scores) - 1


def test_a_translation_goes_on_from_its_beginning(prepared_profile: LoadedProfile):
    begun = "К пяти годам"
    ((found,),) = prepared_profile.translator.translate([ENGLISH], source="en", target="ru", beginnings=[begun])
    assert found.text.startswith(f"{begun} ")
    assert found.finished
