"""What the catalogue says of a model and of a profile. A leaf, but for where files come from."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from svodka.inference.origins import Entry, HubSource, LocalSource, PyPISource
from svodka.inference.wording import Wording

__all__ = [
    "Architecture",
    "Direction",
    "FileEntry",
    "Identifier",
    "Language",
    "Licence",
    "Limits",
    "ModelEntry",
    "Part",
    "ProfileEntry",
    "Quality",
    "Quantization",
    "QuantizationGate",
]

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

    `base` names the model that this one is a change of, `vocabulary` the one of its files that tells which tokens it keeps. A model with
    an `architecture` is an encoder and a decoder: `codes` are its tokenizer's names of the languages where it must be told them, `prefix`
    is the text that it expects before its input. In the directions that are `transcribed` it is asked for names as the other language
    writes them, in those that are `glossed` for rare nouns in that language too, in those that are `eased` for figures in digits.
    `length_rewards` tell by direction what the longest of a sentence's answers gains over an empty one, in nats of the mean of a token,
    and shorter ones in proportion. `size` is about what a pull transfers, in bytes, where the files are not listed.
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
    eased: Annotated[tuple[Direction, ...], Field(strict=False)] = ()
    glossed: Annotated[tuple[Literal["en-ru"], ...], Field(strict=False)] = ()
    transcribed: Annotated[tuple[Literal["en-ru"], ...], Field(strict=False)] = ()
    no_repeat: int = Field(0, ge=0, le=16)
    length_penalty: float = Field(1.0, ge=0, le=4)
    length_rewards: dict[Direction, Annotated[float, Field(ge=0, le=4)]] = Field(default_factory=dict)
    quality: Annotated[tuple[Quality, ...], Field(strict=False)] = ()
    quantization_gate: Annotated[tuple[QuantizationGate, ...], Field(strict=False)] = ()

    @property
    def wording(self) -> Wording:
        """How a sentence is put to it."""
        return Wording(eased=self.eased, glossed=self.glossed, transcribed=self.transcribed)

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
    """Models under one name, with their runtime: without a summariser for its language, an article is summarised by its own sentences."""

    description: str = Field(min_length=1)
    encoder: Identifier
    summarisers: dict[Language, Identifier] = Field(default_factory=dict)
    translators: dict[Direction, Identifier] = Field(min_length=1)
    runtime: Literal["ctranslate2", "onnxruntime", "transformers"]
    quantization: Quantization

    @model_validator(mode="after")
    def _check_quantization(self) -> Self:
        if self.runtime == "transformers" and self.quantization.startswith("int8"):
            raise ValueError("transformers runs float32 or bfloat16")
        if self.runtime == "onnxruntime" and self.quantization not in {"int8", "float32"}:
            raise ValueError("onnxruntime runs int8 or float32")
        return self

    @property
    def prepared_models(self) -> tuple[str, ...]:
        """All, each once."""
        return (*self.language_models, self.encoder)

    @property
    def language_models(self) -> tuple[str, ...]:
        """All but the encoder, each once."""
        return tuple(dict.fromkeys([*self.translators.values(), *self.summarisers.values()]))
