"""The catalogue: which models there are, where their files come from, under which terms, and the profiles made of them."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from svodka.errors import ModelMissing, SettingsError, UnknownProfile
from svodka.inference.entries import Identifier, ModelEntry, ProfileEntry  # noqa: TC001  pydantic reads the annotations
from svodka.inference.origins import Entry, LocalSource

__all__ = ["CATALOGUE_FILE", "Catalogue", "find_models_dir", "load_catalogue"]

CATALOGUE_FILE = "catalogue.toml"
Kind = TypeVar("Kind", bound=Entry)


class Catalogue(Entry):
    """All models and profiles."""

    format: Literal[1]
    models: dict[Identifier, ModelEntry]
    profiles: dict[Identifier, ProfileEntry]

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        for name, model in self.models.items():
            if model.base is not None:
                self._expect(f"base of model {name!r}", model.base, "generate")
        for name, profile in self.profiles.items():
            self._expect(f"encoder of profile {name!r}", profile.encoder, "embed")
            for language, identifier in profile.summarisers.items():
                self._expect(f"summariser of profile {name!r}", identifier, "summarise")
                if language not in self.models[identifier].languages:
                    raise ValueError(f"summariser of profile {name!r}: {identifier!r} does not know the language {language!r}")
            for direction, identifier in profile.translators.items():
                self._expect(f"translator of profile {name!r}", identifier, "translate")
                gates = self.models[identifier].quantization_gate
                if any(gate.quantization == profile.quantization and gate.verdict == "failed" for gate in gates):
                    raise ValueError(f"profile {name!r}: {identifier!r} failed the gate for {profile.quantization}")
                if direction not in self.models[identifier].translates:
                    raise ValueError(f"translator of profile {name!r}: {identifier!r} does not translate {direction!r}")
            others = [name for name in profile.language_models if self.models[name].architecture == "mt5"]
            if profile.runtime == "onnxruntime" and others:
                raise ValueError(f"profile {name!r}: onnxruntime does not run {others[0]!r}, which is an mT5; ctranslate2 does")
        return self

    def _expect(self, role: str, identifier: str, task: str) -> None:
        if identifier not in self.models:
            raise ValueError(f"{role}: there is no model {identifier!r}")
        if self.models[identifier].task != task:
            raise ValueError(f"{role}: the task of {identifier!r} is {self.models[identifier].task!r}, not {task!r}")

    def profile(self, name: str) -> ProfileEntry:
        """Return the profile of that name.

        Raises:
            UnknownProfile: there is none.
        """
        if name not in self.profiles:
            raise UnknownProfile(name, tuple(sorted(self.profiles)))
        return self.profiles[name]

    def model(self, name: str) -> ModelEntry:
        """Return the model of that name.

        Raises:
            ModelMissing: there is none.
        """
        if name not in self.models:
            raise ModelMissing(f"the catalogue has no model {name!r}; there is {', '.join(sorted(self.models))}")
        return self.models[name]

    def trained_translator(self, name: str) -> ModelEntry:
        """Return the one model that translates in every direction of a profile.

        Raises:
            UnknownProfile: there is no such profile.
            SettingsError: it has several.
        """
        translators = set(self.profile(name).translators.values())
        if len(translators) > 1:
            raise SettingsError(f"profile {name!r} has several translators: {', '.join(sorted(translators))}")
        return self.models[translators.pop()]

    def models_of(self, name: str) -> dict[str, ModelEntry]:
        """Return the models that a profile needs, bases included."""
        profile = self.profile(name)
        needed = [profile.encoder, *profile.language_models]
        needed += [base for identifier in needed if (base := self.models[identifier].base) is not None]
        return {identifier: self.models[identifier] for identifier in needed}


def find_models_dir(given: Path | None = None) -> Path:
    """Return the folder of the catalogue: the given one, else the one in the package, else the source tree's.

    Raises:
        ModelMissing: none of them has a catalogue.
    """
    if given is not None:
        candidates = [given]
    else:
        package = Path(str(resources.files("svodka")))
        candidates = [package / "_models", package.parent.parent / "models"]
    for candidate in candidates:
        if (candidate / CATALOGUE_FILE).is_file():
            return candidate
    raise ModelMissing(f"there is no {CATALOGUE_FILE} in {' or '.join(str(candidate) for candidate in candidates)}")


class _Additions(Entry):
    """A catalogue of the user's own."""

    format: Literal[1]
    models: dict[Identifier, ModelEntry] = Field(default_factory=dict)
    profiles: dict[Identifier, ProfileEntry] = Field(default_factory=dict)


def load_catalogue(models_dir: Path, additions: Path | None = None) -> Catalogue:
    """Read and validate the catalogue of a folder, and a file with more models and profiles of the user's own, their files beside it.

    Raises:
        SettingsError: a file cannot be read or does not parse, an entry is wrong, or a name is taken; the text names file, entry and value.
    """
    path = models_dir / CATALOGUE_FILE
    catalogue = _validated(Catalogue, _parsed(path), path)
    if additions is None:
        return catalogue
    added = _validated(_Additions, _parsed(additions), additions)
    for kind, names, taken in (("models", added.models, catalogue.models), ("profiles", added.profiles, catalogue.profiles)):
        if both := sorted(set(names) & set(taken)):
            raise SettingsError(f"{additions}: {kind}.{both[0]}: the catalogue {path} has that name already; take another")
    models = {name: _beside(model, additions.parent) for name, model in added.models.items()}
    everything = {"format": 1, "models": catalogue.models | models, "profiles": catalogue.profiles | added.profiles}
    return _validated(Catalogue, everything, additions)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _validated(kind: type[Kind], content: dict[str, Any], path: Path) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        problems = (f"{'.'.join(str(key) for key in problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise SettingsError(f"{path}: {'; '.join(problems)}") from error


def _beside(model: ModelEntry, folder: Path) -> ModelEntry:
    if not isinstance(model.source, LocalSource):
        return model
    return model.model_copy(update={"source": model.source.model_copy(update={"folder": folder})})
