"""Every setting of the training programs, read once from a TOML file and handed down. A leaf."""

from __future__ import annotations

import tomllib
from pathlib import Path  # noqa: TC003  pydantic reads the annotations
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from svodka.errors import SettingsError

__all__ = [
    "DataSettings",
    "EvaluateSettings",
    "ModelSettings",
    "PreferenceSettings",
    "Settings",
    "SyntheticSettings",
    "TrainSettings",
    "load_settings",
]

# What must never be trained on: the development set, and systems whose terms forbid it.
FORBIDDEN = ("dev.", "google", "microsoft")
Weight = Annotated[float, Field(ge=0, le=20)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ModelSettings(_Section):
    """What is trained."""

    profile: str = Field("embedded", min_length=1, description="profile of the catalogue whose translator is trained")
    start: Literal["base", "delta"] = Field("delta", description="start from the base, or from the change that the catalogue has")
    change: Literal["full", "low-rank"] = Field("full", description="all weights but the embeddings, or adapters of the linear layers")
    rounded_inputs: bool = Field(False, description="round what layers multiply as the translator does at 8 bits, to learn to live with it")
    rank: int = Field(64, ge=1, le=512, description="rank of the adapters")
    alpha: int = Field(128, ge=1, description="scale of the adapters, times the rank")


class DataSettings(_Section):
    """Which pairs are read, and which are rejected."""

    files: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = ("train.*.tsv",)
    held_back: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = ("dev.*.tsv",)
    witness: str | None = Field(None, description="files whose pairs are known to belong together: others of the same source must agree")
    least_agreement: float = Field(0.1, ge=0, le=1, description="share of letter groups that a pair must share with its witness")
    max_ratio: float = Field(2.5, gt=1, description="how many times longer than the other a side may be, in characters")
    max_tokens: int = Field(256, ge=16, le=512, description="prompt and answer together")
    figure_weight: Weight = Field(2.0, description="how often a pass shows a pair with figures")
    glossary_weight: Weight = Field(1.0, description="the same for a pair whose target has the Russian of the glossary")
    weights: dict[str, Weight] = Field(default_factory=dict, description="the same by file name's beginning, multiplied with it")
    direction_weights: dict[Literal["en-ru", "ru-en"], Weight] = Field(
        default_factory=dict, description="the same by direction, multiplied with both: 1 where nothing is said"
    )
    held_out: int = Field(300, ge=2, le=10_000, description="source sentences that are kept from training, to measure the loss on")
    held_out_from: str = Field(
        "", description="beginning of the names of the files that those are taken from: ones that the start was not trained on"
    )

    @field_validator("files")
    @classmethod
    def _refuse_forbidden(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in files:
            if pattern.startswith("*") or any(word in pattern for word in FORBIDDEN):
                raise ValueError(f"{pattern!r} would read what must not be trained on ({', '.join(FORBIDDEN)})")
        return files


class SyntheticSettings(_Section):
    """Sentences made from templates and the figure renderer."""

    pairs: int = Field(3000, ge=0, le=100_000)
    weight: Weight = 1.0


class TrainSettings(_Section):
    """How the weights are changed."""

    learning_rate: float = Field(5e-5, gt=0, le=1e-2)
    warmup: float = Field(0.03, ge=0, le=0.5, description="share of the run in which the rate rises from zero")
    decay: Literal["linear", "cosine"] = "linear"
    weight_decay: float = Field(0.0, ge=0, le=1)
    betas: Annotated[tuple[float, float], Field(strict=False)] = (0.9, 0.98)
    average_steps: int = Field(0, ge=0, description="steps over which the weights that are kept are averaged; 0: they are not")
    clip: float = Field(1.0, gt=0, description="largest norm of the gradient")
    batch_tokens: int = Field(1100, ge=16, description="tokens of a batch, padding included")
    passes: float = Field(1.0, gt=0, description="how often the data are gone through")
    tokens: int | None = Field(None, gt=0, description="length of the run in tokens, instead of passes")
    precision: Literal["auto", "float32", "bfloat16"] = Field("auto", description="auto: whichever is faster here; weights stay float32")
    log_every: int = Field(10, ge=1, description="steps between lines of the log")
    measure_every: int = Field(100, ge=1, description="steps between measurements of the held-out loss")
    checkpoint_minutes: float = Field(10.0, gt=0, description="time between checkpoints")


class PreferenceSettings(_Section):
    """What is learnt from the translator's own hypotheses."""

    sentences: int = Field(5000, ge=1, description="sentences that are translated, drawn by the weights of the data")
    shortest: int = Field(50, ge=1, description="characters of a source at least")
    longest: int = Field(230, ge=1, description="characters of a source at most")
    beam: int = Field(4, ge=2, le=16, description="hypotheses of a sentence")
    figures_cost: float = Field(10.0, ge=0, description="what wrong figures cost a hypothesis, in points of chrF")
    faults_cost: float = Field(20.0, ge=0, description="what other faults cost it")
    least_gap: float = Field(4.0, ge=0, description="by how much the best of a sentence must be better than the worst to be learnt from")
    least_reward: float = Field(35.0, description="how good it must be: what is far from the translation may be right in another way")
    sharpness: float = Field(5.0, gt=0, description="what a nat between the means of better and worse counts")
    likelihood: float = Field(1.0, ge=0, description="what a nat of the better one's mean counts")


class EvaluateSettings(_Section):
    """What is measured."""

    file: str = Field("dev.flores.en-ru.tsv", min_length=1)
    beam: int = Field(4, ge=1, le=16)


class Settings(_Section):
    """All settings of a training."""

    seed: int = Field(20, ge=0)
    model: ModelSettings = Field(default_factory=lambda: ModelSettings.model_validate({}))
    data: DataSettings = Field(default_factory=lambda: DataSettings.model_validate({}))
    synthetic: SyntheticSettings = Field(default_factory=lambda: SyntheticSettings.model_validate({}))
    train: TrainSettings = Field(default_factory=lambda: TrainSettings.model_validate({}))
    preference: PreferenceSettings = Field(default_factory=lambda: PreferenceSettings.model_validate({}))
    evaluate: EvaluateSettings = Field(default_factory=lambda: EvaluateSettings.model_validate({}))


def load_settings(path: Path) -> Settings:
    """Read and validate a settings file.

    Raises:
        SettingsError: it does not parse, or a value is wrong; the text names the key.
    """
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except ValidationError as error:
        problems = (f"{'.'.join(str(key) for key in problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise SettingsError(f"{path}: {'; '.join(problems)}") from error
