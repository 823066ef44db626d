"""A made-up model and data of a few sentences, small enough to be trained in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tiny

from training.model import Origin, open_origin
from training.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = [
    ("The dog ran home.", "Собака убежала домой."),
    ("It rains again today.", "Сегодня опять идёт дождь."),
    ("The mayor closed the bridge.", "Мэр закрыл мост."),
    ("Children play in the yard.", "Дети играют во дворе."),
    ("She reads a thick book.", "Она читает толстую книгу."),
    ("The train was late.", "Поезд опоздал."),
    ("They sold 20 cars.", "Они продали 20 машин."),
    ("Prices rose by 5%.", "Цены выросли на 5%."),
    ("We met in 2019.", "Мы встретились в 2019 году."),
    ("The court fined the bank.", "Суд оштрафовал банк."),
    ("Nobody was hurt.", "Никто не пострадал."),
    ("Snow fell overnight.", "Ночью выпал снег."),
]
SETTINGS = {
    "model": {"profile": "tiny", "start": "delta"},
    "data": {"held_out": 2},
    "synthetic": {"pairs": 4},
    "train": {"learning_rate": 1e-3, "batch_tokens": 400, "passes": 2.0, "measure_every": 4, "log_every": 2, "precision": "float32"},
}


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate(SETTINGS)


@pytest.fixture
def tiny_model(tmp_path: Path) -> tiny.TinyModel:
    return tiny.build(tmp_path / "models")


@pytest.fixture
def origin(tiny_model: tiny.TinyModel, settings: Settings) -> Origin:
    return open_origin(settings.model, models_dir=tiny_model.models_dir)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "train.made.en-ru.tsv").write_text("".join(f"{source}\t{target}\n" for source, target in SENTENCES), encoding="utf-8")
    (folder / "dev.made.en-ru.tsv").write_text("The boat sank.\tЛодка затонула.\nAll is well.\tВсё хорошо.\n", encoding="utf-8")
    return folder
