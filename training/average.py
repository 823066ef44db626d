"""The running average of the weights: what single steps add by chance cancels out in it, what they have in common stays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["RunningAverage"]


class RunningAverage:
    """The mean of the weights behind each of the first steps, later one in which old steps fade.

    The method is that of Polyak and Juditsky, 1992, "Acceleration of Stochastic Approximation by Averaging".
    """

    def __init__(self, parameters: Mapping[str, torch.Tensor], steps: int) -> None:
        """Begin with the present weights.

        Args:
            parameters: what is averaged; training changes them in place.
            steps: after so many more, what a step has added has faded to 37%.
        """
        self.weights = {name: parameter.detach().clone() for name, parameter in parameters.items()}
        self._parameters = parameters
        self._steps = steps

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights behind a step, the first of which is 1."""
        for name, parameter in self._parameters.items():
            self.weights[name].lerp_(parameter, 1 / min(step, self._steps))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The parameters are their averages for a while."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, parameter in self._parameters.items():
            own = parameter.clone()
            parameter.copy_(self.weights[name])
            self.weights[name].copy_(own)
