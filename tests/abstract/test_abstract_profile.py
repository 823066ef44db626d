"""A profile with summarization models: in this process and behind the server, each is asked for the articles of its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes import FakeEncoder, FakeTranslator, ToldGenerator
from svodka.backend import Backend, open_pipeline
from svodka.inference import runtime
from svodka.inference.catalogue import find_models_dir
from svodka.inference.processes import ProfileProcesses
from svodka.inference.runtime import LoadedProfile
from svodka.metrics import Metrics
from svodka.settings import Settings
from svodka.types import Length, SummaryOrder, Verdict

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = """
[profiles.written]
description = "English by a model, Russian too."
encoder = "multilingual-e5-small-q4"
summarisers = { en = "fake", ru = "fake" }
translators = { en-ru = "gemma3-270m-en-ru" }
runtime = "ctranslate2"
quantization = "int8"

[models.fake]
task = "summarise"
description = "A fake."
languages = ["en", "ru"]
prefix = "summarize: "
limits = { max_input_tokens = 600, min_output_tokens = 56, max_output_tokens = 142 }
source = { kind = "hub", repo = "a/fake", revision = "main" }
licence = { name = "MIT", url = "https://example.org/licence", commercial_use = true, notice = "A fake." }
"""
TEXT = "The dam at Kestrel Bay failed on Monday. Repairs will cost $40 million, the council said. " + "It said no more about it. " * 10


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    catalogue = (find_models_dir() / "catalogue.toml").read_text(encoding="utf-8")
    (tmp_path / "catalogue.toml").write_text(catalogue + ENTRIES, encoding="utf-8")
    return Settings(profile="written", models_dir=tmp_path)


def test_an_article_is_summarised_by_the_model_of_its_language(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    english, russian = ToldGenerator(lambda _: ["Repairs will cost $40 million."]), ToldGenerator(lambda _: ["Ремонт обойдётся в 5 млн."])
    profile = LoadedProfile(
        name="written", encoder=FakeEncoder(), translator=FakeTranslator(), summarisers={"en": english, "ru": russian}, models={}
    )
    monkeypatch.setattr(runtime, "load_profile", lambda *_, **__: profile)
    _, pipeline = open_pipeline(settings)
    answer = pipeline.summarise(SummaryOrder(text=TEXT, targets=("en",), length=Length(max_sentences=2)))
    assert answer.summaries[0].text == "Repairs will cost $40 million."
    assert answer.verdict is Verdict.VERIFIED
    assert english.prompts == [f"summarize: {TEXT.strip()}"]
    assert russian.prompts == []


async def test_a_server_warms_up_every_model_that_writes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    generators = {language: ToldGenerator(lambda text: [text]) for language in ("en", "ru")}
    processes = ProfileProcesses(
        encoder=FakeEncoder(), translator=FakeTranslator(), summarisers=generators, batchers={}, encoders={}, workers=()
    )
    monkeypatch.setattr(ProfileProcesses, "start", lambda *_, **__: processes)

    async def on_model(name: str, up: bool) -> None:
        pytest.fail("there is no process")

    backend = Backend(settings, Metrics(), on_model)
    try:
        await backend.start()
        assert backend.ready
        assert [len(generator.prompts) for generator in generators.values()] == [1, 1]
    finally:
        await backend.close()
