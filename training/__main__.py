"""The command line: `python -m training prepare|hypotheses|prefer|train|export|evaluate|vocabulary|names`, from the repository's root."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from svodka.errors import SettingsError, SvodkaError
from training.settings import load_settings

SettingsOption = Annotated[Path, typer.Option("--settings", help="Settings file (TOML).")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of tab-separated pairs.")]
WorkOption = Annotated[Path, typer.Option("--work", help="Folder for what is made; never inside the repository.")]
ModelsOption = Annotated[Path | None, typer.Option("--models-dir", help="Folder of catalogue.toml; default: the package's own.")]
BaseOption = Annotated[Path | None, typer.Option("--base", help="Folder with the base's file in parts; default: the base's packages.")]
CacheOption = Annotated[Path | None, typer.Option("--cache-dir", help="Folder of prepared models; default: the user's cache.")]
RunOption = Annotated[Path, typer.Option("--run", help="Folder of the run: log, checkpoints, best weights.")]
_DEFAULT_SETTINGS = Path(__file__).with_name("settings.toml")

_STOPPED = 3

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Train the embedded translator further.")


@app.command("prepare")
def prepare_command(
    data: DataOption,
    work: WorkOption,
    settings: SettingsOption = _DEFAULT_SETTINGS,
    models_dir: ModelsOption = None,
    base: BaseOption = None,
) -> None:
    """Read and sift the pairs, make up more, and write them as token ids."""
    from training.model import open_origin
    from training.prepare import prepare

    options = load_settings(settings)
    report = prepare(options, open_origin(options.model, models_dir=models_dir, base_parts=base), data, work)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))


@app.command("hypotheses")
def hypotheses_command(
    data: DataOption,
    output: Annotated[Path, typer.Option("--output", help="File of JSON lines; it is gone on with where it ends.")],
    settings: SettingsOption = _DEFAULT_SETTINGS,
    threads: Annotated[int, typer.Option(help="Threads of inference; 0: as many as there are cores.")] = 0,
    time_limit: Annotated[float | None, typer.Option(metavar="MINUTES", help="Stop after so long.")] = None,
    models_dir: ModelsOption = None,
    cache_dir: CacheOption = None,
) -> None:
    """Translate training sentences, several ways each. Exit status 3: stopped before the end, run it again to go on."""
    from training.evaluate import load_translator
    from training.hypotheses import write_hypotheses

    options = load_settings(settings)
    translator = load_translator(options.model.profile, models_dir=models_dir, cache_dir=cache_dir, threads=threads, guarded=False)
    if not write_hypotheses(options, translator, data, output, time_limit=time_limit, report=_tell_progress):
        raise typer.Exit(_STOPPED)


@app.command("prefer")
def prefer_command(
    hypotheses: Annotated[Path, typer.Option("--hypotheses", help="What `hypotheses` wrote.")],
    work: WorkOption,
    settings: SettingsOption = _DEFAULT_SETTINGS,
    models_dir: ModelsOption = None,
    base: BaseOption = None,
) -> None:
    """Choose a better and a worse translation of each sentence, and write them as token ids for `train`, which then learns to prefer."""
    from training.hypotheses import read_hypotheses
    from training.model import open_origin
    from training.preference import prepare_preference

    options = load_settings(settings)
    origin = open_origin(options.model, models_dir=models_dir, base_parts=base)
    typer.echo(json.dumps(prepare_preference(options, origin, read_hypotheses(hypotheses), work)))


@app.command("names")
def names_command(
    data: DataOption,
    output: Annotated[Path, typer.Option("--output", help="The table to write.")],
    settings: SettingsOption = _DEFAULT_SETTINGS,
) -> None:
    """Learn how Russian writes the letters of names."""
    from training.data import read_training_pairs
    from training.name_pairs import name_pairs
    from training.transcription import learn, write_table

    found = name_pairs(read_training_pairs(data, load_settings(settings).data.files))
    write_table(learn(found), output)
    typer.echo(f"{len(found)} names")


@app.command("glossary")
def glossary_command(
    data: DataOption,
    output: Annotated[Path, typer.Option("--output", help="The table to write.")],
    settings: SettingsOption = _DEFAULT_SETTINGS,
) -> None:
    """Learn the Russian of nouns that the data have seldom."""
    from training.data import read_training_pairs
    from training.glossary import glosses, write_glossary

    found = glosses(read_training_pairs(data, load_settings(settings).data.files))
    write_glossary(found, output)
    typer.echo(f"{len(found)} nouns")


@app.command("train")
def train_command(
    work: WorkOption,
    run: RunOption,
    settings: SettingsOption = _DEFAULT_SETTINGS,
    threads: Annotated[int, typer.Option(help="Threads of PyTorch; 0: its own choice.")] = 0,
    time_limit: Annotated[float | None, typer.Option(metavar="MINUTES", help="Stop with a checkpoint after so long.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; default: CUDA where there is any.")] = None,
    models_dir: ModelsOption = None,
    base: BaseOption = None,
) -> None:
    """Train, or go on training; the log goes to standard output too. Exit status 3: stopped before the end, run it again to go on."""
    from training.loop import train
    from training.model import open_origin

    options = load_settings(settings)
    outcome = train(
        options,
        open_origin(options.model, models_dir=models_dir, base_parts=base),
        work,
        run,
        threads=threads,
        time_limit=time_limit,
        device=device,
        report=lambda line: typer.echo(json.dumps(line)),
    )
    if not outcome.finished:
        raise typer.Exit(_STOPPED)


@app.command("export")
def export_command(
    runs: Annotated[list[Path], typer.Option("--run", help="Folder of a run; several may be given, each with its own blend.")],
    output: Annotated[Path, typer.Option(help="The file of changes that is written.")],
    settings: SettingsOption = _DEFAULT_SETTINGS,
    last: Annotated[bool, typer.Option("--last", help="The last checkpoint's weights instead of the best.")] = False,
    blends: Annotated[
        list[float] | None,
        typer.Option("--blend", min=0.0, max=2.0, help="How much of what each run changed is taken; default: all."),
    ] = None,
    models_output: Annotated[
        Path | None, typer.Option(help="Folder for a copy of the catalogue's that has the file in place of the present one, for evaluate.")
    ] = None,
    models_dir: ModelsOption = None,
    base: BaseOption = None,
) -> None:
    """Write what runs changed as a change of the base at 4 bits, and print what the catalogue must state of it."""
    from training.export import export, write_models_dir
    from training.model import open_origin

    options = load_settings(settings)
    if len(shares := blends or [1.0] * len(runs)) != len(runs):
        raise SettingsError(f"{len(runs)} runs are given and {len(shares)} blends; give each run its own --blend")
    taken = dict(zip(runs, shares, strict=True))
    exported = export(options, open_origin(options.model, models_dir=models_dir, base_parts=base), taken, output, last=last)
    if models_output is not None:
        write_models_dir(exported, options.model.profile, models_output, models_dir=models_dir)
    typer.echo(exported.catalogue_lines(f"embedded/{output.name}"))


@app.command("evaluate")
def evaluate_command(
    data: DataOption,
    settings: SettingsOption = _DEFAULT_SETTINGS,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many lines, the first.")] = None,
    beam: Annotated[int | None, typer.Option(min=1, max=16, help="Default: that of the settings.")] = None,
    threads: Annotated[int, typer.Option(help="Threads of inference; 0: as many as there are cores.")] = 0,
    hypotheses: Annotated[Path | None, typer.Option(help="File of JSON lines that gets every translation, with what is wrong.")] = None,
    given: Annotated[Path | None, typer.Option(help="Measure these translations of the same sources instead: pairs, a line each.")] = None,
    models_dir: ModelsOption = None,
    cache_dir: CacheOption = None,
) -> None:
    """Translate a file of pairs in both directions and print the scores: a table, then JSON."""
    from training.data import read_pairs
    from training.evaluate import Given, evaluate, load_translator, table, write_hypotheses

    options = load_settings(settings)
    pairs = list(read_pairs(data / options.evaluate.file))[:limit]
    directions = [pairs, [pair.reversed() for pair in pairs]]
    if given is None:
        translator = load_translator(options.model.profile, models_dir=models_dir, cache_dir=cache_dir, threads=threads)
    else:
        known = list(read_pairs(given))
        translator = Given(known)
        directions = [direction for direction in directions if direction[0].source_lang == known[0].source_lang]
    if hypotheses is not None:
        hypotheses.unlink(missing_ok=True)
    scores = []
    for direction in directions:
        measured, judged = evaluate(translator, direction, beam=beam or options.evaluate.beam, progress=_tell_progress)
        scores.append(measured)
        if hypotheses is not None:
            write_hypotheses(hypotheses, judged)
    typer.echo(table(scores))
    typer.echo(json.dumps([asdict(found) for found in scores]))


@app.command("vocabulary")
def vocabulary_command(
    data: DataOption,
    output: Annotated[Path, typer.Option(help="The file of kept tokens that is written.")],
    settings: SettingsOption = _DEFAULT_SETTINGS,
    models_dir: ModelsOption = None,
    base: BaseOption = None,
) -> None:
    """Choose the tokens that the translator keeps of its base, and print what each rule keeps and what the catalogue must state."""
    from svodka.inference.hashing import sha256_of
    from training.model import open_origin
    from training.vocabulary import write_vocabulary

    options = load_settings(settings)
    report = write_vocabulary(options, open_origin(options.model, models_dir=models_dir, base_parts=base), data, output)
    typer.echo(json.dumps(report, indent=2))
    typer.echo(f'path = "embedded/{output.name}"\nsize = {output.stat().st_size}\nsha256 = "{sha256_of(output)}"')


def _tell_progress(done: int, total: int) -> None:
    typer.echo(f"{done} of {total} sentences", err=True)


def main() -> None:
    """Run a command; an error of Svodka's own is told in a line."""
    try:
        app()
    except SvodkaError as error:
        typer.echo(f"training: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
