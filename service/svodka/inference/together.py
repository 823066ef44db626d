"""Searches several answers in step, so that the model is asked once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from svodka.inference.beams import Beams
    from svodka.inference.head import Next
    from svodka.inference.memory import Memory

__all__ = ["Model", "advanced", "asked", "following", "search_together"]


class Model(Protocol):
    """Goes on with hypotheses."""

    def go_on(self, memory: Memory, tokens: NDArray[np.int64], *, count: int) -> Next:
        """Add a token to each hypothesis of all answers; return the likeliest after it, `count` or more."""
        ...


def asked(searches: Sequence[Beams]) -> int:
    """How many of the likeliest next tokens must be told for all of some searches to take a step."""
    return max(beams.asks for beams in searches)


def search_together(begun: Sequence[Beams], model: Model, memory: Memory, told: Next) -> None:
    """Take steps with all searches, until each is over.

    Args:
        begun: the searches.
        model: says what comes next.
        memory: of what they begin with, one behind the other.
        told: what comes first.
    """
    running = list(begun)
    while going_on := advanced(running, memory, told):
        running = [running[number] for number in going_on]
        told = following(running, model, memory)


def following(running: Sequence[Beams], model: Model, memory: Memory) -> Next:
    """What the model says of the next token of each hypothesis."""
    tokens = np.array([hypothesis[-1] for beams in running for hypothesis in beams.hypotheses])
    return model.go_on(memory, tokens, count=asked(running))


def advanced(running: Sequence[Beams], memory: Memory, told: Next) -> list[int]:
    """Take a step with each search; return the numbers of those that are not over, in the order in which the memory then has them."""
    parents: dict[int, list[int]] = {}
    first = 0
    for number, beams in enumerate(running):
        rows = slice(first, first := first + len(beams.hypotheses))
        own = beams.advance(told.tokens[rows], told.log_probabilities[rows])
        if not beams.over:
            parents[number] = own
    going_on = _in_place(parents)
    if going_on:
        memory.follow([parents[number] for number in going_on], going_on)
    return going_on


def _in_place(left: Iterable[int]) -> list[int]:
    """What is left of a row of things, so that few move: the last ones take the places of those that are gone."""
    staying = set(left)
    last = sorted(number for number in staying if number >= len(staying))
    return [number if number in staying else last.pop() for number in range(len(staying))]
