"""Spelled-out numbers: "two hundred and five", "двадцати девяти тысячам", "полтора миллиона", "twenty-third".

Each number word has a slot:

`unit`, `teen`, `ten`, `hundred`   fill the places of a group of three, the higher first; a `collective` ("трое") fills all of it
`times-hundred`                    multiplies the group so far ("two hundred")
`scale`                            closes the group ("two hundred thousand"); scales fall within a number
`dozen`                            counts like a scale but ends the number ("two dozen", "пять сотен")
`mixed`                            a number with a half in it ("полтора")

An ordinal word fills the same place and ends the number. A whole phrase is read or left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.types import Kind

if TYPE_CHECKING:
    from svodka.figures.lexicon import Lexicon, NumberWord
    from svodka.figures.tokens import Tokens

__all__ = ["Spelled", "read_words"]

_ROOM = {"unit": 10, "collective": 1000, "teen": 100, "ten": 100, "hundred": 1000, "mixed": 1000, "whole": 1000}
_TIED = frozenset({"ten", "unit", "teen", "times-hundred"})  # "twenty-nine", "two-hundred"
_LEFT = {"unit": 1, "collective": 1, "teen": 1, "ten": 10, "hundred": 100, "mixed": 1, "whole": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelled:
    """A number read from words; `place` is the size of the last place stated, `single` a lone word."""

    value: Fraction
    place: Fraction
    end: int
    ordinal: bool
    last: NumberWord


class _Sum:
    """A number as it grows word by word."""

    def __init__(self) -> None:
        self.total = Fraction(0)
        self.group = Fraction(0)
        self.filled = False
        self.room = 1000
        self.ceiling: Fraction | None = None
        self.place = Fraction(1)
        self.closed = False

    def takes(self, word: NumberWord, *, alone: bool) -> bool:
        """Adds a word; False where it does not fit."""
        if self.closed:
            return False
        if word.slot in ("scale", "dozen"):
            return self._scale(word, alone=alone)
        if word.slot == "times-hundred":
            return self._hundred(alone=alone)
        room = _ROOM[word.slot]
        if room > self.room or (word.value == 0 and (self.filled or self.total)):
            return False
        self.group += word.value
        self.filled = True
        self.room = _LEFT[word.slot]
        self.place = Fraction(1)
        return True

    def _scale(self, word: NumberWord, *, alone: bool) -> bool:
        if not self.filled and not alone:
            return False
        if self.filled and self.group == 0:
            return False
        if self.ceiling is not None and word.value >= self.ceiling:
            return False
        self.total += (self.group if self.filled else 1) * word.value
        self.group, self.filled, self.room = Fraction(0), False, 1000
        self.ceiling = self.place = word.value
        self.closed = word.slot == "dozen"
        return True

    def _hundred(self, *, alone: bool) -> bool:
        if self.room == 100 and self.group >= 100:
            return False
        if not self.filled:
            if not alone:
                return False
            self.group = Fraction(1)
        if not 1 <= self.group < 100 or self.group.denominator != 1:
            return False
        self.group *= 100
        self.filled = True
        self.room = 100
        self.place = Fraction(100)
        return True

    @property
    def value(self) -> Fraction:
        return self.total + self.group


def read_words(tokens: Tokens, i: int, lex: Lexicon, *, article: bool = False) -> Spelled | None:
    """The longest number in words that starts at `i`; `article` says that "a" stands before it, so that "hundred" stands alone."""
    words, numbers, size = tokens.words, lex.numbers, tokens.size
    word = numbers.get(words[i]) if i < size else None
    if word is None:
        return None
    if word.form == "instrumental" and not tokens.word(i + 1).endswith(("ми", "мя", "стами")):
        return None
    if word.form == "counting" and not _counts(tokens, i, lex):
        return None
    result = _Sum()
    if not result.takes(word, alone=article or _alone(tokens, i, word, lex)):
        return None
    last, end, ordinal = word, i + 1, word.ordinal
    while not ordinal and end < size:
        step = end
        tied = words[step] == "-" and tokens.joined(step) and tokens.joined(step + 1) and last.slot in _TIED
        if tied or (words[step] in lex.sets.joiners and last.slot in ("times-hundred", "scale")):
            step += 1
        following = numbers.get(words[step]) if step < size else None
        if following is None:
            break
        hyphen = step > end and words[end] == "-"
        if hyphen and last.slot != "ten" and following.slot not in ("times-hundred", "scale"):
            break  # "two-three days" is a range
        before = result.value
        if not result.takes(following, alone=False):
            break
        last, end, ordinal = following, step + 1, following.ordinal
        if hyphen and following.ordinal and words[step] in lex.sets.ordinal_units and words[i - 1 if i else 0] in lex.sets.articles:
            return Spelled(value=before, place=Fraction(1), end=step - 1, ordinal=False, last=last)  # "a thirty-second clip"
    return Spelled(value=result.value, place=result.place, end=end, ordinal=ordinal, last=last)


def _alone(tokens: Tokens, i: int, word: NumberWord, lex: Lexicon) -> bool:
    """Whether a scale may stand without a count: "тысяча человек", "для тысячи двухсот семей"."""
    if word.form == "genitive":
        following = lex.numbers.get(tokens.word(i + 1))
        return following is not None and not following.ordinal and following.value < word.value
    if word.slot == "times-hundred" and _governs(tokens, i + 1, lex):
        return True
    if (
        word.form == ""
        and word.slot in ("scale", "times-hundred")
        and tokens.word(i + 1) == "-"
        and tokens.joined(i + 1)
        and tokens.joined(i + 2)
    ):
        return True  # "a million-dollar idea"
    return word.form == "" and (lex.habits.bare_scales or word.ordinal)


def _governs(tokens: Tokens, i: int, lex: Lexicon) -> bool:
    """Whether "hundred" needs no article before the word at `i`: "hundred percent", "the hundred millionth"."""
    following, unit = lex.numbers.get(tokens.word(i)), lex.units.match(tokens, i)
    if following is not None:
        return following.ordinal and following.slot == "scale"
    return unit is not None and unit[0].kind is Kind.PERCENT


def _counts(tokens: Tokens, i: int, lex: Lexicon) -> bool:
    """Whether a word that is also something else counts here: "около сорока", "сорока человек", not «сорока унесла кольцо»."""
    following = tokens.word(i + 1)
    return (
        tokens.word(i - 1) in lex.sets.governors
        or following in lex.numbers
        or lex.units.match(tokens, i + 1) is not None
        or lex.grammar.plural(tokens, i + 1)
    )
