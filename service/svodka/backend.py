"""The models and the lanes behind the servicer: processes that are loaded and warmed once and watched ever after, threads that ask them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import structlog

from svodka import cost
from svodka.abstract import AbstractiveSummariser
from svodka.cores import available_cores
from svodka.decoding import GuardedTranslator
from svodka.errors import NotReady, SvodkaError, UnknownProfile
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.lane import Lane
from svodka.pipeline import Pipeline
from svodka.repair import Ladder
from svodka.summarise import ExtractiveSummariser, SummariserByLanguage
from svodka.turns import Turns
from svodka.types import Length, SummaryOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from svodka.call import Call
    from svodka.inference.processes import ProfileProcesses
    from svodka.inference.runtime import LoadedProfile
    from svodka.inference.worker import Worker
    from svodka.metrics import Metrics
    from svodka.settings import Settings
    from svodka.summarise import Summariser

__all__ = ["Backend", "open_pipeline"]

T = TypeVar("T")

_WARM_UP = "The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it."
# Long enough for models that write summaries: they are not asked to sum up less than their shortest one.
_WARM_UPS = {
    "en": (
        "The dam at Kestrel Bay failed on Monday and flooded the lower town, the regional council said. "
        "The water left 2,300 homes without power, and rescue crews worked through the night to bring people to the school on the hill. "
        "The mayor called the flood the worst in 80 years and asked the government for help. "
        "Repairs to the dam will cost about $40 million and will take until the end of next year, according to a first estimate. "
        "Engineers had warned in 2019 that the old wall needed work, but the money went to a new bridge instead."
    ),
    "ru": (
        "Плотина в Кестрел-Бее обрушилась в понедельник и затопила нижнюю часть города, сообщил областной совет. "
        "Без света остались 2300 домов, спасатели всю ночь вывозили людей в школу на холме. "
        "Мэр назвал наводнение самым сильным за 80 лет и попросил помощи у правительства. "
        "Ремонт плотины обойдётся примерно в 40 миллионов долларов и продлится до конца следующего года, говорится в первой оценке. "
        "Инженеры предупреждали ещё в 2019 году, что старую стену пора чинить, но деньги ушли на новый мост."
    ),
}
# A process that cannot be started again is tried again after so many seconds, then after twice as many, up to the last.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


def open_pipeline(settings: Settings, name: str = "") -> tuple[LoadedProfile, Pipeline]:
    """Load a profile's models into this process and put the pipeline together; without a name, that of the settings.

    Raises:
        ModelError: the models are missing, damaged or not prepared; the text says what to run.
        UnknownProfile: the catalogue has no such profile.
    """
    from svodka.inference.runtime import load_profile  # a heavy import

    name = name or settings.profile
    profile = load_profile(
        name,
        models_dir=settings.models_dir,
        catalogue_file=settings.catalogue_file,
        cache_dir=settings.cache_dir,
        threads=settings.threads,
    )
    return profile, _pipeline(name, profile, settings)


def _pipeline(name: str, models: LoadedProfile | ProfileProcesses, settings: Settings) -> Pipeline:
    ladder = Ladder(GuardedTranslator(models.translator), models.encoder, beam=settings.beam)
    return Pipeline(summariser=_summariser(name, models, settings), ladder=ladder)


def _summariser(name: str, models: LoadedProfile | ProfileProcesses, settings: Settings) -> Summariser:
    extractive = ExtractiveSummariser(models.encoder)
    if not models.summarisers:
        return extractive
    catalogue = load_catalogue(find_models_dir(settings.models_dir), settings.catalogue_file)
    entries = {language: catalogue.models[identifier] for language, identifier in catalogue.profile(name).summarisers.items()}
    written = {
        language: AbstractiveSummariser(entries[language], generator, models.encoder, language=language)
        for language, generator in models.summarisers.items()
    }
    return SummariserByLanguage(written, otherwise=extractive)


class Backend:
    """The pipelines of the profiles that are served.

    What needs models and what needs figures alone have a lane each, so that the cheap need not wait.
    """

    def __init__(self, settings: Settings, metrics: Metrics, on_model: Callable[[str, bool], Coroutine[object, object, None]]) -> None:
        """Put the parts together; nothing is loaded yet.

        Args:
            settings: the server's.
            metrics: are told of queues, batches, steps and models.
            on_model: is told whenever a model, by its name, comes up or is lost.
        """
        self._settings = settings
        self._metrics = metrics
        self._on_model = on_model
        self._log = structlog.get_logger("svodka.backend")
        bounds = {"max_calls": settings.max_concurrent_requests, "max_tokens": settings.max_queue_tokens}
        turns = Turns()
        self._models = Lane("models", threads=settings.active_requests, metrics=metrics, turns=turns, **bounds)
        self._figures = Lane("figures", threads=1, metrics=metrics, turns=turns, **bounds)
        self._processes: list[ProfileProcesses] = []
        self._pipelines: dict[str, Pipeline] = {}  # by profile, in the order of the settings
        self._down: set[str] = set()
        self._restarts: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether every model is loaded and warm."""
        return bool(self._pipelines) and not self._down

    async def start(self) -> None:
        """Load and warm up, profile by profile: one short article goes the whole way.

        Raises:
            ModelError, UnknownProfile: as `open_pipeline`.
        """
        pipelines: dict[str, Pipeline] = {}
        for profile in self._settings.profiles:
            processes = await asyncio.to_thread(self._load, profile)
            self._processes.append(processes)
            pipeline = await asyncio.to_thread(_pipeline, profile, processes, self._settings)
            await asyncio.to_thread(self._warm_up, pipeline, tuple(processes.summarisers))
            for worker in processes.workers:
                self._log.info("model loaded", model=worker.name, pid=worker.pid, seconds=round(worker.load_seconds, 2))
                await self._up(worker)
            pipelines[profile] = replace(pipeline, metrics=self._metrics)  # the warm-up is nobody's answer
        self._pipelines = pipelines

    def _warm_up(self, pipeline: Pipeline, written: Sequence[str]) -> None:
        for language in written:
            pipeline.summarise(SummaryOrder(text=_WARM_UPS[language], language=language, length=Length(max_sentences=1)))
        order = SummaryOrder(text=_WARM_UP, length=Length(max_sentences=1))
        started = time.monotonic()
        pipeline.summarise(order)  # the first of all is a third slower than the next; the lane learns from every answer
        self._models.learn(cost.article_tokens(order), time.monotonic() - started)

    def _load(self, profile: str) -> ProfileProcesses:
        from svodka.inference.processes import ProcessOptions, ProfileProcesses  # not at import: some who import this only look at figures

        settings = self._settings
        threads = settings.threads or max(1, available_cores() // settings.translators)
        options = ProcessOptions(
            threads=threads,
            translators=settings.translators,
            batch_tokens=settings.batch_tokens,
            wait_seconds=settings.batch_wait_seconds,
            limit=settings.batch_seconds,
        )
        return ProfileProcesses.start(
            profile,
            options,
            beside=self._processes,
            models_dir=settings.models_dir,
            catalogue_file=settings.catalogue_file,
            cache_dir=settings.cache_dir,
            observer=self._metrics,
        )

    async def with_pipeline(self, profile: str, work: Callable[[Pipeline], T], *, tokens: int, call: Call, patient: bool = False) -> T:
        """Do a piece of work with the models; see `Lane.do`.

        Raises:
            NotReady: the models are not loaded yet.
            UnknownProfile: this server does not serve that profile.
            Overloaded, DeadlineExceeded: as `Lane.do`.
        """
        profile = profile or self._settings.profile
        if profile not in self._settings.profiles:
            raise UnknownProfile(profile, self._settings.profiles)
        return await self.with_pipelines(lambda pipelines: work(pipelines[profile]), tokens=tokens, call=call, patient=patient)

    async def with_pipelines(self, work: Callable[[Mapping[str, Pipeline]], T], *, tokens: int, call: Call, patient: bool = False) -> T:
        """Do a piece of work with the models of all profiles, whose pipelines it gets by name; see `Lane.do`.

        Raises:
            NotReady: the models are not loaded yet.
            Overloaded, DeadlineExceeded: as `Lane.do`.
        """
        pipelines = self._pipelines
        if not pipelines:
            raise NotReady
        return await self._models.do(lambda: work(pipelines), tokens=tokens, call=call, patient=patient)

    async def with_figures(self, work: Callable[[], T], *, tokens: int, call: Call) -> T:
        """Do a piece of work on figures alone; see `Lane.do`."""
        return await self._figures.do(work, tokens=tokens, call=call)

    async def close(self) -> None:
        """Give threads and processes back; work not begun is dropped."""
        for lane in (self._models, self._figures):
            lane.close()
        for restart in self._restarts:
            restart.cancel()
        for processes in self._processes:
            for worker in processes.workers:
                if worker.name not in self._down:
                    asyncio.get_running_loop().remove_reader(worker.sentinel)
            await asyncio.to_thread(processes.close)

    async def _up(self, worker: Worker) -> None:
        self._down.discard(worker.name)
        self._metrics.model_loaded(worker.name, worker.load_seconds)
        asyncio.get_running_loop().add_reader(worker.sentinel, self._lost, worker)
        await self._on_model(worker.name, True)

    def _lost(self, worker: Worker) -> None:
        asyncio.get_running_loop().remove_reader(worker.sentinel)
        worker.lose()
        self._down.add(worker.name)
        self._metrics.model_lost(worker.name)
        self._log.error("model lost", model=worker.name, pid=worker.pid)
        restart = asyncio.ensure_future(self._restart(worker))
        self._restarts.add(restart)
        restart.add_done_callback(self._restarts.discard)

    async def _restart(self, worker: Worker) -> None:
        await self._on_model(worker.name, False)
        pause = _FIRST_PAUSE
        while True:
            try:
                await asyncio.to_thread(worker.start)
                break
            except SvodkaError as error:
                self._log.exception("model not started", model=worker.name, error=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        self._log.info("model started again", model=worker.name, pid=worker.pid, seconds=round(worker.load_seconds, 2))
        await self._up(worker)
