"""What a translator is asked is made easy, for models take much amiss that readers do not.

They copy digits, and take one number word for another: "fifteen banks" is asked for as "15 banks". They miscount zeros: "5,000,000
people" as "5 million people". They know capitals of names: a headline in capitals as any other sentence. They seldom saw what the
business press writes short: «I кв. 2024 г.» as «1 квартал 2024 г.», "Q1 2024" as "the first quarter of 2024", "(up 5% y/y)" as "(a rise
of 5% year on year)"; nor "1,000 mi", "5 kph" or "Nov-Feb".
"""

from __future__ import annotations

from fractions import Fraction

from svodka.asking.digits import in_digits
from svodka.asking.short import in_full

__all__ = ["easily_put", "in_capitals", "in_digits", "in_full"]


def easily_put(text: str, lang: str) -> str:
    """A sentence of language `lang` as it is asked for."""
    return in_digits(in_full(text.capitalize() if in_capitals(text) else text, lang), lang)


# Letters of a headline, at least: fewer may be a name.
_HEADLINE, _NEARLY_ALL = 20, Fraction(9, 10)


def in_capitals(text: str) -> bool:
    """Whether a text is a headline in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= _HEADLINE and sum(map(str.isupper, letters)) >= _NEARLY_ALL * len(letters)
