"""The questions that the engine asks of a grammar, the same for each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures.tokens import Tokens

__all__ = ["Grammar"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """`counted` gives the lemma of the noun that a number ending before a token counts; `counts_life` whether that noun is a living being;
    `ordered` the lemma of the one thing that an ordinal ending before a token orders."""

    counted: Callable[[Tokens, int], str | None]
    ordered: Callable[[Tokens, int], str | None]
    counts_life: Callable[[Tokens, int], bool]
