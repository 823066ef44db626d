"""What a server is, as GetServiceInfo tells it: version, profiles, models with hashes and licences, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka import __version__
from svodka.types import LANGUAGES
from svodka.v1 import info_pb2

if TYPE_CHECKING:
    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import ModelEntry
    from svodka.settings import Settings

__all__ = ["service_info"]


def service_info(settings: Settings, catalogue: Catalogue, *, ready: bool) -> info_pb2.GetServiceInfoResponse:
    """Describe a server that serves the profiles of its settings."""
    models = {identifier: entry for profile in settings.profiles for identifier, entry in catalogue.models_of(profile).items()}
    return info_pb2.GetServiceInfoResponse(
        version=__version__,
        profiles=[info_pb2.Profile(name=profile, ready=ready, models=catalogue.models_of(profile)) for profile in settings.profiles],
        default_profile=settings.profile,
        models=[_model(identifier, entry) for identifier, entry in models.items()],
        limits=info_pb2.Limits(
            max_text_characters=settings.max_text_characters,
            max_article_words=settings.max_article_words,
            max_message_bytes=settings.max_message_bytes,
            max_concurrent_requests=settings.max_concurrent_requests,
            max_summary_sentences=settings.max_summary_sentences,
            max_title_characters=settings.max_title_characters,
            max_translation_characters=settings.max_translation_characters,
        ),
        languages=LANGUAGES,
    )


def _model(identifier: str, entry: ModelEntry) -> info_pb2.Model:
    return info_pb2.Model(
        id=identifier,
        task=entry.task,
        source=entry.source.told,
        license=entry.licence.name,
        commercial_use=entry.licence.commercial_use,
        files=[info_pb2.ModelFile(name=file.path, sha256=file.sha256) for file in entry.files],
        languages=entry.languages,
    )
