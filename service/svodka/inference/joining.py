"""Searches that others join while they run, so that the model is asked for many answers at every step: no answer waits for the longest.

This is continuous batching (G.-I. Yu et al., 2022, "Orca: a distributed serving system for transformer-based generative models"), with a
search on each core.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from svodka.inference.together import Model, advanced, asked, following

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.beams import Beams
    from svodka.inference.cores import Cores
    from svodka.inference.head import Next
    from svodka.inference.memory import Memory

__all__ = ["JoinedSearches", "Wanted"]


class Reader(Model, Protocol):
    """Reads prompts, and goes on with hypotheses."""

    def read(self, prompts: Sequence[Sequence[int]], *, count: int, language: str, more: Sequence[Sequence[int]]) -> tuple[Memory, Next]:
        """Read prompts; return what is remembered of them, and the likeliest tokens after each."""
        ...

    def let_go(self) -> None:
        """Count what was looked at of the embeddings no more as this process's memory."""
        ...


@dataclass(kw_only=True, eq=False, slots=True)
class Wanted:
    """An answer that is wanted."""

    prompt: Sequence[int]  # its tokens
    beams: Beams  # of its search, which has not begun
    language: str  # of the answer: what are searched together have one
    more: Sequence[int]  # tokens that the answer may have besides those of its language
    width: int  # tokens of prompt and answer at most, times beams
    over: Future[None] = field(default_factory=Future)  # done when the search is


@dataclass(kw_only=True, eq=False, slots=True)
class _Search:
    """The answers that one core searches together."""

    running: list[Wanted] = field(default_factory=list)

    @property
    def language(self) -> str | None:
        return self.running[0].language if self.running else None

    @property
    def width(self) -> int:
        return sum(one.width for one in self.running)


class JoinedSearches:
    """Searches answers for any number of threads."""

    def __init__(self, model: Reader, cores: Cores, *, room: int) -> None:
        """Take the model, what computes, and the width of a search at most: that of its answers, summed up; a single one may be wider."""
        self._model = model
        self._cores = cores
        self._room = room
        self._lock = threading.Lock()
        self._waiting: list[Wanted] = []
        self._searches: list[_Search] = []

    def search(self, wanted: Sequence[Wanted]) -> None:
        """Search some answers until each is over. They begin as soon as a search has room for them."""
        with self._lock:
            self._waiting += sorted(wanted, key=lambda one: -len(one.prompt))  # so that what each core takes is alike
            new = [_Search() for _ in range(min(self._cores.threads - len(self._searches), len(wanted)))]
            self._searches += new
        for search in new:
            self._cores.begin(partial(self._run, search))
        for one in wanted:
            one.over.result()

    def _run(self, search: _Search) -> None:
        """Take steps with all answers of a search, and let others join, until none is left."""
        memory: Memory | None = None
        while taken := self._joining(search) or search.running:
            try:
                if taken is not search.running:
                    memory = self._joined(search, memory, taken)
                elif memory is not None:
                    told = following([one.beams for one in search.running], self._model, memory)
                    search.running = self._advanced(search.running, memory, told)
            except Exception as error:  # noqa: BLE001 (it belongs to the callers, and others wait for this core)
                for one in {*search.running, *taken}:
                    if not one.over.done():
                        one.over.set_exception(error)
                search.running = []

    def _joined(self, search: _Search, memory: Memory | None, taken: Sequence[Wanted]) -> Memory:
        """Read the prompts of those that join; return the memory of all."""
        own, told = self._model.read(
            [one.prompt for one in taken],
            count=asked([one.beams for one in taken]),
            language=taken[0].language,
            more=[one.more for one in taken],
        )
        begun = self._advanced(taken, own, told)
        if memory is None or not search.running:
            memory = own
        elif begun:
            memory.join(own)
        search.running = [*search.running, *begun]
        return memory

    def _advanced(self, running: Sequence[Wanted], memory: Memory, told: Next) -> list[Wanted]:
        """Take a step with each; return those that are not over."""
        going_on = [running[number] for number in advanced([one.beams for one in running], memory, told)]
        if len(going_on) < len(running):
            self._model.let_go()
        for one in running:
            if one.beams.over:
                one.over.set_result(None)
        return going_on

    def _joining(self, search: _Search) -> list[Wanted]:
        """Those that join a search now, as far as there is room: its share of what waits for its language, unless another has more room."""
        with self._lock:
            others = [other for other in self._searches if other is not search]
            able = self._able(search, {other.language for other in others})
            rivals = [other for other in others if able and other.language in {None, able[0].language}]
            taken: list[Wanted] = []
            width = search.width
            if all(other.width >= width for other in rivals):
                for one in able[:: 1 + sum(other.width < self._room for other in rivals)]:
                    if (search.running or taken) and width + one.width > self._room:
                        break
                    taken.append(one)
                    width += one.width
            self._waiting = [one for one in self._waiting if one not in taken]
            if not taken and not search.running:
                self._searches.remove(search)
            return taken

    def _able(self, search: _Search, elsewhere: set[str | None]) -> list[Wanted]:
        """Those that may join a search, of those in whose place nobody waits that no search could take."""
        able: list[Wanted] = []
        for one in self._waiting:
            if one.language == (search.running or able or [one])[0].language:
                able.append(one)
            elif one.language not in elsewhere:
                break  # its turn would never come
        return able
