"""Russian figures that a small translator takes for others: «двенадцатой» for nothing, «вдвое» for "fourfold", «полтора» for "a"."""

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

__all__ = ["easy_russian"]

_LEAST = 5  # news and model know the first four by their words
_WORDS = re.compile(r"[А-Яа-яё]+(?: [а-яё]+)*")
_VOWELS = frozenset("аеёиоуыэюя")
_HALVES = re.compile(r"полтор(?!ы тысяч)|полутор(?!а тысяч)|полмил|полтыс|[а-яё ]+ с половиной\b", re.IGNORECASE)
_FOLD = re.compile(r"в[а-яё]+")
_LONG = re.compile(r"[а-яё]+?((?:минут|час|днев|недель|месяч|лет)[а-яё]+)", re.IGNORECASE)
_WIDE = re.compile(r"[а-яё]+?((?:(?:санти|кило)?метр|тонн|литр|килограмм|миль|градус)[а-яё]+)", re.IGNORECASE)
_MILLIMETRES = re.compile(r"(\d+-м)иллиметров[а-яё]+")
_ENDED = re.compile(r"(\d+)-(?:ти|х|ми|мя)\b")  # «50-ти гектаров», "50 to 100" to the model
_COUNTED = frozenset({Kind.CARDINAL, Kind.DURATION, Kind.MEASURE, Kind.MONEY, Kind.PERCENT})
_SQUARE = re.compile(r"кв\. ?(км|см|мм|м)(?![\w])\.?")
_SQUARE_WORD = re.compile(r"кв\. ?(?=[а-яё]{3})")
_TO = re.compile(r"(?P<low>[а-яё]+)(?P<to> до | и )(?P<high>[а-яё]+)\b", re.IGNORECASE)
_CENTURIES = re.compile(r"\d+( век(?:ах|ов|ами))?")  # «в 19 и 20 веках»
_HALF_PAST = re.compile(r"пол(?!д|н)[а-яё]+ого\b|полпервого")
_NO_PLACE = re.compile(r"\s+(?:раз|час|половин)")  # «в седьмой раз»; «в девятом часу»


def easy_russian(figure: Figure, text: str) -> str | None:
    """A figure of a text as it is better asked for; None where it may stay.

    Ranks, people, spans and measures from five on, centuries, decades and ranges in digits: «12-й», «7», «6-дневная», «100-метровая»,
    «XVI века», «90-х», «от 3 до 6»; multiples: «в 3 раза»; halves: «1,5 года», «500 тысяч»; hours told from the next: «5:30»; digits
    without the endings of words: «50 гектаров»; squares as such: «км²».
    """
    if isinstance(figure.value, Clock):
        return _hour(figure, figure.value)
    if isinstance(figure.value, Range):
        return _range(figure, figure.value)
    if not isinstance(figure.value, Fraction):
        return None
    easier = _BY_KIND.get(figure.kind)
    return (easier and easier(figure, figure.value, text)) or _without_halves(figure) or _plain(figure)


def _range(figure: Figure, value: Range) -> str | None:
    if (found := _TO.match(figure.text)) is None or not spells(found, value, "ru"):
        return None
    return f"{value.low}{found['to']}{value.high}{figure.text[found.end() :]}"


def _plain(figure: Figure) -> str | None:
    """Without endings behind digits, and with squares and millimetres as signs."""
    if figure.kind not in _COUNTED:
        return None
    plain = _MILLIMETRES.sub(r"\1м", _ENDED.sub(r"\1", figure.text))
    plain = _SQUARE_WORD.sub("квадратных ", _SQUARE.sub(r"\1²", plain))
    return plain if plain != figure.text else None


def _hour(figure: Figure, clock: Clock) -> str | None:
    if figure.rule != "clock_before_hour" and not _HALF_PAST.match(figure.text):
        return None
    return f"{'в ' if figure.text.startswith('без') else ''}{clock.hour}:{clock.minute:02}"


def _rank(figure: Figure, value: Fraction, text: str) -> str | None:
    if value < _LEAST or not _WORDS.fullmatch(figure.text) or _NO_PLACE.match(text, figure.end):
        return None
    return f"{value}-{_ending(figure.text)}"


def _decade(figure: Figure, value: Fraction, _text: str) -> str | None:
    word, space, years = figure.text.partition(" ")
    return f"{value}-{_ending(word)}{space}{years}" if _WORDS.fullmatch(word) else None


def _ending(rank: str) -> str:
    """The last letter of a rank, or the last two where the one before it is a consonant: «пятый» 5-й, «пятого» 5-го."""
    return rank[-1] if rank[-2] in _VOWELS else rank[-2:]


def _century(figure: Figure, _value: Fraction, _text: str) -> str | None:
    if found := _CENTURIES.fullmatch(figure.text):
        return f"{render(figure, 'ru').partition(' ')[0]}{found[1] or ''}"
    number, named, rest = figure.text.partition(" век")
    return f"{render(figure, 'ru').partition(' ')[0]} век{rest}" if named and _WORDS.fullmatch(number) else None


def _multiple(figure: Figure, value: Fraction, _text: str) -> str | None:
    if not _FOLD.fullmatch(figure.text) or value.denominator != 1:
        return None
    return f"в {value} {'раза' if value in (2, 3, 4) else 'раз'}"


def _span(figure: Figure, value: Fraction, _text: str) -> str | None:
    found = (_LONG if figure.kind is Kind.DURATION else _WIDE).fullmatch(figure.text)
    return f"{value}-{found[1]}" if found and value >= _LEAST else None


def _people(figure: Figure, value: Fraction, _text: str) -> str | None:
    return str(value) if value >= _LEAST and _PEOPLE.fullmatch(figure.text) else None


_PEOPLE = re.compile(r"[а-яё]+ер(?:о|ых|ым|ыми)", re.IGNORECASE)
_BY_KIND: dict[Kind, Callable[[Figure, Fraction, str], str | None]] = {
    Kind.ORDINAL: _rank,
    Kind.DECADE: _decade,
    Kind.CENTURY: _century,
    Kind.MULTIPLE: _multiple,
    Kind.DURATION: _span,
    Kind.MEASURE: _span,
    Kind.CARDINAL: _people,
}


def _without_halves(figure: Figure) -> str | None:
    if not _HALVES.match(figure.text):
        return None
    return render(replace(figure, qualifier=None), "ru").removeprefix("в " if figure.kind is Kind.MULTIPLE else "")
