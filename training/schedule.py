"""The learning rate over a run, by the share of its tokens that are done: up from zero, then down to zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.settings import TrainSettings

__all__ = ["rate"]


def rate(settings: TrainSettings, done: float) -> float:
    """The learning rate where `done` of the run, from 0 to 1, is behind it."""
    if done < settings.warmup:
        # A first step at a rate of zero would be for nothing.
        return settings.learning_rate * max(done / settings.warmup, 0.01)
    left = max(0.0, 1.0 - (done - settings.warmup) / (1.0 - settings.warmup))
    return settings.learning_rate * (left if settings.decay == "linear" else 0.5 - 0.5 * math.cos(math.pi * left))
