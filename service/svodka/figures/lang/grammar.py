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
    """What stands behind (or, for `owns_age`, before) a number whose end (or start) is a token.

    `counted` is the lemma of the noun that it counts; `ordered` the lemma of the one thing that an ordinal orders; `counts_life` whether
    the noun is a living being; `plural` whether it is a plural one; `governed` whether it can only depend on the words before it («пять
    часов переговоров»); `owns_age` whether the word before a number of years has that age («водителю 29 лет»); `living` whether the
    token itself is the name of a living being.
    """

    counted: Callable[[Tokens, int], str | None]
    ordered: Callable[[Tokens, int], str | None]
    counts_life: Callable[[Tokens, int], bool]
    plural: Callable[[Tokens, int], bool]
    governed: Callable[[Tokens, int], bool]
    owns_age: Callable[[Tokens, int], bool]
    living: Callable[[Tokens, int], bool]
