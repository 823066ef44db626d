"""Figures as the English press writes them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.types import Clock, Date, Kind, Range, Score
from svodka.figures.writing.english_dates import LANGUAGE, clock_text, date_range, date_text, ordinal_text
from svodka.figures.writing.numbers import Amount, Style, amount, digits, wordbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from svodka.figures.agreement import Case
    from svodka.figures.types import Figure

__all__ = ["LANGUAGE", "WRITERS", "in_latin", "write"]

_UNWRITTEN_PARTS = frozenset({Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)})  # "half", "a third", "a quarter"; else "one-fifth"


def write(figure: Figure, style: Style, _case: Case) -> str:
    """A figure with the word that tells how exact it is; English has no cases."""
    text = WRITERS[figure.kind](figure, style)
    return text if figure.qualifier is None else f"{wordbook(LANGUAGE).word('qualifiers', figure.qualifier)} {text}"


def _number(value: object) -> Fraction:
    if not isinstance(value, Fraction):
        raise TypeError(f"a number is needed to write this figure, not {value!r}")
    return value


def _amount(figure: Figure, value: Fraction | None = None) -> Amount:
    return amount(_number(figure.value) if value is None else value, figure.precision, wordbook(LANGUAGE))


def _scaled(found: Amount, style: Style, *, tight: bool = False) -> str:
    """Digits with their scale: "1.2 billion"; tight "1.2bn" for headlines."""
    if found.scale == 1:
        return found.text
    names = dict(wordbook(LANGUAGE).scales)[found.scale]
    return f"{found.text}{names['short']}" if tight and style is Style.COMPACT else f"{found.text} {names['word']}"


def _cardinal(figure: Figure, style: Style) -> str:
    return _scaled(_amount(figure), style)


def _ordinal(figure: Figure, _style: Style) -> str:
    return ordinal_text(_number(figure.value))


def _percent(figure: Figure, style: Style) -> str:
    text = _scaled(_amount(figure), style)
    return f"{text} percent" if style is Style.FULL or " " in text else f"{text}%"


def _points(figure: Figure, style: Style) -> str:
    text = _scaled(_amount(figure), style)
    return f"{text} percentage {'point' if abs(_number(figure.value)) == 1 else 'points'}"


def _money(figure: Figure, style: Style) -> str:
    currency = wordbook(LANGUAGE).entry("currencies", figure.unit)
    value = _number(figure.value)
    cents = value * 100
    if "cent" in currency and 0 < abs(value) < 1 and cents.denominator == 1:
        name = currency["cent" if abs(cents) == 1 else "cents"]
        return f"{digits(cents, wordbook(LANGUAGE))} {name}"
    return _priced(_amount(figure), currency, figure.unit, style)


def _priced(found: Amount, currency: Mapping[str, str], code: str | None, style: Style) -> str:
    sign = currency.get("sign")
    if sign and style is not Style.FULL:
        text = _scaled(_with_cents(found), style, tight=True)
        minus = wordbook(LANGUAGE).minus
        return f"{minus}{sign}{text.removeprefix(minus)}" if text.startswith(minus) else f"{sign}{text}"
    name = currency.get("one" if abs(found.shown) == 1 and found.scale == 1 else "many")
    return f"{_scaled(found, style)} {name}" if name else f"{_scaled(found, style)} {code}"


def _with_cents(found: Amount) -> Amount:
    """Money with one decimal place and no scale is written with two: "$12.30"."""
    whole, point, places = found.text.partition(".")
    return replace(found, text=f"{whole}{point}{places}0") if len(places) == 1 and found.scale == 1 else found


def _measured(figure: Figure, style: Style) -> str:
    return _with_unit(_amount(figure), figure.unit, style)


def _with_unit(found: Amount, unit: str | None, style: Style) -> str:
    entry = wordbook(LANGUAGE).entry("units", unit)
    text = _scaled(found, style)
    if not entry or (entry.get("symbol") and style is not Style.FULL and found.scale == 1):
        return f"{text}{'' if entry.get('tight') else ' '}{entry.get('symbol', unit)}"
    return f"{text} {entry['one' if abs(found.shown) == 1 and found.scale == 1 else 'many']}"


def _age(figure: Figure, style: Style) -> str:
    if style is Style.FULL or figure.qualifier is not None or _number(figure.value).denominator != 1:
        return f"{_with_unit(_amount(figure), figure.unit or 'year', style)} old"
    unit = wordbook(LANGUAGE).entry("units", figure.unit or "year")
    return f"{_amount(figure).text}-{unit['one']}-old"


def _ratio(figure: Figure, _style: Style) -> str:
    value = _number(figure.value)
    names = wordbook(LANGUAGE).entry("parts", value.denominator)
    if not 0 < value < 1:
        return digits(value, wordbook(LANGUAGE))
    if not names:
        return f"{value.numerator} in {value.denominator}"
    if value.numerator == 1:
        return (names["one"] if value == Fraction(1, 2) else f"a {names['one']}") if value in _UNWRITTEN_PARTS else f"one-{names['one']}"
    return f"{_COUNTS[value.numerator]}-{names['many']}"


_COUNTS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _multiple(figure: Figure, style: Style) -> str:
    value = _number(figure.value)
    return "twice" if value == 2 and style is not Style.COMPACT else f"{_amount(figure).text} times"


def _date(figure: Figure, style: Style) -> str:
    if not isinstance(figure.value, Date):
        raise TypeError(f"a date is needed, not {figure.value!r}")
    return date_text(figure.value, style)


def _time(figure: Figure, style: Style) -> str:
    if not isinstance(figure.value, Clock):
        raise TypeError(f"a time of day is needed, not {figure.value!r}")
    return clock_text(figure.value, style)


def _score(figure: Figure, _style: Style) -> str:
    if not isinstance(figure.value, Score):
        raise TypeError(f"a score is needed, not {figure.value!r}")
    # More than two stand for a proportion: "3:2:1".
    return ("-" if len(figure.value.points) == 2 else ":").join(str(point) for point in figure.value.points)


def _century(figure: Figure, _style: Style) -> str:
    value = _number(figure.value)
    return f"{ordinal_text(abs(value))} century{' BC' if value < 0 else ''}"


def _decade(figure: Figure, _style: Style) -> str:
    year = int(_number(figure.value))
    return wordbook(LANGUAGE).word("decades", year, f"{year}s")


def _identifier(figure: Figure, _style: Style) -> str:
    text = str(figure.value)
    return f"No. {text}" if text.isdecimal() else in_latin(text)


def in_latin(text: str) -> str:
    """A name or a designation in Latin letters: «Ил-76» as "Il-76"."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    latin = wordbook(LANGUAGE).word("latin", letter.lower(), letter)
    return latin.capitalize() if letter.isupper() else latin


def _range(figure: Figure, style: Style) -> str:
    if not isinstance(figure.value, Range):
        raise TypeError(f"a range is needed, not {figure.value!r}")
    span = figure.value
    if isinstance(span.low, Fraction) and isinstance(span.high, Fraction):
        return _number_range(figure, span.low, span.high, span.of, style)
    if isinstance(span.low, Date) and isinstance(span.high, Date):
        return date_range(span.low, span.high, style)
    low, high = (WRITERS[span.of](replace(figure, kind=span.of, value=end), style) for end in (span.low, span.high))
    return f"{low} to {high}"


def _number_range(figure: Figure, low: Fraction, high: Fraction, of: Kind, style: Style) -> str:
    """Ends that share scale and unit: "$1.4–1.6 billion", "30,000–50,000 rubles"; negative ends are told apart by "to"."""
    whole = replace(figure, kind=of, value=high)
    if of in _APART:
        return f"{WRITERS[of](replace(whole, value=low), style)} to {WRITERS[of](whole, style)}"
    first, second = _amount(figure, low), _amount(figure, high)
    if first.scale != second.scale:
        plain = wordbook(LANGUAGE)
        first = Amount(text=digits(low, plain), shown=low)
        second = Amount(text=digits(high, plain), shown=high)
    joiner = " to " if low < 0 or high < 0 else "–"
    both = Amount(text=f"{first.text}{joiner}{second.text}", shown=second.shown, scale=second.scale)
    match of:
        case Kind.MONEY:
            return _priced(both, wordbook(LANGUAGE).entry("currencies", figure.unit), figure.unit, style)
        case Kind.MEASURE | Kind.DURATION:
            return _with_unit(both, figure.unit, style)
        case Kind.AGE:
            return f"aged {both.text}" if figure.unit in (None, "year") else f"{_with_unit(both, figure.unit, style)} old"
        case Kind.PERCENT:
            return f"{_scaled(both, style)} percent" if style is Style.FULL or both.scale > 1 else f"{both.text}%"
        case Kind.PERCENTAGE_POINT:
            return f"{_scaled(both, style)} percentage points"
        case Kind.MULTIPLE:
            return f"{both.text} times"
        case _:
            return _scaled(both, style)


_APART = frozenset({Kind.ORDINAL, Kind.CENTURY, Kind.DECADE, Kind.RATIO})


WRITERS: dict[Kind, Callable[[Figure, Style], str]] = {
    Kind.CARDINAL: _cardinal,
    Kind.ORDINAL: _ordinal,
    Kind.PERCENT: _percent,
    Kind.PERCENTAGE_POINT: _points,
    Kind.MONEY: _money,
    Kind.MEASURE: _measured,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DURATION: _measured,
    Kind.AGE: _age,
    Kind.RATIO: _ratio,
    Kind.MULTIPLE: _multiple,
    Kind.SCORE: _score,
    Kind.RANGE: _range,
    Kind.DECADE: _decade,
    Kind.CENTURY: _century,
    Kind.IDENTIFIER: _identifier,
}
