"""A profile of a hub's models, from the hub to both summaries: pulled, verified, prepared, run in this process and behind a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import huggingface_hub.constants
import pytest
from typer.testing import CliRunner

import checkpoints
from e2e.conftest import running_server
from hub_server import running_hub
from svodka import guard
from svodka.backend import open_pipeline
from svodka.cli.models import app
from svodka.settings import Settings
from svodka.types import Length, SummaryOrder, Verdict
from svodka.v1 import info_pb2, summary_pb2, translation_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")]

ARTICLES = {
    "en": "The forum opened on Monday near Moscow. The ministry said that 1,500 companies take part in it.\n",
    "ru": "Форум открылся в понедельник под Москвой. В министерстве сообщили, что в нём участвуют 1500 компаний.\n",
}
PROFILES = {
    "chain": ("ctranslate2", "int8", {"en": "bart", "ru": "mbart"}, {"en-ru": "marian", "ru-en": "marian-back"}),
    "one-for-all": ("ctranslate2", "float32", {"en": "mt5", "ru": "mt5"}, {"en-ru": "nllb", "ru-en": "nllb"}),
    "graphs": ("onnxruntime", "int8", {"en": "bart"}, {"en-ru": "nllb", "ru-en": "marian-back"}),
    "reference": ("transformers", "float32", {}, {"en-ru": "m2m_100", "ru-en": "m2m_100"}),
}
MODELS = {
    "bart": ("bart", "summarise", ""),
    "mbart": ("mbart", "summarise", 'codes = { ru = "ru_RU" }'),
    "mt5": ("mt5", "summarise", "no_repeat = 2"),
    "marian": ("marian", "translate", 'directions = ["en-ru"]'),
    "marian-back": ("marian", "translate", 'directions = ["ru-en"]'),
    "m2m_100": ("m2m_100", "translate", 'directions = ["en-ru", "ru-en"]\ncodes = { en = "en", ru = "ru" }'),
    "nllb": ("nllb", "translate", 'directions = ["en-ru", "ru-en"]\ncodes = { en = "eng_Latn", ru = "rus_Cyrl" }'),
}


def catalogue() -> str:
    """The user's own catalogue."""
    lines = ["format = 1"]
    for name, (runtime, quantization, summarisers, translators) in PROFILES.items():
        lines += [f"[profiles.{name}]", f'description = "Tiny."\nencoder = "multilingual-e5-small-q4"\nruntime = "{runtime}"']
        lines += [f'quantization = "{quantization}"', f"summarisers = {_table(summarisers)}", f"translators = {_table(translators)}"]
    for name, (architecture, task, more) in MODELS.items():
        model_type = "m2m_100" if architecture == "nllb" else architecture
        lines += [
            f"[models.{name}]",
            f'task = "{task}"\ndescription = "Tiny."\nlanguages = ["en", "ru"]\narchitecture = "{model_type}"',
            more,
        ]
        lines += ["limits = { max_input_tokens = 500, max_output_tokens = 24, max_output_ratio = 0.1 }"]
        lines += ['licence = { name = "MIT", url = "https://example.org", commercial_use = true, notice = "Ours." }']
        lines += [f'source = {{ kind = "hub", repo = "somebody/{architecture}", revision = "main" }}']
    return "\n".join(lines)


def _table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f'{key} = "{value}"' for key, value in values.items()) + " }"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The catalogue, and a cache in which all of it is pulled and prepared by the command line; the hub is gone by then."""
    root = tmp_path_factory.mktemp("hub-profiles")
    own, cache = root / "own.toml", root / "cache"
    own.write_text(catalogue(), encoding="utf-8")
    with running_hub() as hub, pytest.MonkeyPatch.context() as patch:
        patch.setattr(huggingface_hub.constants, "ENDPOINT", hub.url)
        for architecture in checkpoints.ARCHITECTURES:
            folder = root / architecture
            checkpoints.build(architecture, folder)
            hub.add(f"somebody/{architecture}", folder)
        for profile in PROFILES:
            for command in ("pull", "verify", "prepare", "verify"):
                result = CliRunner().invoke(app, [command, "--profile", profile, "--catalogue-file", str(own), "--cache-dir", str(cache)])
                # Before it is prepared, that is what verify complains of.
                assert result.exception is None or (command, result.exit_code) == ("verify", 1), result.output
            assert result.exit_code == 0, result.output
    return own, cache


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_figure_of_a_models_summary_is_told_wrong_in_silence(places: tuple[Path, Path], profile: str, language: str):
    """Random models write nonsense: what the article does not say must not come out as if it did."""
    own, cache = places
    settings = Settings(profile=profile, catalogue_file=own, cache_dir=cache, threads=2)
    pipeline = open_pipeline(settings)[1]
    answer = pipeline.summarise(SummaryOrder(text=ARTICLES[language], length=Length(max_sentences=1)))
    summaries = {summary.language: summary.text for summary in answer.summaries}
    assert all(summaries.values())
    wrong = [guard.complaints(guard.check_summary(answer.article, text, told)) for told, text in summaries.items()]
    assert not wrong[0] if answer.summaries[0].language == language else not wrong[1]
    assert (answer.verdict is Verdict.UNVERIFIED) == bool(answer.reasons)
    assert answer.verdict is Verdict.UNVERIFIED or not any(wrong)


def test_a_server_serves_profiles_side_by_side_from_processes(places: tuple[Path, Path]):
    own, cache = places
    with running_server(cache, profile="chain", more_profiles="one-for-all", catalogue_file=own) as server:
        info = server.stub.GetServiceInfo(info_pb2.GetServiceInfoRequest())
        assert [(profile.name, profile.ready) for profile in info.profiles] == [("chain", True), ("one-for-all", True)]
        for profile in ("", "one-for-all"):
            answer = server.stub.Summarize(summary_pb2.SummarizeRequest(text=ARTICLES["en"], profile=profile), timeout=120)
            assert [summary.language for summary in answer.summaries] == ["en", "ru"]
        translators = [translation_pb2.Translator(name=name, profile=name, policy=summary_pb2.REPORT) for name in ("chain", "one-for-all")]
        compared = server.stub.CompareTranslations(
            translation_pb2.CompareTranslationsRequest(text=ARTICLES["en"], translators=translators), timeout=120
        )
        texts = {translation.name: translation.translation.text for translation in compared.translations}
        assert len(set(texts.values())) == len(texts) == 2
        assert len(server.loaded()) == 7  # one encoder for both
