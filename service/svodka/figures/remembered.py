"""Remembers what was found of the last sentences: one is read again wherever it is put, checked or mended."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["remembered"]

P = ParamSpec("P")
R = TypeVar("R")

# So many answers of a function are remembered, and only those to texts no longer than this: whole articles would fill the memory.
_REMEMBERED, _SENTENCE_CHARACTERS = 1_024, 1_000


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """The same function of sentences, which is to depend on nothing else, with its last answers at hand."""
    known = cast("Callable[P, R]", lru_cache(maxsize=_REMEMBERED)(function))

    @wraps(function)
    def answer(*args: P.args, **options: P.kwargs) -> R:
        short = all(len(each) <= _SENTENCE_CHARACTERS for each in args if isinstance(each, str))
        return known(*args, **options) if short else function(*args, **options)

    return answer
