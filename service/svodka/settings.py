"""Every setting, read once at the entry and handed down. A leaf."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from svodka.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Settings", "load_settings"]

_PREFIX = "SVODKA_"
_CONFIG_VARIABLE = "SVODKA_CONFIG"


class Settings(BaseSettings):
    """Settings of the server and of the in-process pipeline.

    Read, strongest first, from: arguments (the command line), the environment (`SVODKA_HOST`, …), the TOML file that `SVODKA_CONFIG` or
    `--config` names, the defaults below.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)
    config_file: ClassVar[Path | None] = None

    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(50051, ge=0, le=65535, description="port to listen on; 0: a free one")
    profile: str = Field("embedded", min_length=1, description="profile that is used where a request names none")
    more_profiles: Annotated[tuple[str, ...], NoDecode] = Field((), description="profiles that are served beside it, with commas between")
    models_dir: Path | None = Field(
        None, description="folder of catalogue.toml and of the weights that we trained; default: the package's own"
    )
    catalogue_file: Path | None = Field(None, description="models and profiles of your own, TOML, beside those of models_dir")
    cache_dir: Path | None = Field(None, description="folder of the prepared models; default: the user's cache folder")
    threads: int = Field(0, ge=0, le=256, description="threads of inference; 0: as many as the process may use cores")
    beam: int = Field(4, ge=1, le=16, description="hypotheses that translation keeps at each step")
    max_message_bytes: int = Field(4 * 1024 * 1024, ge=64 * 1024, le=64 * 1024 * 1024, description="size of a request message, bytes")
    max_text_characters: int = Field(200_000, ge=1_000, le=10_000_000, description="length of an article or text, Unicode code points")
    max_article_words: int = Field(20_000, ge=100, le=1_000_000, description="length of an article, words")
    max_title_characters: int = Field(1_000, ge=10, le=100_000, description="length of a title, Unicode code points")
    max_translation_characters: int = Field(20_000, ge=100, le=1_000_000, description="length of a text sent to Translate, code points")
    max_summary_sentences: int = Field(20, ge=1, le=1_000, description="sentences that a summary may be asked to have")
    summary_sentences: int = Field(3, ge=1, le=20, description="sentences of a summary where a request does not say")
    max_concurrent_requests: int = Field(64, ge=1, le=10_000, description="requests accepted at once, waiting ones too; more are refused")
    max_queue_tokens: int = Field(8_192, ge=64, le=10_000_000, description="tokens of text accepted at once; more are refused")
    active_requests: int = Field(16, ge=1, le=256, description="requests worked on at once; the other accepted ones wait")
    max_stream_articles: int = Field(16, ge=1, le=1_000, description="articles of a stream that are worked on at once")
    max_request_seconds: float = Field(300.0, gt=0, le=86_400, description="longest time that a request may take, seconds")
    translators: int = Field(1, ge=1, le=64, description="processes that translate, each with the model in its memory")
    batch_tokens: int = Field(
        8_192, ge=64, le=1_000_000, description="tokens of prompts and answers, times beams, that each core searches together"
    )
    batch_wait_seconds: float = Field(0.005, ge=0, le=1, description="how long an idle translator waits for more to do at once, seconds")
    batch_seconds: float = Field(120.0, gt=0, le=3_600, description="time after which a model's process is held to hang, seconds")
    max_connection_age_seconds: float = Field(
        1_800.0, gt=0, le=86_400, description="age at which a connection is closed, so that clients look for other servers, seconds"
    )
    keepalive_seconds: float = Field(
        60.0, ge=1, le=7_200, description="silence after which a connection is asked whether it lives, seconds"
    )
    handshake_seconds: float = Field(20.0, ge=0.1, le=600, description="time in which a new connection must speak HTTP/2, seconds")
    otlp_endpoint: str | None = Field(None, min_length=1, description="OpenTelemetry collector that traces go to, http://HOST:4317")
    drain_seconds: float = Field(30.0, ge=0, le=3_600, description="how long a stopping server lets requests finish, seconds")
    reflection: bool = Field(True, description="whether the server describes its contract to tools such as grpcurl")
    channelz: bool = Field(False, description="whether the server tells of its connections and calls, addresses of clients included")
    metrics_port: int | None = Field(None, ge=0, le=65535, description="port of the metrics for Prometheus; 0: a free one; default: none")
    tls_certificate: Path | None = Field(None, description="certificate chain of the server, PEM; default: no TLS")
    tls_key: Path | None = Field(None, description="private key of the certificate, PEM")
    tls_client_ca: Path | None = Field(None, description="authorities of clients' certificates, PEM; clients must show one then")
    clients_file: Path | None = Field(None, description="clients and hashes of their tokens, TOML; default: anyone may call")
    log_format: Literal["json", "text"] = Field("text", description="form of the log lines")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")

    @property
    def profiles(self) -> tuple[str, ...]:
        """All that are served, the one that is used where a request names none first."""
        return tuple(dict.fromkeys((self.profile, *self.more_profiles)))

    @field_validator("more_profiles", mode="before")
    @classmethod
    def _split(cls, names: object) -> object:
        return [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else names

    @field_validator("models_dir", "catalogue_file", "cache_dir", "tls_certificate", "tls_key", "tls_client_ca", "clients_file")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the signature is the library's)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file below the environment."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.config_file)


def load_settings(overrides: Mapping[str, Any] | None = None, config_file: Path | None = None) -> Settings:
    """Read the settings; `overrides` that are None count as not given.

    Raises:
        SettingsError: a key is unknown or a value is wrong; the text names both.
    """
    if config_file is None and os.environ.get(_CONFIG_VARIABLE):
        config_file = Path(os.environ[_CONFIG_VARIABLE]).expanduser()
    if config_file is not None and not config_file.is_file():
        raise SettingsError(f"there is no settings file {config_file}")
    unknown = sorted(name for name in os.environ if name.startswith(_PREFIX) and name != _CONFIG_VARIABLE and not _is_setting(name))
    if unknown:
        raise SettingsError("; ".join(f"there is no setting {name} (its value is {os.environ[name]!r})" for name in unknown))
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    source = type("_Settings", (Settings,), {"config_file": config_file})
    try:
        settings = source(**given)
    except ValidationError as error:
        raise SettingsError("; ".join(_describe(problem) for problem in error.errors())) from error
    except ValueError as error:  # the TOML file does not parse
        raise SettingsError(f"{config_file}: {error}") from error
    return Settings.model_construct(**settings.model_dump())


def _is_setting(variable: str) -> bool:
    return variable.removeprefix(_PREFIX).lower() in Settings.model_fields


def _describe(problem: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    return f"setting {key!r} (SVODKA_{key.upper()}) = {problem['input']!r}: {problem['msg']}"
