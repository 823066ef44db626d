"""A profile whose models run in processes of their own; what uses it cannot tell it from one that was loaded here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from svodka.call import current
from svodka.errors import ModelLost
from svodka.inference.batching import Batcher
from svodka.inference.cache import model_folder, resolve_cache_dir
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.counting import load_counter
from svodka.inference.translator import translator_of
from svodka.inference.worker import ModelRecipe, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.batching import BatchObserver
    from svodka.inference.catalogue import Catalogue
    from svodka.inference.protocols import Encoder, Hypothesis, Search, Translator
    from svodka.inference.translator import CountingGenerator

__all__ = ["ProcessOptions", "ProfileProcesses"]

# So many texts are embedded in one call, so that a long article does not hold up the others.
_TEXTS = 32
# Calls of a process for each search, where searches are joined while they run: what ends sooner is answered sooner.
_JOINING = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessOptions:
    """How the models of a profile are run."""

    threads: int  # of inference in each process
    translators: int  # processes that translate
    batch_tokens: int  # tokens of prompts and answers, times beams, that each core searches together
    wait_seconds: float  # how long an idle translator waits for more prompts after the first
    limit: float  # seconds that a batch may take before its process is held to hang


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileProcesses:
    """The models of a profile, and the processes behind them: each model has a queue of its own."""

    encoder: Encoder
    translator: Translator
    summarisers: Mapping[str, CountingGenerator]  # by their language
    batchers: Mapping[str, Batcher]  # by the folder of their model, those of other profiles that have it too included
    encoders: Mapping[str, Encoder]  # by their names, likewise
    workers: tuple[Worker, ...]  # started for this profile

    @classmethod
    def start(
        cls,
        profile: str,
        options: ProcessOptions,
        *,
        models_dir: Path | None,
        catalogue_file: Path | None = None,
        cache_dir: Path | None,
        observer: BatchObserver,
        beside: Sequence[ProfileProcesses] = (),
    ) -> ProfileProcesses:
        """Start the processes side by side, and wait until each has loaded its model; what profiles `beside` it run already is shared.

        Raises:
            ModelError, UnknownProfile: as `load_profile`.
        """
        catalogue = load_catalogue(find_models_dir(models_dir), catalogue_file)
        entry = catalogue.profile(profile)
        cache_dir = resolve_cache_dir(cache_dir)
        batchers = {place: batcher for other in beside for place, batcher in other.batchers.items()}
        encoders = {name: encoder for other in beside for name, encoder in other.encoders.items()}
        taken = {worker.name for other in beside for worker in other.workers}

        def worker(identifier: str, number: int = 0) -> Worker:
            recipe = ModelRecipe(
                profile=profile,
                model=identifier,
                models_dir=models_dir,
                catalogue_file=catalogue_file,
                cache_dir=cache_dir,
                threads=options.threads,
                batch_tokens=options.batch_tokens,
            )
            name = f"{identifier}-{entry.quantization}" if identifier in taken else identifier  # another form of it runs
            # Scores do not wait for searches.
            at_once = 1 if reference or identifier not in calls else calls[identifier] + searches
            return Worker(_numbered(name, number), recipe, at_once=at_once)

        # A search has a thread; the reference runtime has all of them for one call.
        reference = entry.runtime == "transformers"
        searches = 1 if reference else options.threads
        joined = {name for name in entry.language_models if entry.runtime == "onnxruntime" and catalogue.models[name].architecture is None}
        calls = {name: searches * (_JOINING if name in joined else 1) for name in entry.language_models}
        places = {identifier: model_folder(catalogue, entry, identifier, cache_dir).name for identifier in entry.language_models}
        translators = set(entry.translators.values())
        teams = {
            identifier: [worker(identifier, number) for number in range(options.translators if identifier in translators else 1)]
            for identifier, place in places.items()
            if place not in batchers
        }
        encoder = None if entry.encoder in encoders else worker(entry.encoder)
        workers = (*([] if encoder is None else [encoder]), *(member for team in teams.values() for member in team))
        with ThreadPoolExecutor(len(workers) + 1) as pool:
            starts = [pool.submit(worker.start) for worker in workers]
            counting = pool.submit(_counters, catalogue, profile, tuple(teams), cache_dir)
        try:
            for start in starts:
                start.result()
            counters = counting.result()
        except BaseException:
            for started in workers:
                started.close()
            raise
        batchers |= {
            places[identifier]: Batcher(
                [_RemoteGenerator(member, options.limit) for member in team for _ in range(calls[identifier])],
                count_tokens=counters[identifier],
                batch_tokens=options.batch_tokens,
                wait_seconds=options.wait_seconds,
                room=options.batch_tokens * searches * len(team),
                observer=observer,
            )
            for identifier, team in teams.items()
        }
        if encoder is not None:
            encoders[entry.encoder] = _RemoteEncoder(encoder, options.limit)
        own = {identifier: batchers[place] for identifier, place in places.items()}
        return cls(
            encoder=encoders[entry.encoder],
            translator=translator_of(catalogue, profile, own),
            summarisers={language: own[identifier] for language, identifier in entry.summarisers.items()},
            batchers=batchers,
            encoders=encoders,
            workers=workers,
        )

    def close(self) -> None:
        """End the threads and the processes; profiles that share some of them must be done too."""
        for batcher in self.batchers.values():
            batcher.close()
        for worker in self.workers:
            worker.close()


def _counters(catalogue: Catalogue, profile: str, identifiers: Sequence[str], cache_dir: Path) -> dict[str, Callable[[str], int]]:
    """One after the other: transformers cannot be imported by two threads at once."""
    return {identifier: load_counter(catalogue, profile, identifier, cache_dir) for identifier in identifiers}


def _numbered(name: str, number: int) -> str:
    return f"{name}-{number + 1}" if number else name


class _RemoteEncoder:
    def __init__(self, worker: Worker, limit: float) -> None:
        self._worker = worker
        self._limit = limit

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`."""
        call = current()
        rows = []
        for start in range(0, len(texts), _TEXTS):
            call.check()
            rows.append(_once_more(self._worker, "encode", list(texts[start : start + _TEXTS]), limit=self._limit))
        return np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)


class _RemoteGenerator:
    def __init__(self, worker: Worker, limit: float) -> None:
        self._worker = worker
        self._limit = limit

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        options = {"search": search, "max_tokens": list(max_tokens), "beginnings": list(beginnings)}
        answers: list[list[Hypothesis]] = self._worker.call("generate", list(prompts), limit=self._limit, **options)
        return answers

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`."""
        scores: list[float] = _once_more(self._worker, "score", list(prompts), list(answers), limit=self._limit, direction=direction)
        return scores


def _once_more(worker: Worker, method: str, *args: Any, limit: float, **options: Any) -> Any:
    """A call that is made again where its process is lost: whatever that process was doing, it may not have been this."""
    try:
        return worker.call(method, *args, limit=limit, **options)
    except ModelLost:
        return worker.call(method, *args, limit=limit, **options)
