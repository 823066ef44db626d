"""The translator's own hypotheses are written down, told apart by what they are measured by, and the better ones become likelier."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch
from typer.testing import CliRunner

from svodka.inference import Hypothesis
from training import __main__ as command_line
from training.batches import collate
from training.data import Pair
from training.examples import TRAIN_FILE, Examples, rivals_file
from training.hypotheses import Translated, read_hypotheses, write_hypotheses
from training.loss import PreferenceLoss
from training.model import build_model
from training.preference import prepare_preference, reward, rivals
from training.settings import PreferenceSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import tiny

    from svodka.inference.protocols import Search
    from training.model import Origin

OPTIONS = PreferenceSettings.model_validate({})
PAIR = Pair(source="Prices rose by 5% in May.", target="Цены выросли на 5% в мае.", source_lang="en", target_lang="ru", origin="made")
RIGHT, OTHER_WORDS, WRONG_FIGURE, LOOP = (
    "Цены выросли на 5% в мае.",
    "В мае цены повысились на 5%.",
    "Цены выросли на 6% в мае.",
    "Цены выросли на 5% на 5% на 5% на 5% на 5% в мае.",
)


class Repeating:
    """Answers each sentence with itself, twice, and with one that does not end; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(
        self, sentences: Sequence[str], *, source: str, target: str, search: Search, beginnings: Sequence[str] = ()
    ) -> list[tuple[Hypothesis, ...]]:
        assert search.n_best == search.beam
        assert source != target
        assert not beginnings
        self.asked += sentences
        ended = [(f"{sentence} {number}", True) for sentence in sentences for number in (1, 2)]
        answers = [Hypothesis(text=text, score=-1.0, finished=finished) for text, finished in ended]
        cut = Hypothesis(text="…", score=-2.0, finished=False)
        return [(*answers[2 * at : 2 * at + 2], cut) for at in range(len(sentences))]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        raise NotImplementedError


def choosing(settings: Settings, **options: object) -> Settings:
    return settings.model_copy(update={"preference": PreferenceSettings.model_validate({"shortest": 1, **options})})


def test_a_reward_falls_with_wrong_figures_and_faults() -> None:
    rewards = [reward(PAIR, text, OPTIONS) for text in (RIGHT, OTHER_WORDS, WRONG_FIGURE, LOOP)]
    assert rewards[0] == pytest.approx(100)
    assert rewards[0] == max(rewards)
    without_costs = OPTIONS.model_copy(update={"figures_cost": 0.0, "faults_cost": 0.0})
    assert reward(PAIR, WRONG_FIGURE, without_costs) - rewards[2] == pytest.approx(OPTIONS.figures_cost)
    assert reward(PAIR, LOOP, without_costs) - rewards[3] >= OPTIONS.faults_cost


def test_the_best_and_the_worst_of_a_sentence_are_rivals() -> None:
    (found,) = rivals([Translated(pair=PAIR, hypotheses=(WRONG_FIGURE, RIGHT, LOOP))], OPTIONS)
    assert [pair.target for pair in found] == [RIGHT, min((WRONG_FIGURE, LOOP), key=lambda text: reward(PAIR, text, OPTIONS))]
    assert {pair.source for pair in found} == {PAIR.source}


@pytest.mark.parametrize("hypotheses", [(), (RIGHT,), (RIGHT, RIGHT), ("Мэр закрыл мост.", "Опять идёт дождь.")])
def test_where_none_is_much_better_or_none_is_good_there_are_no_rivals(hypotheses: tuple[str, ...]) -> None:
    assert not list(rivals([Translated(pair=PAIR, hypotheses=hypotheses)], OPTIONS))


def test_hypotheses_are_written_once_each_over_several_calls(settings: Settings, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "hypotheses.jsonl"
    chosen = choosing(settings, sentences=10)
    translator = Repeating()
    assert not write_hypotheses(chosen, translator, data, target, time_limit=0.0)
    assert write_hypotheses(chosen, translator, data, target)
    asked = len(translator.asked)
    first = target.read_text(encoding="utf-8")
    target.write_text(first + '{"source": "The d', encoding="utf-8")
    assert write_hypotheses(chosen, translator, data, target)
    assert len(translator.asked) == asked == 10
    assert target.read_text(encoding="utf-8") == first
    found = list(read_hypotheses(target))
    assert len({translated.pair.source for translated in found}) == 10
    assert {translated.pair.source_lang for translated in found} == {"en", "ru"}
    assert all(translated.hypotheses == tuple(f"{translated.pair.source} {n}" for n in (1, 2)) for translated in found)


def test_sentences_without_weight_and_of_other_lengths_are_not_translated(settings: Settings, data: Path, tmp_path: Path) -> None:
    one_way = settings.model_copy(update={"data": settings.data.model_copy(update={"direction_weights": {"ru-en": 0.0}})})
    translator = Repeating()
    assert write_hypotheses(choosing(one_way, shortest=20, longest=24), translator, data, tmp_path / "hypotheses.jsonl")
    assert translator.asked
    assert all(sentence.isascii() and 20 <= len(sentence) <= 24 for sentence in translator.asked)


@pytest.fixture
def translated() -> list[Translated]:
    words = [("dog", "собака"), ("mayor", "мэр"), ("train", "поезд"), ("bank", "банк"), ("court", "суд"), ("book", "книга")]
    pairs = [
        Pair(source=f"The {english} is here again.", target=f"Здесь опять {russian}.", source_lang="en", target_lang="ru", origin="made")
        for english, russian in words * 4
    ]
    return [Translated(pair=pair, hypotheses=("Там снова кто-то другой.", pair.target)) for pair in pairs]


def test_training_makes_the_better_likelier_than_the_worse(
    settings: Settings, origin: Origin, translated: list[Translated], tmp_path: Path
) -> None:
    from training.loop import train
    from training.model import trained_parameters
    from training.progress import BEST_FILE, load_weights

    counts = prepare_preference(settings, origin, translated, tmp_path / "work")
    assert sum(counts.values()) == len(translated)
    examples = Examples.load(tmp_path / "work" / TRAIN_FILE)
    assert examples.rivals is not None
    assert (examples.lengths == [len(examples.example(at)) + len(examples.rivals.example(at)) for at in range(len(examples))]).all()

    def margin(model: torch.nn.Module) -> float:
        ids = examples.answer_ids()
        loss = PreferenceLoss(model, ids, precision="float32", device=torch.device("cpu"), sharpness=1.0, likelihood=0.0)
        return -loss.measure([collate(examples, range(len(examples)), ids)])

    before = margin(build_model(origin, settings.model, torch.device("cpu")))
    assert train(settings, origin, tmp_path / "work", tmp_path / "run", threads=1).finished
    after = build_model(origin, settings.model, torch.device("cpu"))
    load_weights(tmp_path / "run" / BEST_FILE, trained_parameters(after))
    assert margin(after) > before + 0.05


def test_plain_examples_leave_no_rivals_behind(settings: Settings, origin: Origin, translated: list[Translated], tmp_path: Path) -> None:
    prepare_preference(settings, origin, translated, tmp_path)
    path = tmp_path / TRAIN_FILE
    examples = Examples.load(path)
    assert rivals_file(path).is_file()
    assert examples.rivals is not None
    examples.rivals.save(path)
    assert Examples.load(path).rivals is None


def test_the_command_prepares_what_train_reads(
    tiny_model: tiny.TinyModel, translated: list[Translated], data: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[model]\nprofile = "tiny"\n[train]\ntokens = 300\nbatch_tokens = 300\n[preference]\nsentences = 4\nshortest = 1\n')
    given = tmp_path / "given.jsonl"
    given.write_text(
        "".join(
            json.dumps(
                {
                    "source": found.pair.source,
                    "target": found.pair.target,
                    "source_lang": "en",
                    "target_lang": "ru",
                    "origin": "made",
                    "figures": False,
                    "hypotheses": found.hypotheses,
                }
            )
            + "\n"
            for found in translated
        )
    )

    def run(*arguments: str) -> str:
        shared = ["--settings", str(settings), "--models-dir", str(tiny_model.models_dir)]
        result = CliRunner().invoke(command_line.app, [*arguments, *shared], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    made = tmp_path / "made.jsonl"
    run("hypotheses", "--data", str(data), "--output", str(made), "--cache-dir", str(tmp_path / "cache"), "--threads", "1")
    assert len(list(read_hypotheses(made))) == 4
    counts = json.loads(run("prefer", "--hypotheses", str(given), "--work", str(tmp_path / "work")))
    assert counts == {"held_out.npz": 2, "train.npz": 22}
    assert '"event": "stop"' in run("train", "--work", str(tmp_path / "work"), "--run", str(tmp_path / "run"), "--threads", "1")
