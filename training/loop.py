"""The training loop: batches in, better weights out, stopped by its end, a time limit or a signal, and resumed where it stopped."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from training.average import RunningAverage
from training.batches import Batch, collate, endless, even_batches
from training.examples import HELD_OUT_FILE, TRAIN_FILE, Examples, rivals_file
from training.loss import AnswerLoss, PreferenceLoss, faster_precision
from training.model import build_model, trained_parameters
from training.progress import BEST_FILE, Progress, load_average, load_checkpoint, save_checkpoint, save_weights
from training.schedule import rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.model import Origin
    from training.settings import Settings

__all__ = ["Outcome", "train"]

LOG_FILE = "log.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a call of `train` ended."""

    finished: bool
    step: int
    tokens: int
    best_loss: float | None
    best_step: int


@dataclass(kw_only=True, slots=True)
class _Run:
    settings: Settings
    folder: Path
    parameters: dict[str, torch.nn.Parameter]
    optimiser: torch.optim.Optimizer
    average: RunningAverage | None
    loss: AnswerLoss
    examples: Examples
    answer_ids: np.ndarray[Any, np.dtype[np.int64]]
    held_out: list[Batch]
    progress: Progress
    total_tokens: int
    report: Callable[[dict[str, Any]], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)


def train(
    settings: Settings,
    origin: Origin,
    work: Path,
    folder: Path,
    *,
    threads: int = 0,
    time_limit: float | None = None,
    device: str | None = None,
    report: Callable[[dict[str, Any]], None] | None = None,
) -> Outcome:
    """Train on what `prepare` or `prepare_preference` wrote to `work`; log, checkpoints and the best weights go to `folder`.

    Args:
        settings: all settings.
        origin: where training starts.
        work: folder of the examples.
        folder: folder of the run; if it has a checkpoint, the run goes on from there.
        threads: threads of PyTorch; 0: its own choice.
        time_limit: minutes after which the run stops with a checkpoint.
        device: "cpu" or "cuda"; None: CUDA where there is any.
        report: is told each line of the log.
    """
    deadline = None if time_limit is None else time.monotonic() + 60 * time_limit
    if threads:
        torch.set_num_threads(threads)
    run = _open(settings, origin, work, folder, torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu")))
    run.report = report
    with _Signals(run.stop):
        _learn(run, deadline)
    progress = run.progress
    return Outcome(
        finished=progress.tokens >= run.total_tokens,
        step=progress.step,
        tokens=progress.tokens,
        best_loss=progress.best_loss,
        best_step=progress.best_step,
    )


def _open(settings: Settings, origin: Origin, work: Path, folder: Path, device: torch.device) -> _Run:
    options = settings.train
    torch.manual_seed(settings.seed)  # adapters start at random
    examples, measured = Examples.load(work / TRAIN_FILE), Examples.load(work / HELD_OUT_FILE)
    answer_ids = np.union1d(examples.answer_ids(), measured.answer_ids())
    model = build_model(origin, settings.model, device)
    parameters = trained_parameters(model)
    optimiser = torch.optim.AdamW(
        parameters.values(), lr=options.learning_rate, betas=options.betas, weight_decay=options.weight_decay, fused=True
    )
    folder.mkdir(parents=True, exist_ok=True)
    progress = load_checkpoint(folder, parameters, optimiser, _recipe(settings, work))
    average = RunningAverage(parameters, options.average_steps) if options.average_steps else None
    if average is not None:
        load_average(folder, average.weights)
    precision = progress.precision if options.precision == "auto" else options.precision
    precision = precision or faster_precision(device)
    progress.precision = precision
    if examples.rivals is None:
        loss = AnswerLoss(model, answer_ids, precision=precision, device=device)
    else:
        sharpness, likelihood = settings.preference.sharpness, settings.preference.likelihood
        loss = PreferenceLoss(model, answer_ids, precision=precision, device=device, sharpness=sharpness, likelihood=likelihood)
    even = even_batches(measured, np.arange(len(measured)), options.batch_tokens)
    return _Run(
        settings=settings,
        folder=folder,
        parameters=parameters,
        optimiser=optimiser,
        average=average,
        loss=loss,
        examples=examples,
        answer_ids=answer_ids,
        held_out=[collate(measured, indices, answer_ids) for indices in even],
        progress=progress,
        total_tokens=options.tokens or int(options.passes * float(examples.lengths @ examples.weights)),
    )


def _recipe(settings: Settings, work: Path) -> str:
    """A hash of what a run must not change underway: settings that steer it, and the examples."""
    digest = hashlib.sha256(settings.model_dump_json(include={"seed", "model", "train", "preference"}).encode())
    files = [work / name for name in (TRAIN_FILE, HELD_OUT_FILE)]
    for path in (*files, *filter(Path.is_file, map(rivals_file, files))):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _learn(run: _Run, deadline: float | None) -> None:
    progress, options = run.progress, run.settings.train
    began, saved, told = (time.monotonic(),) * 3
    before = progress.seconds
    told_tokens, losses = progress.tokens, []
    _tell(run, event="start", precision=progress.precision, threads=torch.get_num_threads(), of_tokens=run.total_tokens)
    if progress.step == 0:
        _measure(run)
    batches = endless(run.examples, batch_tokens=options.batch_tokens, seed=run.settings.seed, position=(progress.number, progress.batch))
    while progress.tokens < run.total_tokens and not run.stop.is_set() and (deadline is None or time.monotonic() < deadline):
        (progress.number, progress.batch), indices = next(batches)
        losses.append(_step(run, collate(run.examples, indices, run.answer_ids)))
        now = time.monotonic()
        progress.seconds = before + now - began
        if progress.step % options.log_every == 0:
            speed = (progress.tokens - told_tokens) / max(1e-9, now - told)
            _tell(run, loss=sum(losses) / len(losses), tokens_per_second=speed)
            told, told_tokens, losses = now, progress.tokens, []
        if progress.step % options.measure_every == 0:
            _measure(run)
        if now - saved > 60 * options.checkpoint_minutes:
            _save(run)
            saved = now
    if progress.tokens >= run.total_tokens and progress.step % options.measure_every:
        _measure(run)
    _save(run)
    _tell(run, event="stop")


def _step(run: _Run, batch: Batch) -> float:
    progress, options = run.progress, run.settings.train
    for group in run.optimiser.param_groups:
        group["lr"] = rate(options, progress.tokens / run.total_tokens)
    loss = run.loss.mean(batch)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.parameters.values(), options.clip)
    run.optimiser.step()
    run.optimiser.zero_grad(set_to_none=True)
    progress.step += 1
    if run.average is not None:
        run.average.update(progress.step)
    progress.tokens += batch.tokens
    return float(loss.detach())


def _measure(run: _Run) -> None:
    """Measure the held-out loss, of the average if there is one, and keep those weights if they are the best so far."""
    progress = run.progress
    with nullcontext() if run.average is None else run.average.in_place():
        loss = run.loss.measure(run.held_out)
        best = progress.best_loss is None or loss < progress.best_loss
        if best:
            progress.best_loss, progress.best_step = loss, progress.step
            save_weights(run.folder / BEST_FILE, run.parameters)
    _tell(run, held_out_loss=loss, best=best)


def _save(run: _Run) -> None:
    save_checkpoint(run.folder, run.parameters, run.optimiser, run.progress, run.average and run.average.weights)


def _tell(run: _Run, **values: float | str) -> None:
    progress = run.progress
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
    line = {
        "step": progress.step,
        "tokens": progress.tokens,
        "pass": progress.number,
        "minutes": round(progress.seconds / 60, 2),
        "rate": float(f"{run.optimiser.param_groups[0]['lr']:.3g}"),
        **rounded,
    }
    with (run.folder / LOG_FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    if run.report is not None:
        run.report(line)


class _Signals:
    """Lets SIGTERM and SIGINT end the loop after its step, with a checkpoint."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, lambda *_: self._stop.set())

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
