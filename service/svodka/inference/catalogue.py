"""The catalogue: which models there are, where their files come from, under which terms, and the profiles made of them."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from svodka.errors import ModelMissing, SettingsError, UnknownProfile

__all__ = [
    "Catalogue",
    "FileEntry",
    "Licence",
    "Limits",
    "LocalSource",
    "ModelEntry",
    "Part",
    "ProfileEntry",
    "PyPISource",
    "Quality",
    "find_models_dir",
    "load_catalogue",
]

CATALOGUE_FILE = "catalogue.toml"
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0)]
RelativePath = Annotated[str, Field(pattern=r"^[^/\\]+(/[^/\\]+)*$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(_Entry):
    """A chunk of a file that is spread over several PyPI packages."""

    package: str = Field(min_length=1)
    path: RelativePath


class FileEntry(_Entry):
    """A file of a model: where it lies below its source, or the parts that it is assembled from."""

    path: RelativePath
    size: Size
    sha256: Sha256
    parts: Annotated[tuple[Part, ...], Field(strict=False)] = ()


class PyPISource(_Entry):
    """The files lie in an installed PyPI package."""

    kind: Literal["pypi"]
    package: str = Field(min_length=1)
    version: str = Field(min_length=1)


class LocalSource(_Entry):
    """The files lie beside the catalogue."""

    kind: Literal["local"]


class Licence(_Entry):
    """Terms of a model; `notice` goes wherever the model goes."""

    name: str = Field(min_length=1)
    url: str = Field(pattern=r"^https://")
    commercial_use: bool
    notice: str = Field(min_length=1)


class Limits(_Entry):
    """What a model can take. `max_output_ratio` bounds an answer by the tokens of its source."""

    max_input_tokens: int = Field(gt=0)
    max_output_ratio: float = Field(2.0, gt=0, le=8)


class Quality(_Entry):
    """Scores of a model, and on what they were measured."""

    direction: str
    measured_on: str = Field(min_length=1)
    bleu: float = Field(ge=0, le=100)
    chrf: float = Field(ge=0, le=100)


class ModelEntry(_Entry):
    """A model. `base` names the model that this one is a change of, `vocabulary` the one of its files that tells which tokens it keeps."""

    task: Literal["embed", "generate", "translate"]
    description: str = Field(min_length=1)
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)]
    source: Annotated[PyPISource | LocalSource, Field(discriminator="kind")]
    licence: Licence
    limits: Limits
    files: Annotated[tuple[FileEntry, ...], Field(strict=False, min_length=1)]
    base: Identifier | None = None
    vocabulary: RelativePath | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    quality: Annotated[tuple[Quality, ...], Field(strict=False)] = ()

    @property
    def vocabulary_file(self) -> FileEntry | None:
        """The file of the tokens that are kept; None: all are."""
        return next((file for file in self.files if file.path == self.vocabulary), None)

    @model_validator(mode="after")
    def _check_vocabulary(self) -> Self:
        if self.vocabulary is not None and self.vocabulary not in {file.path for file in self.files[1:]}:
            raise ValueError(f"vocabulary {self.vocabulary!r} is none of the files behind the first")
        return self

    @model_validator(mode="after")
    def _check_prompts(self) -> Self:
        for name, prompt in self.prompts.items():
            if prompt.count("{sentence}") != 1:
                raise ValueError(f"prompt {name!r} must contain {{sentence}} once")
        if self.task == "translate":
            if not self.prompts:
                raise ValueError("a translator needs a prompt for each direction")
            for direction in self.prompts:
                ends = direction.split("-")
                if len(ends) != 2 or ends[0] == ends[1] or not set(ends) <= set(self.languages):
                    raise ValueError(f"prompt {direction!r} is not a direction between two of the languages {', '.join(self.languages)}")
        return self


class ProfileEntry(_Entry):
    """A named pair of summariser and translator, with their runtime."""

    description: str = Field(min_length=1)
    summariser: Identifier
    translator: Identifier
    runtime: Literal["ctranslate2"]
    quantization: Literal["int8", "int8_float32", "float32"]


class Catalogue(_Entry):
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
            self._expect(f"summariser of profile {name!r}", profile.summariser, "embed")
            self._expect(f"translator of profile {name!r}", profile.translator, "translate")
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

    def models_of(self, name: str) -> dict[str, ModelEntry]:
        """Return the models that a profile needs, bases included."""
        profile = self.profile(name)
        needed = [profile.summariser, profile.translator]
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


def load_catalogue(models_dir: Path) -> Catalogue:
    """Read and validate the catalogue of a folder.

    Raises:
        SettingsError: it does not parse, or an entry is wrong; the text names the entry and its value.
    """
    path = models_dir / CATALOGUE_FILE
    try:
        return Catalogue.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from error
    except ValidationError as error:
        problems = (f"{'.'.join(str(key) for key in problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise SettingsError(f"{path}: {'; '.join(problems)}") from error
