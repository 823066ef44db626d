"""Puts the prompts of several calls into one search: by tokens, after a short wait, and fair to those who ask for little.

Fairness is start-time fair queueing (Goyal, Vin, Cheng 1996): prompts are taken in the order of tags that run ahead with what a call has
been given, so that a long article cannot keep a short one waiting for more than a batch.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import threading
import time
import weakref
from concurrent.futures import Future, InvalidStateError
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from svodka.call import Call, current
from svodka.errors import Cancelled, DeadlineExceeded, ModelLost
from svodka.turns import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svodka.inference.protocols import Generator, Hypothesis, Search

__all__ = ["BatchObserver", "Batcher"]

# A process that is lost twice with the same prompt at work is lost because of it.
_ATTEMPTS = 2
# Answers are scored so many at a time, about a second's work, so that a call that is over stops and others get their turn.
_SCORED_TOGETHER = 16


class BatchObserver(Protocol):
    """Is told of every batch."""

    def batch_done(self, *, prompts: int, tokens: int, seconds: float) -> None:
        """A batch of `prompts`, `tokens` wide (its longest prompt and answer, times prompts and beams), took `seconds`."""
        ...


@dataclass(kw_only=True, eq=False, slots=True)
class _Asked:
    """A prompt in the queue."""

    prompt: str
    beginning: str
    max_tokens: int
    search: Search
    length: int  # tokens of prompt and answer
    tag: float
    call: Call
    attempts: int = 0
    answer: Future[list[Hypothesis]] = field(default_factory=Future)

    @property
    def width(self) -> int:
        return self.length * self.search.beam


class Batcher:
    """A generator before other generators: each of those has a thread that searches batch after batch for whoever asks."""

    def __init__(
        self,
        generators: Sequence[Generator],
        *,
        count_tokens: Callable[[str], int],
        batch_tokens: int,
        wait_seconds: float,
        room: int | None = None,
        observer: BatchObserver | None = None,
    ) -> None:
        """Start the threads.

        Args:
            generators: those that search, alike; used from one thread each to search, and from others to score.
            count_tokens: how long a text is for them.
            batch_tokens: width of a batch at most; a single prompt may be wider.
            wait_seconds: how long an idle generator waits for more prompts after the first.
            room: tokens of prompts and answers, times beams, that are at work at most; default: no such limit.
            observer: is told of every batch.
        """
        self._generators = tuple(generators)
        self._scorers = itertools.cycle(self._generators)
        self.count_tokens = count_tokens
        self._batch_tokens = batch_tokens
        self._wait_seconds = wait_seconds
        self._observer = observer
        self._changed = threading.Condition()
        self._queue: list[_Asked] = []
        self._virtual_time = 0.0
        # Where the next prompt of a call stands. What an article asks for after its first answers is not behind those that came since.
        self._tags: weakref.WeakKeyDictionary[Call, float] = weakref.WeakKeyDictionary()
        self._room = math.inf if room is None else room
        self._at_work = 0  # tokens of prompts and answers, times beams
        self._working = 0  # generators that search or score
        self._alone = False  # one of them, and no other may begin
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, args=(generator,), name="svodka-batches", daemon=True) for generator in self._generators
        ]
        for thread in self._threads:
            thread.start()

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`; waits for the batches that the prompts end up in.

        Raises:
            Cancelled, DeadlineExceeded: the call that this thread works for is over; its prompts leave the queue.
            ModelLost: a generator was lost twice while it searched for one of them, or the batcher is closed.
        """
        call = current()
        call.check()
        begun = beginnings or [""] * len(prompts)
        lengths = [self.count_tokens(prompt) + limit for prompt, limit in zip(prompts, max_tokens, strict=True)]
        asked = self._enqueue(call, search, list(zip(prompts, begun, max_tokens, lengths, strict=True)))
        try:
            with call.woken_by(lambda: _fail(asked, Cancelled())):
                with waiting():
                    in_time = not wait_for([one.answer for one in asked], call.remaining).not_done
                if not in_time:
                    _fail(asked, DeadlineExceeded())
            return [one.answer.result() for one in asked]
        finally:
            self._forget(asked)

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`; errors are those of `generate`."""
        call = current()
        scores: list[float] = []
        for start in range(0, len(prompts), _SCORED_TOGETHER):
            call.check()
            some = slice(start, start + _SCORED_TOGETHER)
            with waiting(), self._changed:  # in this order: who has the turn may want the queue
                self._changed.wait_for(lambda: not self._alone, call.remaining)
                call.check()
                self._working += 1
            try:
                scores += next(self._scorers).score(prompts[some], answers[some], direction=direction)
            finally:
                self._rest()
        return scores

    def close(self) -> None:
        """Stop; prompts in the queue fail with ModelLost."""
        with self._changed:
            self._closed = True
            left, self._queue = self._queue, []
            self._changed.notify_all()
        _fail(left, ModelLost("translator"))

    def _enqueue(self, call: Call, search: Search, prompts: Sequence[tuple[str, str, int, int]]) -> list[_Asked]:
        with self._changed:
            if self._closed:
                raise ModelLost("translator")
            tag = self._tags.get(call, self._virtual_time)
            asked: list[_Asked] = []
            for prompt, beginning, limit, length in prompts:
                asked.append(_Asked(prompt=prompt, beginning=beginning, max_tokens=limit, search=search, length=length, tag=tag, call=call))
                tag += asked[-1].width
            self._tags[call] = tag
            self._queue += asked
            self._changed.notify_all()
        return asked

    def _forget(self, asked: Sequence[_Asked]) -> None:
        with self._changed:
            gone = set(asked)
            self._queue = [one for one in self._queue if one not in gone]

    def _work(self, generator: Generator) -> None:
        while batch := self._next_batch():
            self._search(generator, batch)
            batch = []  # nobody's call is kept while the generator waits

    def _search(self, generator: Generator, batch: Sequence[_Asked]) -> None:
        started = time.monotonic()
        try:
            answers = generator.generate(
                [one.prompt for one in batch],
                search=batch[0].search,
                max_tokens=[one.max_tokens for one in batch],
                beginnings=[one.beginning for one in batch],
            )
        except ModelLost as error:
            self._again(batch, error)
            return
        except Exception as error:  # noqa: BLE001 (it belongs to the callers, and this thread must live)
            _fail(batch, error)
            return
        finally:
            self._rest(sum(one.width for one in batch))
        for one, answer in zip(batch, answers, strict=True):
            with contextlib.suppress(InvalidStateError):  # its call is over
                one.answer.set_result(answer)
        if self._observer is not None:
            self._observer.batch_done(prompts=len(batch), tokens=_width(batch), seconds=time.monotonic() - started)

    def _next_batch(self) -> list[_Asked]:
        """Wait for prompts, and for more of them if nothing was waiting; empty when the batcher is closed."""
        with self._changed:
            while not self._closed:
                if not self._queue:
                    self._changed.wait_for(lambda: self._closed or self._queue)
                    self._changed.wait_for(lambda: self._closed or _width(self._queue) >= self._batch_tokens, self._wait_seconds)
                self._queue = [one for one in self._queue if not one.answer.done() and not one.call.over]
                batch = self._chosen()
                alone = bool(batch and batch[0].attempts)
                width = sum(one.width for one in batch)
                if self._alone or (alone and self._working) or (self._at_work and self._at_work + width > self._room):
                    self._changed.wait()
                elif batch:
                    taken = set(batch)
                    self._queue = [one for one in self._queue if one not in taken]
                    self._virtual_time = max(self._virtual_time, *(one.tag for one in batch))
                    self._working, self._alone = self._working + 1, alone
                    self._at_work += width
                    return batch
        return []

    def _rest(self, width: int = 0) -> None:
        """Take note that a generator has done what it was asked."""
        with self._changed:
            self._working, self._alone = self._working - 1, False
            self._at_work -= width
            self._changed.notify_all()

    def _chosen(self) -> list[_Asked]:
        """The first in the queue, by tags, and all after it that are searched alike and fit into the width and the room."""
        batch: list[_Asked] = []
        room = self._room - self._at_work
        for one in sorted(self._queue, key=lambda one: one.tag):
            if batch and (one.attempts or batch[0].attempts or one.search != batch[0].search):
                continue  # what a generator was lost with is tried alone, for those that share a process are lost together
            if not batch or (_width([*batch, one]) <= self._batch_tokens and one.width <= room):
                batch.append(one)
                room -= one.width
        return batch

    def _again(self, batch: Sequence[_Asked], error: ModelLost) -> None:
        for one in batch:
            one.attempts += 1
        _fail([one for one in batch if one.attempts >= _ATTEMPTS], error)
        with self._changed:
            if self._closed:
                _fail(batch, error)
            self._queue += [one for one in batch if one.attempts < _ATTEMPTS]


def _width(batch: Sequence[_Asked]) -> int:
    return max((one.length for one in batch), default=0) * sum(one.search.beam for one in batch)


def _fail(asked: Sequence[_Asked], error: Exception) -> None:
    for one in asked:
        with contextlib.suppress(InvalidStateError):
            one.answer.set_exception(error)
