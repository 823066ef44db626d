"""What rules share: the text as they read it, and what they return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.figures.numerals import Number, read_number
from svodka.figures.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from svodka.figures.lexicon import Lexicon
    from svodka.figures.types import Kind, Qualifier, Value

__all__ = ["Hit", "Reader", "Rule"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What a rule read: a figure over the tokens from `start` to `end`; without a kind, a stretch that holds no figure."""

    start: int
    end: int
    kind: Kind | None = None
    value: Value | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    precision: Fraction | None = None
    doubt: str | None = None


class Reader:
    """One text under reading: its tokens, the lexicon of its language, and the numbers read so far."""

    __slots__ = ("_money_numbers", "_numbers", "lex", "tokens", "words")

    def __init__(self, text: str, lex: Lexicon) -> None:
        self.tokens = Tokens(text)
        self.words = self.tokens.words
        self.lex = lex
        self._numbers: dict[int, Number | None] = {}
        self._money_numbers: dict[int, Number | None] = {}

    def number(self, i: int) -> Number | None:
        """The number that starts at token `i`."""
        if i not in self._numbers:
            self._numbers[i] = read_number(self.tokens, i, self.lex)
        return self._numbers[i]

    def money_number(self, i: int) -> Number | None:
        """The number that starts at token `i`, where a currency stands before it."""
        if i not in self._money_numbers:
            self._money_numbers[i] = read_number(self.tokens, i, self.lex, money=True)
        return self._money_numbers[i]


if TYPE_CHECKING:
    Rule = Callable[[Reader, int], Hit | None]
