"""The dictionary of Russian words, loaded once for all that ask it."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["analyser"]


@cache
def analyser() -> Any:  # noqa: ANN401  pymorphy3 has no types
    """The analyser of pymorphy3; a tenth of a second the first time."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
