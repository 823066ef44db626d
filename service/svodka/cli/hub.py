"""`svodka models pull` and `pin`: models of a hub on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svodka.cli.console import ConfigOption, complain
from svodka.cli.places import CacheOption, CatalogueOption, ModelsOption, ProfileOption, catalogue_of
from svodka.settings import load_settings

if TYPE_CHECKING:
    from svodka.inference.catalogue import Catalogue

__all__ = ["pin_model", "pull_models"]


def pull_models(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...", help="Models; default: those of the profile.")] = None,
    profile: ProfileOption = None,
    checkpoint: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="Take a checkpoint that lies here already.")] = None,
    revision: Annotated[str | None, typer.Option(help="Another revision than the catalogue's, for a model without a commit there.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Take what the hub has now, though it is another thing than before.")] = False,
    models_dir: ModelsOption = None,
    catalogue_file: CatalogueOption = None,
    cache_dir: CacheOption = None,
    config: ConfigOption = None,
) -> None:
    """Bring models of a hub to this machine; go on where an earlier run broke off.

    HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE count as everywhere.
    """
    from svodka.cli.progress import byte_bars
    from svodka.inference.cache import resolve_cache_dir
    from svodka.inference.pull import adopt_checkpoint, pull_model

    given = {"profile": profile, "models_dir": models_dir, "catalogue_file": catalogue_file, "cache_dir": cache_dir}
    settings = load_settings(given, config)
    catalogue = catalogue_of(settings)
    chosen = list(names) if names else _of_hub(catalogue, settings.profile)
    if not chosen:
        complain(f"profile {settings.profile} has no model of a hub: there is nothing to pull")
    if len(chosen) != 1 and (checkpoint is not None or revision is not None):
        raise typer.BadParameter("--from and --revision are for one model: name it", param_hint="MODEL")
    cache_dir = resolve_cache_dir(settings.cache_dir)
    for name in chosen:
        model = catalogue.model(name)
        if checkpoint is not None:
            pulled = adopt_checkpoint(name, model, checkpoint, cache_dir=cache_dir, update=update)
        else:
            with byte_bars() as show:
                pulled = pull_model(name, model, cache_dir=cache_dir, revision=revision, update=update, progress=show)
        complain(f"{name} ({pulled.commit}) {'was already' if pulled.already else 'is now'} in {pulled.folder}")
        if not model.licence.commercial_use:
            complain(f"{name} may not be used commercially: {model.licence.name}, {model.licence.url}")


def pin_model(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model that is pulled.")],
    models_dir: ModelsOption = None,
    catalogue_file: CatalogueOption = None,
    cache_dir: CacheOption = None,
    config: ConfigOption = None,
) -> None:
    """Print what a catalogue must say so that a model stays what was pulled: commit, files, hashes."""
    from svodka.inference.cache import resolve_cache_dir
    from svodka.inference.pin import pinning_lines

    settings = load_settings({"models_dir": models_dir, "catalogue_file": catalogue_file, "cache_dir": cache_dir}, config)
    catalogue = catalogue_of(settings)
    typer.echo(pinning_lines(name, catalogue.model(name), resolve_cache_dir(settings.cache_dir)))


def _of_hub(catalogue: Catalogue, profile: str) -> list[str]:
    return [name for name, model in catalogue.models_of(profile).items() if model.source.kind == "hub"]
