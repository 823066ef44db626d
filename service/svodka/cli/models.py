"""`svodka models`: the catalogue, and what of it is on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svodka.cli.console import ConfigOption, complain
from svodka.cli.hub import pin_model, pull_models
from svodka.cli.places import CacheOption, CatalogueOption, ModelsOption, ProfileOption, catalogue_of
from svodka.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import ModelEntry

__all__ = ["app"]

_DAMAGED = 1

app = typer.Typer(no_args_is_help=True, help="The catalogue of models, and what of it is on this machine.")

app.command("pull")(pull_models)
app.command("pin")(pin_model)


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    models_dir: ModelsOption = None,
    catalogue_file: CatalogueOption = None,
    cache_dir: CacheOption = None,
    config: ConfigOption = None,
) -> None:
    """Show the models, their terms, which are pinned, which are here, and which profiles are prepared."""
    from svodka.inference.cache import resolve_cache_dir

    settings = load_settings({"models_dir": models_dir, "catalogue_file": catalogue_file, "cache_dir": cache_dir}, config)
    catalogue, folder = catalogue_of(settings), resolve_cache_dir(settings.cache_dir)
    models = [_describe(identifier, model, folder) for identifier, model in catalogue.models.items()]
    profiles = [_describe_profile(catalogue, name, folder) for name in catalogue.profiles]
    if as_json:
        typer.echo(json.dumps({"models": models, "profiles": profiles}, ensure_ascii=False, indent=2))
        return
    _print_table("Models", models, ("id", "task", "languages", "licence", "commercial_use", "source", "pinned", "pulled", "megabytes"))
    if not all(row["pinned"] for row in models):
        complain(
            "what is not pinned is trusted as it is first pulled, and refused when it changes; `svodka models pin` prints how to pin it"
        )
    _print_table("Profiles", profiles, ("id", "encoder", "summarisers", "translators", "runtime", "quantization", "prepared"))


@app.command("prepare")
def prepare_models(
    profile: ProfileOption = None,
    models_dir: ModelsOption = None,
    catalogue_file: CatalogueOption = None,
    cache_dir: CacheOption = None,
    config: ConfigOption = None,
) -> None:
    """Make a profile's models ready to load: needed once, half a minute or so."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from svodka.inference.prepare import prepare_profile

    given = {"profile": profile, "models_dir": models_dir, "catalogue_file": catalogue_file, "cache_dir": cache_dir}
    settings = load_settings(given, config)
    bars: dict[str, Any] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as display:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = display.add_task(stage, total=total)
            display.update(bars[stage], completed=done)

        folders = prepare_profile(
            settings.profile,
            models_dir=settings.models_dir,
            catalogue_file=settings.catalogue_file,
            cache_dir=settings.cache_dir,
            progress=show,
        )
    places = " and ".join(str(folder) for folder in folders.values())
    complain(f"profile {settings.profile} {'is now' if bars else 'was already'} prepared in {places}")


@app.command("verify")
def verify_models(
    profile: ProfileOption = None,
    models_dir: ModelsOption = None,
    catalogue_file: CatalogueOption = None,
    cache_dir: CacheOption = None,
    config: ConfigOption = None,
) -> None:
    """Check the hash of every file of a profile: sources, pulled and prepared; exit status 1 where one is missing or damaged."""
    from svodka.inference.cache import resolve_cache_dir
    from svodka.inference.catalogue import find_models_dir
    from svodka.inference.inventory import check_profile

    given = {"profile": profile, "models_dir": models_dir, "catalogue_file": catalogue_file, "cache_dir": cache_dir}
    settings = load_settings(given, config)
    folder, cache = find_models_dir(settings.models_dir), resolve_cache_dir(settings.cache_dir)
    findings = check_profile(catalogue_of(settings), settings.profile, models_dir=folder, cache_dir=cache)
    for finding in findings:
        typer.echo(f"{finding.model}: {finding.name}: {finding.problem or 'ok'}")
    if any(finding.problem for finding in findings):
        raise typer.Exit(_DAMAGED)


def _describe(identifier: str, model: ModelEntry, cache_dir: Path) -> dict[str, Any]:
    from svodka.inference.origins import HubSource
    from svodka.inference.pulled import pulled_folder

    source = model.source
    of_hub = isinstance(source, HubSource)
    return {
        "id": identifier,
        "task": model.task,
        "languages": list(model.languages),
        "licence": model.licence.name,
        "commercial_use": model.licence.commercial_use,
        "notice": model.licence.notice,
        "source": source.told,
        "pinned": source.pinned if isinstance(source, HubSource) else True,
        "pulled": pulled_folder(identifier, model, cache_dir).is_dir() if of_hub else None,
        "base": model.base,
        "megabytes": round((model.size or sum(file.size for file in model.files)) / 1e6),
        "quality": [score.model_dump() for score in model.quality],
        "files": {file.path: file.sha256 for file in model.files},
    }


def _describe_profile(catalogue: Catalogue, name: str, cache_dir: Path) -> dict[str, Any]:
    from svodka.inference.cache import model_folder

    entry = catalogue.profiles[name]
    folders = [model_folder(catalogue, entry, identifier, cache_dir) for identifier in entry.prepared_models]
    return {
        "id": name,
        "encoder": entry.encoder,
        "summarisers": [f"{language}: {identifier}" for language, identifier in entry.summarisers.items()]
        or ["the article's own sentences"],
        "translators": [f"{direction}: {identifier}" for direction, identifier in entry.translators.items()],
        "runtime": entry.runtime,
        "quantization": entry.quantization,
        "prepared": all(folder.is_dir() for folder in folders),
        "folders": [str(folder) for folder in folders],
    }


def _print_table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*(column.replace("_", " ") for column in columns), title=title, title_justify="left")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
