"""Spreads the prompts of a call over searches that run side by side, one thread each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svodka.inference.cores import Cores
    from svodka.inference.protocols import Hypothesis, Search
    from svodka.inference.translator import CountingGenerator

__all__ = ["SideBySide"]

T = TypeVar("T")


class SideBySide:
    """A generator that has another one answer a share of the prompts on each core that is free. Safe to call from several threads.

    Two searches of one thread each get more done than one search of two threads: that gathers its threads behind every product of
    matrices, and what it does between them it does with one.
    """

    def __init__(self, generator: CountingGenerator, cores: Cores) -> None:
        """Take a generator that can be called from several threads and computes in the one that calls it, and the threads."""
        self._generator = generator
        self._cores = cores

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return self._generator.count_tokens(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        begun = beginnings or [""] * len(prompts)

        def searched(share: Sequence[int]) -> list[list[Hypothesis]]:
            return self._generator.generate(
                [prompts[index] for index in share],
                search=search,
                max_tokens=[max_tokens[index] for index in share],
                beginnings=[begun[index] for index in share],
            )

        return self._shared(prompts, searched)

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`."""

        def scored(share: Sequence[int]) -> list[float]:
            return self._generator.score([prompts[index] for index in share], [answers[index] for index in share], direction=direction)

        return self._shared(prompts, scored)

    def _shared(self, prompts: Sequence[str], work: Callable[[Sequence[int]], Sequence[T]]) -> list[T]:
        """What `work` makes of the prompts of each share, by their indices; long prompts are dealt out first, so that shares are alike."""
        order = sorted(range(len(prompts)), key=lambda index: -len(prompts[index]))
        done: dict[int, T] = {}
        for share, made in self._cores.spread(work, order):
            done |= zip(share, made, strict=True)
        return [done[index] for index in range(len(prompts))]
