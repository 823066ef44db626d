"""The models and the threads behind the servicer: loaded and warmed once, then asked off the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from svodka.decoding import GuardedTranslator
from svodka.errors import NotReady, UnknownProfile
from svodka.pipeline import Pipeline
from svodka.repair import Ladder
from svodka.summarise import ExtractiveSummariser
from svodka.types import Length, SummaryOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.inference.runtime import LoadedProfile
    from svodka.metrics import Metrics
    from svodka.settings import Settings

__all__ = ["Backend", "open_pipeline"]

T = TypeVar("T")

_WARM_UP = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."


def open_pipeline(settings: Settings) -> tuple[LoadedProfile, Pipeline]:
    """Load a profile's models and put the pipeline together.

    Raises:
        ModelError: the models are missing, damaged or not prepared; the text says what to run.
        UnknownProfile: the settings name a profile that the catalogue does not have.
    """
    from svodka.inference.runtime import load_profile  # a heavy import, and the only place that needs it

    profile = load_profile(settings.profile, models_dir=settings.models_dir, cache_dir=settings.cache_dir, threads=settings.threads)
    return profile, Pipeline(
        summariser=ExtractiveSummariser(profile.encoder),
        ladder=Ladder(GuardedTranslator(profile.translator), profile.encoder, beam=settings.beam),
    )


class Backend:
    """One profile's pipeline, with a thread for the models and one for figures, so that a cheap call does not wait for a dear one."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._models = ThreadPoolExecutor(max_workers=1, thread_name_prefix="svodka-models")
        self._figures = ThreadPoolExecutor(max_workers=1, thread_name_prefix="svodka-figures")
        self._loaded: tuple[LoadedProfile, Pipeline] | None = None

    @property
    def ready(self) -> bool:
        """Whether the models are loaded and warm."""
        return self._loaded is not None

    @property
    def profile(self) -> LoadedProfile:
        """The loaded profile.

        Raises:
            NotReady: it is not loaded yet.
        """
        if self._loaded is None:
            raise NotReady
        return self._loaded[0]

    async def start(self) -> None:
        """Load and warm up: one short article goes the whole way.

        Raises:
            ModelError, UnknownProfile: as `open_pipeline`.
        """
        self._loaded = await asyncio.get_running_loop().run_in_executor(self._models, self._load)

    def _load(self) -> tuple[LoadedProfile, Pipeline]:
        profile, pipeline = open_pipeline(self._settings)
        pipeline.summarise(SummaryOrder(text=_WARM_UP, length=Length(max_sentences=1)))
        return profile, replace(pipeline, metrics=self._metrics)  # the warm-up is nobody's answer

    async def with_pipeline(self, profile: str, work: Callable[[Pipeline], T]) -> T:
        """Do a piece of work in the models' thread; a call that is cancelled before its turn is never begun.

        Raises:
            NotReady: the models are not loaded yet.
            UnknownProfile: this server does not serve that profile.
        """
        if profile and profile != self._settings.profile:
            raise UnknownProfile(profile, (self._settings.profile,))
        if self._loaded is None:
            raise NotReady
        pipeline = self._loaded[1]
        return await asyncio.get_running_loop().run_in_executor(self._models, lambda: work(pipeline))

    async def with_figures(self, work: Callable[[], T]) -> T:
        """Do a piece of work on figures alone, in their thread."""
        return await asyncio.get_running_loop().run_in_executor(self._figures, work)

    def close(self) -> None:
        """Give the threads back; work not begun is dropped."""
        for pool in (self._models, self._figures):
            pool.shutdown(wait=False, cancel_futures=True)
