"""A corpus on Ray Data: cut into parts whose answers lie in a file each, so written that a run that was stopped is gone on with.

Every machine of the cluster must see the file of articles and the folder of answers under the same paths.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

import grpc

from svodka import logs
from svodka.backend import open_pipeline
from svodka.batch.articles import read
from svodka.batch.journal import Journal
from svodka.batch.local import answer
from svodka.batch.outcome import Outcome, failure
from svodka.errors import SvodkaError
from svodka.scaleout.cluster import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from svodka.settings import Settings

__all__ = ["Answerer", "Part", "answer_corpus", "parts"]

# Articles of a part: some minutes of work, so that a lost machine costs little and a large corpus has not too many files.
_ARTICLES = 32


class Part(TypedDict):
    """Articles that stand one after another, and the name of the file of their answers."""

    file: str
    number: int  # of the first one's line
    offset: int  # where that begins, bytes
    ids: list[str]


def parts(source: Path, articles: int = _ARTICLES) -> Iterator[Part]:
    """The parts of a file, in its order; the same ones each time, and as far as the file only grows.

    Raises:
        InvalidRequest: the file cannot be read.
    """
    rest = read(source)
    while some := list(islice(rest, articles)):
        first = some[0]
        yield Part(
            file=f"from-line-{first.number:09}.jsonl",
            number=first.number,
            offset=first.offset,
            ids=[article.request.request_id for article in some],
        )


class Answerer:
    """Answers parts in a process of Ray's, with the models loaded once."""

    def __init__(self, source: Path, folder: Path, settings: Settings, *, retry_errors: bool) -> None:
        """Load the models.

        Raises:
            ModelError, UnknownProfile: as `open_pipeline`.
        """
        logs.configure(settings)
        self._source = source
        self._folder = folder
        self._settings = settings
        self._retry_errors = retry_errors
        _, self._pipeline = open_pipeline(settings)

    def __call__(self, part: Part) -> list[dict[str, str]]:
        """Answer what the part's file does not have yet; what came of each article, earlier runs' too.

        Raises:
            SvodkaError: as the journal.
        """
        with Journal(self._folder / part["file"], retry_errors=self._retry_errors) as journal:
            articles = read(self._source, number=int(part["number"]), offset=int(part["offset"]))
            for request_id, article in zip(part["ids"], articles, strict=False):
                if request_id in journal.answered:
                    continue
                article.request.request_id = request_id
                if article.fault:
                    journal.append(failure(request_id, grpc.StatusCode.INVALID_ARGUMENT, article.fault))
                else:
                    journal.append(answer(self._pipeline, article.request, self._settings))
            return [{"outcome": journal.answered[request_id].value} for request_id in part["ids"]]


def answer_corpus(
    source: Path, folder: Path, settings: Settings, *, actors: int, retry_errors: bool, show: Callable[[Counter[Outcome]], None]
) -> Counter[Outcome]:
    """Answer a file's articles into a folder; `show` is told after every part what came of the articles so far.

    Raises:
        SettingsError: Ray is not installed, or this machine has too few cores.
        InvalidRequest: the file cannot be read.
        SvodkaError: the models cannot be used, or answers cannot be written.
    """
    threads = settings.threads or 1
    connect(actors * threads)
    import ray
    import ray.data
    import ray.exceptions

    tally: Counter[Outcome] = Counter()
    try:
        every = list(parts(source))
        if not every:
            return tally
        ray.data.DataContext.get_current().enable_progress_bars = False  # the command line tells of progress
        arguments = {
            "source": source.resolve(),
            "folder": folder.resolve(),
            "settings": settings.model_copy(update={"threads": threads}),
            "retry_errors": retry_errors,
        }
        answered = ray.data.from_items(every, override_num_blocks=len(every)).flat_map(
            Answerer, fn_constructor_kwargs=arguments, compute=ray.data.ActorPoolStrategy(size=actors), num_cpus=threads
        )
        for batch in answered.iter_batches(batch_size=None, batch_format="numpy"):
            tally.update(Outcome(str(outcome)) for outcome in batch["outcome"])
            show(tally)
    except ray.exceptions.RayError as error:  # its text is the traceback of the process that failed
        raise SvodkaError(f"a process of Ray's failed: {str(error).strip().splitlines()[-1]}") from error
    finally:
        ray.shutdown()
    return tally
