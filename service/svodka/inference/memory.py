"""What models remember of answers that are being searched: once for all hypotheses of an answer.

They share the places of its memory, and each sees those of its own ancestors. Nothing is copied when the search drops a hypothesis or
doubles one: the next tokens take the places of what no hypothesis sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from svodka.inference.padding import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from svodka.inference.head import Choice

    # Keys or values of a layer, in as many bits as the graph remembers them in.
    Layer = NDArray[np.floating[Any]]

__all__ = ["Memory"]

_PLACES_AHEAD, _ANSWERS_AHEAD = 16, 4  # that memory is taken for at once
_PLACES_TOO_MANY = 8  # that are worth a copy of what is remembered: all that is there is looked at in every step


class Memory:
    """Keys and values of all tokens of some answers, which hypothesis sees which, and what the next are chosen from."""

    def __init__(self, stored: Sequence[Layer], lengths: NDArray[np.int64], choice: Choice, beside: Sequence[NDArray[Any]] = ()) -> None:
        """Take what the graph made of prompts, keys and values by turns, which are filled up behind with what nobody sees.

        `beside` is what else belongs to the answers, along its first axis, and is never added to.
        """
        self.choice = choice
        answers, places = stored[0].shape[0], stored[0].shape[-2]
        self._hypotheses = np.ones(answers, np.int64)  # of each answer
        self._stored = list(stored)  # may have room for more answers
        self.beside = list(beside)
        self._positions = np.tile(np.arange(places), (answers, 1))
        self._sees = (self._positions < lengths[:, None])[:, None, :]
        self._steps = lengths.copy()  # the position of the next token

    @property
    def stored(self) -> list[Layer]:
        """Keys and values of each layer by turns, shape (answers, …, places, width)."""
        return [layer[: len(self._steps)] for layer in self._stored]

    @property
    def positions(self) -> NDArray[np.int64]:
        """Where the next tokens stand, one of each hypothesis of all answers."""
        return np.repeat(self._steps, self._hypotheses)

    @property
    def layout(self) -> Layout:
        """Where the hypotheses stand."""
        return Layout(self._hypotheses)

    def follow(self, parents: Sequence[Sequence[int]], going_on: Sequence[int]) -> None:
        """Go on with some of the answers.

        Args:
            parents: of each answer that goes on, the number of the hypothesis that each new one continues.
            going_on: their numbers, of which all but those that were the last stand where they stood.
        """
        if len(going_on) < len(self._steps):
            self._keep(going_on)
        self._hypotheses = np.array([len(own) for own in parents])
        self._sees = np.take_along_axis(self._sees, np.concatenate(parents)[self.layout.table][:, :, None], axis=1)

    def join(self, other: Memory) -> None:
        """Take the answers of another memory behind the own; both have nothing beside them."""
        count, joining, its = len(self._steps), len(other._steps), other._positions.shape[1]
        places = max(self._positions.shape[1], its)
        self._make_room(count + joining, places)
        for layer, added in zip(self._stored, other.stored, strict=True):
            layer[count : count + joining, ..., :its, :] = added
        hypotheses = max(self._sees.shape[1], other._sees.shape[1])
        sees = [np.pad(one, [(0, 0), *_behind(one.shape[1:], (hypotheses, places))]) for one in (self._sees, other._sees)]
        positions = np.pad(other._positions, [(0, 0), (0, places - its)])
        self._sees, self._positions = np.concatenate(sees), np.concatenate([self._positions, positions])
        self._steps, self._hypotheses = (
            np.concatenate(both) for both in ((self._steps, other._steps), (self._hypotheses, other._hypotheses))
        )
        self.choice.join(other.choice)

    def sight(self, window: int | None = None) -> NDArray[np.bool_]:
        """What the hypotheses see, of the memory and then of their own new tokens; shape (answers, most, places + most).

        Each answer has room for the most hypotheses that one has.
        """
        sees = self._sees
        if window is not None:
            sees = sees & (self._steps[:, None, None] - self._positions[:, None, :] < window)
        answers, hypotheses, _ = sees.shape
        own = np.broadcast_to(np.eye(hypotheses, dtype=bool), (answers, hypotheses, hypotheses))
        return np.concatenate([sees, own], axis=2)

    def add(self, new: Sequence[Layer]) -> None:
        """Remember the new tokens, one of each hypothesis, in place of what no hypothesis sees.

        Args:
            new: as the graph made them, keys and values by turns, shape (answers, most, …, width).
        """
        free = ~self._sees.any(axis=1)
        if (missing := int((self._hypotheses - free.sum(axis=1)).max())) > 0:
            self._make_room(0, free.shape[1] + missing + _PLACES_AHEAD)
            free = ~self._sees.any(axis=1)
        answers, numbers = self.layout.places
        places = np.argsort(~free, axis=1, kind="stable")[answers, numbers]
        for layer, added in zip(self._stored, new, strict=True):
            layer[answers, ..., places, :] = added[answers, numbers]
        self._positions[answers, places] = self._steps[answers]
        self._sees[answers, :, places] = False
        self._sees[answers, numbers, places] = True
        self._steps += 1

    def _keep(self, going_on: Sequence[int]) -> None:
        """Forget all other answers. Where some stand elsewhere then, only they are copied."""
        moved = [(to, number) for to, number in enumerate(going_on) if to != number]
        for layer in (*self._stored, *self.beside):
            for to, number in moved:
                layer[to] = layer[number]
        self.beside = [layer[: len(going_on)] for layer in self.beside]
        self._positions, self._steps, self._sees = self._positions[going_on], self._steps[going_on], self._sees[going_on]
        self.choice.go_on(going_on)
        seen = self._sees.any(axis=1)
        needed = int(seen.sum(axis=1).max()) + _PLACES_AHEAD
        if needed + _PLACES_TOO_MANY <= seen.shape[1]:
            self._pack(np.argsort(~seen, axis=1, kind="stable")[:, :needed])

    def _pack(self, places: NDArray[np.int64]) -> None:
        """Forget all but some places of each answer, shape (answers, places)."""
        answers = np.arange(len(places))[:, None]
        for number, layer in enumerate(self._stored):  # one by one: all at once would take the memory twice
            self._stored[number] = np.ascontiguousarray(np.moveaxis(layer[answers, ..., places, :], 1, -2))
        self._positions = self._positions[answers, places]
        self._sees = np.take_along_axis(self._sees, places[:, None, :], axis=2)

    def _make_room(self, answers: int, places: int) -> None:
        """Have room for so many answers and places."""
        room, before = len(self._stored[0]), self._positions.shape[1]
        if answers > room or places > before:
            count = len(self._steps)
            for number, layer in enumerate(self._stored):  # one by one, as above
                shape = (answers + _ANSWERS_AHEAD if answers > room else room, *layer.shape[1:-2], places, layer.shape[-1])
                wider = np.zeros(shape, layer.dtype)
                wider[:count, ..., :before, :] = layer[:count]
                self._stored[number] = wider
        self._positions = np.pad(self._positions, ((0, 0), (0, places - before)))
        self._sees = np.pad(self._sees, ((0, 0), (0, 0), (0, places - before)))


def _behind(shape: Sequence[int], wanted: Sequence[int]) -> list[tuple[int, int]]:
    """What an array of a shape lacks behind, along each axis."""
    return [(0, most - size) for size, most in zip(shape, wanted, strict=True)]
