"""What of the catalogue is on this machine, whole or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from svodka.errors import ModelError
from svodka.inference.cache import model_folder
from svodka.inference.manifest import verify_prepared
from svodka.inference.origins import HubSource
from svodka.inference.pulled import check_pulled, pulled_folder
from svodka.inference.sources import check_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svodka.inference.catalogue import Catalogue

__all__ = ["Finding", "check_profile"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A file or a prepared folder, and what is wrong with it; None: it is whole."""

    model: str
    name: str
    problem: str | None


def check_profile(catalogue: Catalogue, profile: str, *, models_dir: Path, cache_dir: Path) -> list[Finding]:
    """Check the hash of every file that a profile is made from, and of every file that preparation made of them."""
    checks: list[tuple[str, str, Callable[[], object]]] = [
        (identifier, file.path, partial(check_source, model, file, models_dir))
        for identifier, model in catalogue.models_of(profile).items()
        if not isinstance(model.source, HubSource)
        for file in model.files
    ]
    checks += [
        (identifier, str(pulled_folder(identifier, model, cache_dir)), partial(check_pulled, identifier, model, cache_dir))
        for identifier, model in catalogue.models_of(profile).items()
        if isinstance(model.source, HubSource)
    ]
    entry = catalogue.profile(profile)
    for identifier in entry.prepared_models:
        folder = model_folder(catalogue, entry, identifier, cache_dir)
        checks.append((identifier, str(folder), partial(verify_prepared, folder)))
    return [Finding(model=identifier, name=name, problem=_problem(check)) for identifier, name, check in checks]


def _problem(check: Callable[[], object]) -> str | None:
    try:
        check()
    except ModelError as error:
        return str(error)
    return None
