"""Numbers in words, and numbers of many zeros, in few digits."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures import Kind, extract, render

if TYPE_CHECKING:
    from svodka.figures import Figure

__all__ = ["in_digits"]

_SPELLED = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
# News spells what is less, in either language.
_LEAST_IN_DIGITS = 11
_EXACT = Fraction(1, 2)  # a number of units stands for what is half of one away at most
_OF_UNITS = frozenset({Kind.PERCENT, Kind.DURATION, Kind.AGE, Kind.MEASURE, Kind.MONEY})
_GAP = re.compile(r"[ -]")
_MILLION, _MANY_ZEROS = 10**6, 5  # "5,200,000" is as well said by "5.2 million"


def in_digits(text: str, lang: str) -> str:
    """A text of language `lang` with its exact counts in few digits: spelled ones from eleven on, and millions without their zeros.

    "Dozen" and "fifteen hundred" are no exact counts, and stay; so do the years of the Thirty Years' War.
    """
    for figure in reversed(extract(text, lang)):
        text = f"{text[: figure.start]}{_shortest(figure, lang)}{text[figure.end :]}"
    return text


def _shortest(figure: Figure, lang: str) -> str:
    if figure.precision != _EXACT or not isinstance(figure.value, Fraction) or figure.value.denominator != 1:
        return figure.text
    value = int(figure.value)
    if figure.kind is Kind.CARDINAL and value >= _LEAST_IN_DIGITS and _SPELLED.fullmatch(figure.text):
        return str(value)
    if figure.kind in _OF_UNITS and value >= _LEAST_IN_DIGITS and (unit := _behind_number(figure, lang)) is not None:
        return f"{value}{unit}"
    zeros = len(str(value)) - len(str(value).rstrip("0"))
    if figure.kind in (Kind.CARDINAL, Kind.MONEY) and value >= _MILLION and zeros >= _MANY_ZEROS:
        return render(replace(figure, precision=Fraction(10**zeros, 2), qualifier=None), lang)
    return figure.text


def _behind_number(figure: Figure, lang: str) -> str | None:
    """What follows the spelled number of a figure, as " percent" does in "eighteen percent"; None where it has no such number."""
    for space in reversed(list(_GAP.finditer(figure.text))):
        number, unit = figure.text[: space.start()], figure.text[space.start() :]
        if _SPELLED.fullmatch(number) and not unit.lstrip()[:1].isupper():
            alone = extract(number, lang)
            if len(alone) == 1 and (alone[0].kind, alone[0].value, alone[0].text) == (Kind.CARDINAL, figure.value, number):
                return unit
    return None
