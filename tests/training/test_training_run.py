"""Training goes on exactly where it stopped; what it learnt comes out as a change that the product reads, and is measured."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from typer.testing import CliRunner

from svodka.errors import ModelDamaged, SvodkaError
from svodka.inference.delta import Delta
from training import __main__ as command_line
from training.average import RunningAverage
from training.export import export, write_models_dir
from training.loop import LOG_FILE, train
from training.model import open_origin
from training.prepare import prepare
from training.progress import BEST_FILE
from training.progress import last_weights as last_weights_file
from training.quantise import pack, packed_change
from training.schedule import rate
from training.settings import Settings, TrainSettings

if TYPE_CHECKING:
    from pathlib import Path

    import tiny

    from training.model import Origin

UP_PROJECTION = "model.layers.0.mlp.up_proj.weight"


@pytest.fixture
def work(settings: Settings, origin: Origin, data: Path, tmp_path: Path) -> Path:
    prepare(settings, origin, data, tmp_path / "work")
    return tmp_path / "work"


def read_log(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / LOG_FILE).read_text(encoding="utf-8").splitlines()]


def last_weights(run: Path) -> dict[str, np.ndarray]:
    (checkpoint,) = run.glob("checkpoint-*")
    return load_file(checkpoint / "weights.safetensors")


# peft asks transformers for a property by its old name.
@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")
@pytest.mark.parametrize("change", ["full", "low-rank"])
def test_training_lowers_the_held_out_loss_and_leaves_the_embeddings(
    change: str, settings: Settings, origin: Origin, work: Path, tmp_path: Path
) -> None:
    chosen = settings.model_copy(update={"model": settings.model.model_copy(update={"change": change, "rank": 4})})
    outcome = train(chosen, origin, work, tmp_path / "run", threads=1)
    assert outcome.finished
    losses = [line["held_out_loss"] for line in read_log(tmp_path / "run") if "held_out_loss" in line]
    assert losses[-1] < losses[0]
    assert outcome.best_loss == pytest.approx(min(losses), abs=1e-4)
    assert not [name for name in load_file(tmp_path / "run" / BEST_FILE) if "embed_tokens" in name]


@pytest.mark.parametrize("average_steps", [0, 3])
def test_a_resumed_run_ends_with_the_same_weights(
    average_steps: int, settings: Settings, origin: Origin, work: Path, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"train": settings.train.model_copy(update={"average_steps": average_steps})})
    whole = train(settings, origin, work, tmp_path / "whole", threads=1)
    stops = 0
    while not train(settings, origin, work, tmp_path / "sliced", threads=1, report=stop_after_lines(3)).finished:
        stops += 1
    assert stops >= 2
    expected, found = last_weights(tmp_path / "whole"), last_weights(tmp_path / "sliced")
    assert expected.keys() == found.keys()
    assert all(np.array_equal(expected[name], found[name]) for name in expected)
    average, resumed = (load_file(last_weights_file(tmp_path / run)) for run in ("whole", "sliced"))
    assert all(np.array_equal(average[name], resumed[name]) for name in average)
    assert json.loads(next((tmp_path / "sliced").glob("*/progress.json")).read_text())["step"] == whole.step


def stop_after_lines(count: int):
    """A report that, once told so many lines, ends the run as Ctrl-C does."""
    import signal

    told: list[object] = []

    def report(line: object) -> None:
        told.append(line)
        if len(told) == count:
            signal.raise_signal(signal.SIGINT)

    return report


def test_the_average_is_what_is_measured_and_kept(settings: Settings, origin: Origin, work: Path, tmp_path: Path) -> None:
    averaged = settings.model_copy(update={"train": settings.train.model_copy(update={"average_steps": 10**6})})
    assert train(averaged, origin, work, tmp_path / "run", threads=1).finished
    kept = load_file(last_weights_file(tmp_path / "run"))
    (checkpoint,) = (tmp_path / "run").glob("checkpoint-*")
    last = load_file(checkpoint / "weights.safetensors")
    assert kept.keys() == last.keys()
    assert not np.array_equal(kept[UP_PROJECTION], last[UP_PROJECTION])
    assert np.array_equal(load_file(tmp_path / "run" / BEST_FILE)[UP_PROJECTION], kept[UP_PROJECTION])


def test_an_average_is_the_mean_of_the_steps_and_forgets_old_ones() -> None:
    weights = {"weight": torch.zeros(1)}
    average = RunningAverage(weights, 4)
    for step, value in enumerate((2.0, 4.0, 9.0), start=1):
        weights["weight"].fill_(value)
        average.update(step)
    assert average.weights["weight"].item() == pytest.approx(5.0)
    with average.in_place():
        assert weights["weight"].item() == pytest.approx(5.0)
    assert weights["weight"].item() == 9.0
    for step in range(4, 100):
        average.update(step)
    assert average.weights["weight"].item() == pytest.approx(9.0)


def test_a_time_limit_stops_with_a_checkpoint(settings: Settings, origin: Origin, work: Path, tmp_path: Path) -> None:
    endless = settings.model_copy(update={"train": settings.train.model_copy(update={"tokens": 10**9})})
    started = time.monotonic()
    outcome = train(endless, origin, work, tmp_path / "run", threads=1, time_limit=0.02)
    assert time.monotonic() - started < 30
    assert not outcome.finished
    assert outcome.step > 0
    assert [path.name for path in (tmp_path / "run").glob("checkpoint-*")] == [f"checkpoint-{outcome.step:07}"]


def test_a_run_is_not_resumed_with_other_settings(settings: Settings, origin: Origin, work: Path, tmp_path: Path) -> None:
    train(settings, origin, work, tmp_path / "run", threads=1, time_limit=0.0)
    other = settings.model_copy(update={"seed": 21})
    with pytest.raises(SvodkaError, match="is of a run with other settings or data"):
        train(other, origin, work, tmp_path / "run", threads=1)


@pytest.mark.parametrize("decay", ["linear", "cosine"])
def test_the_rate_rises_and_then_falls_to_zero(decay: str) -> None:
    settings = TrainSettings.model_validate({"learning_rate": 1e-4, "warmup": 0.1, "decay": decay})
    rates = [rate(settings, done / 100) for done in range(101)]
    assert rates[10] == max(rates) == 1e-4
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == 0


def test_the_base_may_come_in_parts(settings: Settings, tiny_model: tiny.TinyModel, tmp_path: Path) -> None:
    whole = (tiny_model.models_dir / "base.gguf").read_bytes()
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        (parts / f"part{number}").write_bytes(whole[number * 50_000 : (number + 1) * 50_000 if number < 2 else None])
    found = dict(open_origin(settings.model, models_dir=tiny_model.models_dir, base_parts=parts).start())
    assert all(np.allclose(found[name], weight, atol=1e-6) for name, weight in tiny_model.weights.items())
    (parts / "part1").unlink()
    with pytest.raises(ModelDamaged, match=r"joined, have the SHA-256 .* instead of"):
        open_origin(settings.model, models_dir=tiny_model.models_dir, base_parts=parts)


def test_a_packed_change_reads_back_within_half_a_step(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    change = (rng.normal(0, 1, (48, 128)) * rng.uniform(1e-5, 1e-2, (48, 1))).astype(np.float32)
    change[7] = 0
    norm = rng.normal(0, 1e-3, 32).astype(np.float32)
    save_file(packed_change([("matrix", change), ("norm", norm), ("same", np.zeros((2, 64), np.float32))]), tmp_path / "delta.safetensors")
    delta = Delta(tmp_path / "delta.safetensors")
    assert delta.names == {"matrix", "norm"}
    found, found_norm = np.zeros_like(change), np.zeros_like(norm)
    delta.add_to("matrix", found)
    delta.add_to("norm", found_norm)
    np.testing.assert_allclose(found_norm, norm, atol=1e-6)
    groups, errors = change.reshape(-1, 64), (found - change).reshape(-1, 64)
    # Sixteen even steps over a normal distribution lose about a hundredth of its power; a plain scale by the largest value, more.
    assert np.square(errors).sum() < 0.012 * np.square(groups).sum()
    assert (np.abs(errors).max(axis=1) <= np.abs(groups).max(axis=1) * 0.45).all()
    assert not found[7].any()


def test_a_change_that_sixteen_values_hold_is_kept_exactly() -> None:
    scales = np.array([[0.5], [-0.25]], dtype=np.float32)
    steps = np.tile(np.arange(-8, 8, dtype=np.float32), (2, 4))
    packed, found = pack(steps * scales)
    nibbles = np.stack([packed & 15, packed >> 4], axis=-1).reshape(2, 64).astype(np.float32) - 8
    np.testing.assert_allclose(nibbles * found.astype(np.float32)[:, None], steps * scales, rtol=1e-3)


def test_what_is_exported_is_what_was_trained(
    settings: Settings, origin: Origin, tiny_model: tiny.TinyModel, work: Path, tmp_path: Path
) -> None:
    train(settings, origin, work, tmp_path / "run", threads=1)
    exported = export(settings, origin, {tmp_path / "run": 1.0}, tmp_path / "out" / "delta.safetensors")
    trained = load_file(tmp_path / "run" / BEST_FILE)[UP_PROJECTION]
    base = dict(origin.base())[UP_PROJECTION]
    found = base.copy()
    Delta(exported.path).add_to(UP_PROJECTION, found)
    assert np.abs(found - trained).mean() < 0.12 * np.abs(trained - base).mean()
    write_models_dir(exported, "tiny", tmp_path / "other", models_dir=tiny_model.models_dir)
    again = open_origin(settings.model, models_dir=tmp_path / "other")
    np.testing.assert_array_equal(dict(again.start())[UP_PROJECTION], found)
    assert exported.catalogue_lines("embedded/delta.safetensors").splitlines() == [
        'path = "embedded/delta.safetensors"',
        f"size = {exported.path.stat().st_size}",
        f'sha256 = "{exported.sha256}"',
    ]


@pytest.mark.parametrize("share", [0.0, 0.5, 2.0])
def test_a_blend_goes_from_the_start_towards_what_was_trained(
    settings: Settings, origin: Origin, work: Path, tmp_path: Path, share: float
) -> None:
    train(settings, origin, work, tmp_path / "run", threads=1)
    exported = export(settings, origin, {tmp_path / "run": share}, tmp_path / "delta.safetensors", last=True)
    base, start = (dict(weights)[UP_PROJECTION].copy() for weights in (origin.base(), origin.start()))
    expected = start + share * (last_weights(tmp_path / "run")[UP_PROJECTION] - start)
    found = base.copy()
    Delta(exported.path).add_to(UP_PROJECTION, found)
    assert np.abs(found - expected).mean() < 0.12 * np.abs(expected - base).mean()


def test_what_several_runs_changed_is_added(settings: Settings, origin: Origin, work: Path, tmp_path: Path) -> None:
    runs = {tmp_path / "first": 0.5, tmp_path / "second": 0.75}
    large_steps = settings.train.model_copy(update={"learning_rate": 0.01})  # 4 bits would not show small ones
    for seed, run in enumerate(runs):
        train(settings.model_copy(update={"seed": seed, "train": large_steps}), origin, work, run, threads=1)
    exported = export(settings, origin, runs, tmp_path / "delta.safetensors", last=True)
    base, start = (dict(weights)[UP_PROJECTION].copy() for weights in (origin.base(), origin.start()))
    expected = start + sum(share * (last_weights(run)[UP_PROJECTION] - start) for run, share in runs.items())
    found = base.copy()
    Delta(exported.path).add_to(UP_PROJECTION, found)
    assert np.abs(found - expected).mean() < 0.12 * np.abs(expected - base).mean()
    alone = [start + share * (last_weights(run)[UP_PROJECTION] - start) for run, share in runs.items()]
    assert np.abs(found - expected).mean() < min(np.abs(found - one).mean() for one in alone)


def test_each_run_has_its_own_blend(tmp_path: Path) -> None:
    arguments = ["export", "--run", "a", "--run", "b", "--blend", "0.5", "--output", str(tmp_path / "delta.safetensors")]
    with pytest.raises(SvodkaError, match="2 runs are given and 1 blends"):
        CliRunner().invoke(command_line.app, arguments, catch_exceptions=False)


def test_a_run_without_a_checkpoint_has_no_last_weights(settings: Settings, origin: Origin, tmp_path: Path) -> None:
    with pytest.raises(SvodkaError, match="has no checkpoint"):
        export(settings, origin, {tmp_path: 1.0}, tmp_path / "delta.safetensors", last=True)


def test_the_commands_lead_from_data_to_scores(tiny_model: tiny.TinyModel, data: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(
        '[model]\nprofile = "tiny"\n[data]\nheld_out = 2\n[synthetic]\npairs = 0\n[train]\ntokens = 300\nbatch_tokens = 300\n'
        '[evaluate]\nfile = "dev.made.en-ru.tsv"\n',
        encoding="utf-8",
    )

    def run(*arguments: str) -> str:
        shared = ["--settings", str(settings), "--models-dir"]
        models = tmp_path / "new" if arguments[0] == "evaluate" else tiny_model.models_dir
        result = CliRunner().invoke(command_line.app, [*arguments, *shared, str(models)], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    folders = {name: str(tmp_path / name) for name in ("work", "run", "new", "cache")}
    run("prepare", "--data", str(data), "--work", folders["work"])
    run("train", "--work", folders["work"], "--run", folders["run"], "--threads", "1")
    lines = run("export", "--run", folders["run"], "--output", str(tmp_path / "delta.safetensors"), "--models-output", folders["new"])
    assert 'path = "embedded/delta.safetensors"' in lines
    kept = tmp_path / "hypotheses.jsonl"
    printed = run(
        "evaluate",
        "--data",
        str(data),
        "--limit",
        "1",
        "--beam",
        "2",
        "--cache-dir",
        folders["cache"],
        "--threads",
        "1",
        "--hypotheses",
        str(kept),
    )
    *_, last = printed.splitlines()
    assert [(scores["direction"], scores["sentences"]) for scores in json.loads(last)] == [("en-ru", 1), ("ru-en", 1)]
    assert [json.loads(line)["source"] for line in kept.read_text(encoding="utf-8").splitlines()] == ["The boat sank.", "Лодка затонула."]
