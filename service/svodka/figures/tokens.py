"""Tokens: the second step of reading. Runs of digits, runs of letters and single marks, with their places in the text."""

from __future__ import annotations

import re

from svodka.figures.chars import fold
from svodka.figures.noise import blank

__all__ = ["Tokens", "split"]

# Digits, letters (first those of the two alphabets, which is faster to ask), any other mark. No two alternatives share more than one pass
# over the same characters, so the scan is linear.
_TOKEN = re.compile(r"[0-9]+|[a-zа-я]+(?![^\W\d_])|[^\W\d_]+|\S")


def split(phrase: str) -> tuple[str, ...]:
    """The words of a folded phrase, as `Tokens` has them."""
    return tuple(_TOKEN.findall(phrase))


class Tokens:
    """The tokens of one text: `words` are folded, `starts` and `ends` are code points of the text as given."""

    __slots__ = ("ends", "folded", "size", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = blank(fold(text))
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _TOKEN.finditer(self.folded):
            words.append(match[0])
            start, end = match.span()
            starts.append(start)
            ends.append(end)
        self.words = words
        self.starts = starts
        self.ends = ends
        self.size = len(words)

    def word(self, i: int) -> str:
        """The folded token at `i`, or nothing beyond either end."""
        return self.words[i] if 0 <= i < self.size else ""

    def joined(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return 0 < i < self.size and self.starts[i] == self.ends[i - 1]

    def gap(self, i: int) -> str:
        """What stands between token `i` and the one before it."""
        return self.text[self.ends[i - 1] : self.starts[i]] if 0 < i < self.size else ""

    def leading_point(self, i: int) -> bool:
        """Whether a point that nothing precedes starts a decimal at `i`: ".08%"."""
        return i > 0 and self.words[i - 1] == "." and self.joined(i) and not self.joined(i - 1) and "0" <= self.words[i][0] <= "9"

    def capital(self, i: int) -> bool:
        """Whether token `i` starts with a capital letter in the text as given."""
        return 0 <= i < self.size and self.text[self.starts[i]].isupper()

    def capitals(self, i: int) -> bool:
        """Whether token `i` is written in capitals throughout."""
        return 0 <= i < self.size and self.text[self.starts[i] : self.ends[i]].isupper()

    def slice(self, i: int, j: int) -> str:
        """The text as given from token `i` up to, not including, token `j`."""
        return self.text[self.starts[i] : self.ends[j - 1]]
