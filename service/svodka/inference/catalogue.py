"""The catalogue: which models there are, where their files come from, under which terms, and the profiles made of them."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from svodka.errors import ModelMissing, SettingsError, UnknownProfile
from svodka.inference.origins import Entry, HubSource, LocalSource, PyPISource

__all__ = [
    "Catalogue",
    "FileEntry",
    "HubSource",
    "Licence",
    "Limits",
    "LocalSource",
    "ModelEntry",
    "Part",
    "ProfileEntry",
    "PyPISource",
    "Quality",
    "QuantizationGate",
    "find_models_dir",
    "load_catalogue",
]

CATALOGUE_FILE = "catalogue.toml"
Kind = TypeVar("Kind", bound=Entry)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Direction = Annotated[str, Field(pattern=r"^[a-z]{2,3}-[a-z]{2,3}$")]
Architecture = Literal["bart", "m2m_100", "marian", "mbart", "mt5"]  # as a checkpoint's config.json has it in "model_type"
Quantization = Literal["int8", "int8_float32", "bfloat16", "float32"]
Metric = Literal["bleu", "chrf", "rouge1", "rouge2", "rougeL"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0)]
RelativePath = Annotated[str, Field(pattern=r"^[^/\\]+(/[^/\\]+)*$")]


class Part(Entry):
    """A chunk of a file that is spread over several PyPI packages."""

    package: str = Field(min_length=1)
    path: RelativePath


class FileEntry(Entry):
    """A file of a model: where it lies below its source, or the parts that it is assembled from."""

    path: RelativePath
    size: Size
    sha256: Sha256
    parts: Annotated[tuple[Part, ...], Field(strict=False)] = ()


class Licence(Entry):
    """Terms of a model; `notice` goes wherever the model goes."""

    name: str = Field(min_length=1)
    url: str = Field(pattern=r"^https://")
    commercial_use: bool
    notice: str = Field(min_length=1)


class Limits(Entry):
    """What a model can take, in tokens. `max_output_ratio` bounds a translation by its source, the other two bound a summary."""

    max_input_tokens: int = Field(gt=0)
    max_output_ratio: float = Field(2.0, gt=0, le=8)
    min_output_tokens: int = Field(0, ge=0)
    max_output_tokens: int = Field(256, gt=0)


class Quality(Entry):
    """Scores of a model from 0 to 100, on what they were measured and who says so: an address, or "measured here"."""

    direction: str
    measured_on: str = Field(min_length=1)
    source: str = Field(min_length=1)
    scores: dict[Metric, Annotated[float, Field(ge=0, le=100)]]


class QuantizationGate(Entry):
    """What benchmarks/quantisation.py found: how much a quantised form has over float32, in points of chrF and in sentences intact."""

    direction: str
    quantization: Quantization
    verdict: Literal["passed", "failed", "undecided"]
    chrf: float
    figures_intact: float
    measured_on: str = Field(min_length=1)


class ModelEntry(Entry):
    """A model.

    `base` names the model that this one is a change of, `vocabulary` the one of its files that tells which tokens it keeps. A model with an
    `architecture` is an encoder and a decoder: `codes` are its tokenizer's names of the languages where it must be told them, `prefix` is
    the text that it expects before its input. `size` is about what a pull transfers, in bytes, where the files are not listed.
    """

    task: Literal["embed", "generate", "summarise", "translate"]
    description: str = Field(min_length=1)
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)]
    source: Annotated[PyPISource | LocalSource | HubSource, Field(discriminator="kind")]
    licence: Licence
    limits: Limits
    files: Annotated[tuple[FileEntry, ...], Field(strict=False)] = ()
    size: Size | None = None
    base: Identifier | None = None
    vocabulary: RelativePath | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    architecture: Architecture | None = None
    directions: Annotated[tuple[Direction, ...], Field(strict=False)] = ()
    codes: dict[Language, str] = Field(default_factory=dict)
    prefix: str = ""
    no_repeat: int = Field(0, ge=0, le=16)
    length_penalty: float = Field(1.0, ge=0, le=4)
    quality: Annotated[tuple[Quality, ...], Field(strict=False)] = ()
    quantization_gate: Annotated[tuple[QuantizationGate, ...], Field(strict=False)] = ()

    @property
    def vocabulary_file(self) -> FileEntry | None:
        """The file of the tokens that are kept; None: all are."""
        return next((file for file in self.files if file.path == self.vocabulary), None)

    @model_validator(mode="after")
    def _check_vocabulary(self) -> Self:
        if self.vocabulary is not None and self.vocabulary not in {file.path for file in self.files[1:]}:
            raise ValueError(f"vocabulary {self.vocabulary!r} is none of the files behind the first")
        return self

    @property
    def translates(self) -> tuple[str, ...]:
        """The directions in which it translates."""
        return self.directions or tuple(self.prompts)

    @model_validator(mode="after")
    def _check_files(self) -> Self:
        if not self.files and not isinstance(self.source, HubSource):
            raise ValueError("files must be listed, with their hashes")
        return self

    @model_validator(mode="after")
    def _check_directions(self) -> Self:
        for name, prompt in self.prompts.items():
            if prompt.count("{sentence}") != 1:
                raise ValueError(f"prompt {name!r} must contain {{sentence}} once")
        if self.task == "translate":
            if not self.translates:
                raise ValueError("a translator needs a prompt for each direction, or an architecture and its directions")
            for direction in self.translates:
                ends = direction.split("-")
                if ends[0] == ends[1] or not set(ends) <= set(self.languages):
                    raise ValueError(f"{direction!r} is not a direction between two of the languages {', '.join(self.languages)}")
        if bool(self.directions) and (self.architecture is None or bool(self.prompts)):
            raise ValueError("directions are for models with an architecture, prompts for models without")
        return self


class ProfileEntry(Entry):
    """Models under one name, with their runtime: without a summariser for its language, an article is summarised by its own sentences.

    In the directions that have `backward_weights`, translations are ranked by how likely the sentence is as a translation of them too; see
    `BackwardTranslator`.
    """

    description: str = Field(min_length=1)
    encoder: Identifier
    summarisers: dict[Language, Identifier] = Field(default_factory=dict)
    translators: dict[Direction, Identifier] = Field(min_length=1)
    runtime: Literal["ctranslate2", "onnxruntime", "transformers"]
    quantization: Quantization
    backward_weights: dict[Direction, Annotated[float, Field(gt=0, le=10)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_backward(self) -> Self:
        for direction in self.backward_weights:
            for needed in (direction, "-".join(reversed(direction.split("-")))):
                if needed not in self.translators:
                    raise ValueError(f"backward_weights {direction!r} asks for a translator {needed!r}")
        return self

    @model_validator(mode="after")
    def _check_quantization(self) -> Self:
        if self.runtime == "transformers" and self.quantization.startswith("int8"):
            raise ValueError("transformers runs float32 or bfloat16")
        if self.runtime == "onnxruntime" and self.quantization not in {"int8", "float32"}:
            raise ValueError("onnxruntime runs int8 or float32")
        return self

    @property
    def language_models(self) -> tuple[str, ...]:
        """All but the encoder, each once."""
        return tuple(dict.fromkeys([*self.translators.values(), *self.summarisers.values()]))


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
            others = [name for name in profile.language_models if self.models[name].architecture is not None]
            if profile.runtime == "onnxruntime" and others:
                raise ValueError(f"profile {name!r}: onnxruntime runs models that continue prompts, and {others[0]!r} is none")
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
