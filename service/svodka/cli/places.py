"""Options that say which models, and where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from svodka.inference.catalogue import Catalogue
    from svodka.settings import Settings

__all__ = ["CacheOption", "CatalogueOption", "ModelsOption", "ProfileOption", "catalogue_of"]

ProfileOption = Annotated[str | None, typer.Option("--profile", help="The profile; default: that of the settings.")]
CacheOption = Annotated[Path | None, typer.Option("--cache-dir", help="Folder of the prepared models; default: that of the settings.")]
ModelsOption = Annotated[Path | None, typer.Option("--models-dir", help="Folder of catalogue.toml; default: that of the settings.")]
CatalogueOption = Annotated[Path | None, typer.Option("--catalogue-file", help="Models and profiles of your own, beside those, TOML.")]


def catalogue_of(settings: Settings) -> Catalogue:
    """The catalogue that the settings name, the user's own entries included.

    Raises:
        ModelMissing: there is no catalogue where they say.
        SettingsError: it is wrong.
    """
    from svodka.inference.catalogue import find_models_dir, load_catalogue

    return load_catalogue(find_models_dir(settings.models_dir), settings.catalogue_file)
