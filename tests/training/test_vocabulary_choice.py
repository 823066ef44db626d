"""Which tokens are kept of a vocabulary: those of the pairs, what builds them, and what writes any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from svodka.inference.vocabulary import cut, read_kept
from training import __main__ as command_line
from training import vocabulary
from training.vocabulary import steps, write_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from training.model import Origin
    from training.settings import Settings


@pytest.mark.parametrize(
    ("scores", "passed"),
    [
        pytest.param({"ab": -1, "abc": -2}, {"ab", "abc"}, id="step by step"),
        pytest.param({"ab": -2, "bc": -1, "abc": -3}, {"bc", "abc"}, id="the better pair first"),
        pytest.param({"ab": -1, "bc": -2, "abcd": -3, "abc": -4}, {"ab", "abc", "abcd"}, id="to the end"),
        pytest.param({"aa": -1, "aaa": -2}, {"aa", "aaa"}, id="of equal pairs the leftmost"),
        pytest.param({}, set(), id="nothing to join"),
    ],
)
def test_the_steps_to_a_piece_are_those_of_byte_pair_encoding(scores: dict[str, float], passed: set[str]) -> None:
    piece = max(scores, key=len, default="ab")
    assert steps(piece, scores) == passed | set(piece)


def kept_pieces(settings: Settings, origin: Origin, data: Path, tmp_path: Path) -> list[str]:
    report = write_vocabulary(settings, origin, data, tmp_path / "kept.safetensors")
    whole = origin.checkpoint.vocabulary
    kept = cut(whole, read_kept(tmp_path / "kept.safetensors", whole))
    assert report["all"] == len(kept.pieces) == sum(count for name, count in report.items() if name != "all")
    return kept.pieces


def test_what_a_text_may_need_is_kept(settings: Settings, origin: Origin, data: Path, tmp_path: Path) -> None:
    kept = kept_pieces(settings, origin, data, tmp_path)
    assert {"<bos>", "<eos>", "\n", "\n\n", "▁▁", *(f"<0x{byte:02X}>" for byte in range(256))} <= set(kept)
    assert {"a", "z", "а", ".", ":", "▁"} <= set(kept)


def test_a_piece_that_the_pairs_do_not_have_goes(
    settings: Settings, origin: Origin, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "_FREQUENT", 0)  # of so few pieces all would be
    text = "The rain.\tДождь.\n"
    (data / "train.little.en-ru.tsv").write_text(text, encoding="utf-8")
    little = settings.model_copy(update={"data": settings.data.model_copy(update={"files": ["train.little.*"]})})
    assert "ll" not in kept_pieces(little, origin, data, tmp_path)
    (data / "train.little.en-ru.tsv").write_text(text.replace("rain", "hill"), encoding="utf-8")
    assert "ll" in kept_pieces(little, origin, data, tmp_path)


def test_the_command_tells_what_the_catalogue_must_state(settings: Settings, tiny_model, data: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[model]\nprofile = "tiny"\n', encoding="utf-8")
    target = tmp_path / "kept.safetensors"
    given = [
        "--data",
        str(data),
        "--output",
        str(target),
        "--settings",
        str(tmp_path / "settings.toml"),
        "--models-dir",
        str(tiny_model.models_dir),
    ]
    done = CliRunner().invoke(command_line.app, ["vocabulary", *given], catch_exceptions=False)
    assert done.exit_code == 0
    assert f'path = "embedded/kept.safetensors"\nsize = {target.stat().st_size}\nsha256 = "' in done.stdout
