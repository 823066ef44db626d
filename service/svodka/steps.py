"""The steps of an answer: each is a span of the trace, and is told to the call, if whoever called wants to know."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from svodka.call import Step, current
from svodka.tracing import TRACER

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["step"]


@contextlib.contextmanager
def step(name: str, *, done: int = 0, of: int = 0) -> Iterator[None]:
    """Within is a step; of the sentences that it is about, so many are done already."""
    current().begin(Step(name=name, done=done, of=of))
    with TRACER.start_as_current_span(name):
        yield
