"""Writes the numbers of a text in its language's own digits: machines, and people in haste, leave them as another language had them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svodka.figures.extract import extract
from svodka.figures.types import Figure, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["as_printed"]

# Points and commas of dates, times, scores and identifiers mean something else.
_NUMBERS = frozenset(
    {Kind.CARDINAL, Kind.PERCENT, Kind.PERCENTAGE_POINT, Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.RATIO, Kind.MULTIPLE, Kind.RANGE}
)
_SPACED_PERCENT = re.compile(r"(?<=\d) %")
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH = (
    (re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,])"), lambda found: found[0].replace(" ", ",")),  # "620 000"
    (re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d.,])"), lambda found: found[0].replace(",", ".")),  # "2,5 million"
)
_RUSSIAN = (
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,])"), lambda found: found[0].replace(",", " ")),  # «200,000 человек»
    (re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.,])"), lambda found: found[0].replace(".", ",")),  # «2.5 млрд»
    (re.compile(r"(?<=\d)(?=(?:тыс|млн|млрд|трлн)\b)"), lambda _: " "),  # «3,1млрд»
)
# What each of the rules changes has one of these; where a text has none, its figures need not be read.
_CHANGEABLE = re.compile(r"\d(?:[ .,]\d| %|тыс|млн|млрд|трлн)")
_RULES: dict[str, tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = {"en": _ENGLISH, "ru": _RUSSIAN}


def as_printed(text: str, lang: str) -> str:
    """The same text of language "en" or "ru" with its numbers in its own digits; one that would be read as another stays as it was."""
    if not _CHANGEABLE.search(text):
        return text
    for figure in reversed(extract(text, lang)):
        if figure.kind not in _NUMBERS:
            continue
        if figure.kind is Kind.CARDINAL and figure.text.count(".") == 1 and not _LETTER.search(figure.text):
            continue  # «ст. 212.1», "Windows 2.0"
        surface = _SPACED_PERCENT.sub("%", figure.text)
        for pattern, write in _RULES[lang]:
            surface = pattern.sub(write, surface)
        if surface != figure.text:
            changed = text[: figure.start] + surface + text[figure.end :]
            if any(_is_the_same(figure, found) for found in extract(changed, lang)):
                text = changed
    return text


def _is_the_same(figure: Figure, found: Figure) -> bool:
    return (found.start, found.kind, found.value, found.unit) == (figure.start, figure.kind, figure.value, figure.unit)
