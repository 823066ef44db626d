"""Numbers as a press writes them: locale digits, scales, stated precision. Knows no kinds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from svodka.figures.types import value_text

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["Amount", "Style", "Wordbook", "amount", "digits", "stated_places", "wordbook"]

_MOST_PLACES = 3  # "1.234 billion" is read with ease, "1.2345 billion" is not


class Style(StrEnum):
    """How figures are dressed."""

    PRESS = "press"  # running text: "$8 billion", "14 August 2023", "8 млрд долларов"
    AMERICAN = "american"  # the same, with American dates: "August 14, 2023"
    COMPACT = "compact"  # headlines and tables: "$8bn", "14 Aug. 2023", "300 км"
    FULL = "full"  # nothing shortened: "8 billion dollars", "8 миллиардов долларов"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wordbook:
    """The words in which a language writes figures, as its table has them."""

    locale: str
    minus: str
    scales: tuple[tuple[int, dict[str, str]], ...]
    tables: dict[str, dict[str, Any]]

    def entry(self, name: str, key: object) -> dict[str, Any]:
        """The entry of a table; empty where there is none."""
        found = self.tables[name].get(str(key), {})
        return found if isinstance(found, dict) else {"": found}

    def word(self, name: str, key: object, default: str = "") -> str:
        """The word of a table that has one word an entry."""
        return str(self.tables.get(name, {}).get(str(key), default))


@lru_cache(maxsize=8)
def wordbook(lang: str) -> Wordbook:
    """The words of a language, read once."""
    raw = tomllib.loads(resources.files("svodka.figures.writing").joinpath("data", f"{lang}.toml").read_text(encoding="utf-8"))
    scales = tuple((int(size), names) for size, names in raw["scales"].items())
    return Wordbook(locale=lang, minus=raw["minus"], scales=scales, tables={name: cell for name, cell in raw.items() if name != "minus"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A number as it is written: `text` are the digits, `shown` what they say, `scale` what they count (a million; 1 for none)."""

    text: str
    shown: Fraction
    scale: int = 1


def stated_places(precision: Fraction | None) -> int | None:
    """The decimal places that a precision states: 2 of half a hundredth, -3 of half a thousand; None where it states no decimal place."""
    if precision is None or precision <= 0:
        return None
    text = value_text(2 * precision)
    bare = text.replace(".", "").strip("0")
    if bare != "1" or "/" in text:
        return None
    return len(text.partition(".")[2]) if "." in text else 1 - len(text)


def amount(value: Fraction, precision: Fraction | None, words: Wordbook, *, smallest: int = 10**6) -> Amount:
    """Writes a number with the greatest scale that loses none of its places and claims none that its source did not state."""
    stated = stated_places(precision)
    for scale, _ in words.scales:
        if scale < smallest or abs(value) < scale:
            continue
        shown = value / scale
        needed = _places(shown)
        if needed is None:
            continue
        places = needed if stated is None else max(needed, stated + len(str(scale)) - 1)
        if places <= (_MOST_PLACES if scale > 1000 else 0):
            return Amount(text=digits(shown, words, places=places), shown=shown, scale=scale)
    return Amount(text=digits(value, words, places=max(stated or 0, 0)), shown=value)


def _places(value: Fraction) -> int | None:
    text = value_text(value)
    return None if "/" in text else len(text.partition(".")[2])


def digits(value: Fraction, words: Wordbook, *, places: int = 0, grouped: bool = True) -> str:
    """A number in the digits of the locale, exact, with at least so many decimal places; a fraction that does not end as "2 1/3"."""
    sign = words.minus if value < 0 else ""
    size = abs(value)
    if _places(size) is None:
        whole, rest = divmod(size.numerator, size.denominator)
        return sign + (f"{whole} " if whole else "") + f"{rest}/{size.denominator}"
    text = value_text(size)
    places = max(places, len(text.partition(".")[2]))
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    return sign + _formatted(text, pattern, words.locale)


@lru_cache(maxsize=1_024)
def _formatted(number: str, pattern: str, locale: str) -> str:
    from babel.numbers import format_decimal

    with localcontext() as context:
        context.prec = len(number) + len(pattern)  # nothing is rounded
        return str(format_decimal(Decimal(number), format=pattern, locale=locale))
