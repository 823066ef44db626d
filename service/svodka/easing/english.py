"""English figures that a small translator takes for others: "the twelfth" for the ninth, "tripled" for "doubled", "7 p.m." for 18:00."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.easing.ranges import spells
from svodka.figures import Clock, Kind, Range, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures import Figure

__all__ = ["easy_english"]

_LEAST_RANK = 5  # news and model know the first four by their words, and "four times"
_WORDS = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_CENTURY = re.compile(r"(?:[A-Za-z]+(?:-[a-z]+)?|\d+[a-z]{2})[ -]century\b")
_FROM_TO = re.compile(r"(?P<low>[a-z]+) to (?P<high>[a-z]+)\b", re.IGNORECASE)
_HALVES = re.compile(r"[a-z ]+ and a half\b|(?:half|a quarter of) an? [mbtr]+illion\b", re.IGNORECASE)
_GROWS = re.compile(r"((?:to|will|would|can|could|may|might|must|should) )?(?:tripl|trebl|quadrupl|quintupl)(e|es|ed|ing)")
_TIMES = re.compile(r"[A-Za-z]+( times)")
_FOLD = re.compile(r"[a-z]+-?fold")
_NO_VERB = re.compile(r"\b(?:an?|the|its|his|her|their|our|of)\s+$", re.IGNORECASE)
_SMALL = {word: number for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)}
_AGE = re.compile(r"([A-Za-z]+)(-(?:year|month|week|day)s?-olds?)")
_LONG = re.compile(rf"(an? )?({'|'.join(_SMALL)}|half(?=-hour))-(minute|hour|day|week|month|year)", re.IGNORECASE)
_FROM_HOUR = frozenset({"clock_before_hour", "minutes_to_hour"})  # "half past five"
_AFTERNOON = re.compile(r"\d{1,2}(?:[:.]\d\d)?\s?p\.?m\b\.?", re.IGNORECASE)


def easy_english(figure: Figure, text: str) -> str | None:
    """A figure of a text as it is better asked for; None where it may stay.

    Ranks from fifth on, centuries and ranges of small numbers in digits: "12th", "16th century", "4 to 6"; halves: "2.5 years",
    "500,000"; multiples: "increased 3 times", "10-fold"; ages and spans: "2-year-old", "6-day"; hours: "19:00", "5:30".
    """
    easier = _BY_KIND.get(figure.kind)
    return (easier and easier(figure, text)) or _without_halves(figure)


def _rank(figure: Figure, _text: str) -> str | None:
    if not isinstance(figure.value, Fraction) or figure.value < _LEAST_RANK or not _WORDS.fullmatch(figure.text):
        return None
    return render(figure, "en")


def _century(figure: Figure, _text: str) -> str | None:
    return _CENTURY.sub(f"{render(figure, 'en').partition(' ')[0]} century", figure.text) if isinstance(figure.value, Fraction) else None


def _range(figure: Figure, _text: str) -> str | None:
    value = figure.value
    if not isinstance(value, Range) or (found := _FROM_TO.match(figure.text)) is None or not spells(found, value, "en"):
        return None
    return f"{value.low} to {value.high}{figure.text[found.end() :]}"


def _multiple(figure: Figure, text: str) -> str | None:
    if grows := _GROWS.fullmatch(figure.text):
        is_verb = figure.qualifier is None and not _NO_VERB.search(text, 0, figure.start)
        return f"{grows[1] or ''}increas{grows[2]} {figure.value} times" if is_verb else None
    if figure.text.lower() == "twice" and text.startswith(" as ", figure.end):
        return f"{figure.text[0]}wo times"
    if not isinstance(figure.value, Fraction) or figure.value.denominator != 1:
        return None
    if figure.value >= _LEAST_RANK and (times := _TIMES.fullmatch(figure.text)):
        return f"{figure.value}{times[1]}"
    return f"{figure.value}-fold" if _FOLD.fullmatch(figure.text) else None


def _age(figure: Figure, _text: str) -> str | None:
    found = _AGE.fullmatch(figure.text)
    return f"{_SMALL[found[1].lower()]}{found[2]}" if found and found[1].lower() in _SMALL else None


def _hour(figure: Figure, text: str) -> str | None:
    clock = figure.value
    if not isinstance(clock, Clock) or not (figure.rule in _FROM_HOUR or _AFTERNOON.fullmatch(figure.text)):
        return None
    stop = "." if figure.text.endswith(".") and not text[figure.end :].strip() else ""
    return f"{clock.hour}:{clock.minute:02}{stop}"


def _adjective(figure: Figure, _text: str) -> str | None:
    found = _LONG.fullmatch(figure.text)
    if found is None:
        return None
    span = "30-minute" if found[2].lower() == "half" else f"{_SMALL[found[2].lower()]}-{found[3]}"
    return f"{found[1] or ''}{span}"


_BY_KIND: dict[Kind, Callable[[Figure, str], str | None]] = {
    Kind.ORDINAL: _rank,
    Kind.CENTURY: _century,
    Kind.RANGE: _range,
    Kind.MULTIPLE: _multiple,
    Kind.AGE: _age,
    Kind.TIME: _hour,
    Kind.DURATION: _adjective,
}


def _without_halves(figure: Figure) -> str | None:
    return render(replace(figure, qualifier=None), "en") if _HALVES.match(figure.text) else None
