"""Figures as the Russian press writes them, in the case that the sentence asks for."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.agreement import Case, Noun, agree, attributive, inflect, ordinal
from svodka.figures.types import Clock, Date, Kind, Qualifier, Range, Score
from svodka.figures.writing.numbers import Amount, Style, amount, digits, wordbook
from svodka.figures.writing.russian_dates import LANGUAGE, clock_text, date_range, date_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from svodka.figures.types import Figure

__all__ = ["LANGUAGE", "WRITERS", "write"]

_PERCENT = Noun(noun="процент")
_POINT = Noun(noun="пункт", adjective="процентный")
_TIMES = Noun(noun="раз", many="раз")


def _governed_case(figure: Figure, case: Case) -> Case:
    """The case of what stands behind a qualifier: «более 500 рублей» is genitive wherever it stands."""
    if figure.qualifier is None:
        return case
    return Case(wordbook(LANGUAGE).entry("qualifiers", figure.qualifier).get("case", case))


def write(figure: Figure, style: Style, case: Case) -> str:
    """A figure with the word that tells how exact it is."""
    own = _governed_case(figure, case)
    if figure.qualifier is None:
        return WRITERS[figure.kind](figure, style, own)
    entry = wordbook(LANGUAGE).entry("qualifiers", figure.qualifier)
    if figure.kind is Kind.MULTIPLE:
        return f"{entry['times']} {_multiple(figure, style, case)}"
    if figure.kind is Kind.AGE:
        return f"в возрасте {entry['before']} {_counted(figure, style, own)}"
    if figure.kind is Kind.TIME:
        word = entry["times"] if figure.qualifier is Qualifier.ABOUT else entry["before"]
        return f"{word} {_time(figure, style, case)}"
    return f"{entry['before']} {WRITERS[figure.kind](figure, style, own)}"


def _number(value: object) -> Fraction:
    if not isinstance(value, Fraction):
        raise TypeError(f"a number is needed to write this figure, not {value!r}")
    return value


def _amount(figure: Figure, value: Fraction | None = None) -> Amount:
    number = _number(figure.value) if value is None else value
    # Four digits and "10 тысяч" up: the press writes 5600 and 56 тысяч.
    return amount(number, figure.precision, wordbook(LANGUAGE), smallest=1000 if abs(number) >= 10_000 else 10**6)


def _scaled(found: Amount, style: Style, case: Case) -> str:
    """Digits with their scale: «68,7 миллиарда», «68,7 млрд»."""
    if found.scale == 1:
        return found.text
    names = dict(wordbook(LANGUAGE).scales)[found.scale]
    # The press shortens all but the thousand.
    if style is not Style.FULL and (found.scale > 1000 or style is Style.COMPACT):
        return f"{found.text} {names['short']}"
    return f"{found.text} {agree(found.shown, Noun(noun=names['word']), case)}"


def _with_noun(found: Amount, noun: Noun, style: Style, case: Case) -> str:
    """A number with what it counts; behind a scale it is a genitive plural in every case."""
    form = agree(found.shown, noun, case) if found.scale == 1 else agree(Fraction(5), noun)
    return f"{_scaled(found, style, case)} {form}"


def _noun(entry: Mapping[str, object], default: str | None) -> Noun:
    fields = {name: entry[name] for name in ("adjective", "tail", "many") if name in entry}
    return Noun(
        noun=str(entry.get("noun", default)),
        adjective=str(fields.get("adjective", "")),
        tail=str(fields.get("tail", "")),
        many=str(fields.get("many", "")),
        fixed=bool(entry.get("fixed", not entry)),
    )


def _cardinal(figure: Figure, style: Style, case: Case) -> str:
    return _scaled(_amount(figure), style, case)


def _ordinal(figure: Figure, _style: Style, case: Case) -> str:
    return ordinal(digits(_number(figure.value), wordbook(LANGUAGE)), case)


def _percent(figure: Figure, style: Style, case: Case) -> str:
    return _percentage(_amount(figure), style, case)


def _percentage(found: Amount, style: Style, case: Case) -> str:
    return f"{found.text}%" if found.scale == 1 and style is not Style.FULL else _with_noun(found, _PERCENT, style, case)


def _points(figure: Figure, style: Style, case: Case) -> str:
    return _percentage_points(_amount(figure), style, case)


def _percentage_points(found: Amount, style: Style, case: Case) -> str:
    return f"{_scaled(found, style, case)} п. п." if style is Style.COMPACT else _with_noun(found, _POINT, style, case)


def _money(figure: Figure, style: Style, case: Case) -> str:
    entry = wordbook(LANGUAGE).entry("currencies", figure.unit)
    value = _number(figure.value)
    cents = value * 100
    if "cent" in entry and 0 < abs(value) < 1 and cents.denominator == 1:
        words = wordbook(LANGUAGE)
        return _with_noun(Amount(text=digits(cents, words), shown=cents), Noun(noun=entry["cent"]), style, case)
    return _priced(_amount(figure), figure.unit, style, case)


def _priced(found: Amount, unit: str | None, style: Style, case: Case) -> str:
    entry = wordbook(LANGUAGE).entry("currencies", unit)
    if style is Style.COMPACT and "symbol" in entry:
        return f"{_scaled(found, style, case)} {entry['symbol']}"
    return _with_noun(found, _noun(entry, unit), style, case)


def _counted(figure: Figure, style: Style, case: Case) -> str:
    return _with_unit(_amount(figure), figure.unit or "year", style, case)


def _with_unit(found: Amount, unit: str | None, style: Style, case: Case) -> str:
    entry = wordbook(LANGUAGE).entry("units", unit)
    if "symbol" in entry and (style is Style.COMPACT or (entry.get("press") and style is not Style.FULL)):
        return f"{_scaled(found, style, case)} {entry['symbol']}"
    return _with_noun(found, _noun(entry, unit), style, case)


def _age(figure: Figure, style: Style, case: Case) -> str:
    stem = wordbook(LANGUAGE).entry("units", figure.unit or "year").get("stem")
    if style is Style.FULL or stem is None or _number(figure.value).denominator != 1:
        return f"в возрасте {_counted(figure, style, Case.GENITIVE)}"
    return f"{_amount(figure).text}-{inflect(stem, case, 'sing', 'masc')}"


def _ratio(figure: Figure, _style: Style, case: Case) -> str:
    value = _number(figure.value)
    names = wordbook(LANGUAGE).entry("parts", value.denominator)
    if not 0 < value < 1:
        return digits(value, wordbook(LANGUAGE))
    if not names:
        return f"{value.numerator} из {value.denominator}"
    if value.numerator == 1:
        if "many" in names or value == Fraction(1, 2):
            return inflect(names["one"], case)
        return f"{_one(case)} {inflect(names['one'], case, 'sing', 'femn')}"
    count = wordbook(LANGUAGE).entry("counts", value.numerator)[_ALIKE.get(case, case)]
    if "many" in names:
        return f"{count} {inflect(names['one'], *_few(case))}"
    return f"{count} {inflect(names['one'], Case.GENITIVE if case in _DIRECT else case, 'plur')}"


_DIRECT = (Case.NOMINATIVE, Case.ACCUSATIVE)
_ALIKE = {Case.ACCUSATIVE: Case.NOMINATIVE, Case.PREPOSITIONAL: Case.GENITIVE}


def _one(case: Case) -> str:
    return {Case.NOMINATIVE: "одна", Case.ACCUSATIVE: "одну"}.get(case, "одной")


def _few(case: Case) -> tuple[Case, str]:
    """«две трети», «двух третей»: singular genitive beside the direct cases."""
    return (Case.GENITIVE, "sing") if case in _DIRECT else (case, "plur")


def _multiple(figure: Figure, style: Style, _case: Case) -> str:
    value = _number(figure.value)
    word = wordbook(LANGUAGE).word("multiples", value)
    if word and style is not Style.COMPACT:
        return word
    return f"в {_with_noun(_amount(figure), _TIMES, style, Case.ACCUSATIVE)}"


def _date(figure: Figure, style: Style, case: Case) -> str:
    if not isinstance(figure.value, Date):
        raise TypeError(f"a date is needed, not {figure.value!r}")
    return date_text(figure.value, style, case)


def _time(figure: Figure, _style: Style, case: Case) -> str:
    if not isinstance(figure.value, Clock):
        raise TypeError(f"a time of day is needed, not {figure.value!r}")
    return clock_text(figure.value, case)


def _score(figure: Figure, _style: Style, _case: Case) -> str:
    if not isinstance(figure.value, Score):
        raise TypeError(f"a score is needed, not {figure.value!r}")
    return ":".join(str(point) for point in figure.value.points)


_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def _roman(number: int) -> str:
    """Roman numerals as far as centuries go: «XXI»."""
    text = ""
    for size, letters in _ROMAN:
        count, number = divmod(number, size)
        text += letters * count
    return text


def _century(figure: Figure, _style: Style, case: Case) -> str:
    value = _number(figure.value)
    return f"{_roman(abs(int(value)))} {inflect('век', case)}{' до н. э.' if value < 0 else ''}"


def _decade(figure: Figure, style: Style, case: Case) -> str:
    year = int(_number(figure.value))
    word = wordbook(LANGUAGE).word("decades", year)
    years = "" if style is Style.COMPACT else f" {inflect('год', case, 'plur')}"
    return (inflect(word, case, "plur") if word else attributive(str(year), case)) + years


def _identifier(figure: Figure, _style: Style, _case: Case) -> str:
    text = str(figure.value)
    return f"№ {text}" if text.isdecimal() else text


def _range(figure: Figure, style: Style, case: Case) -> str:
    if not isinstance(figure.value, Range):
        raise TypeError(f"a range is needed, not {figure.value!r}")
    span = figure.value
    if isinstance(span.low, Fraction) and isinstance(span.high, Fraction):
        return _number_range(figure, span.low, span.high, span.of, style, case)
    if isinstance(span.low, Date) and isinstance(span.high, Date):
        return date_range(span.low, span.high, case)
    if isinstance(span.low, Clock) and isinstance(span.high, Clock):
        low = replace(span.low, zone=None) if span.low.zone == span.high.zone else span.low
        return f"{clock_text(low, case)}–{clock_text(span.high, case)}"
    low_text, high_text = (WRITERS[span.of](replace(figure, kind=span.of, value=end), style, case) for end in (span.low, span.high))
    return f"{low_text} – {high_text}"


def _number_range(figure: Figure, low: Fraction, high: Fraction, of: Kind, style: Style, case: Case) -> str:
    """Ends that share scale and unit: «30–50 тысяч рублей», «1,4–1,6 млрд долларов», «XVI–XVII века»."""
    if of is Kind.CENTURY and low > 0:
        return f"{_roman(int(low))}–{_roman(int(high))} {agree(Fraction(2), Noun(noun='век'), case)}"
    if of in _APART:
        whole = replace(figure, kind=of)
        return f"{WRITERS[of](replace(whole, value=low), style, case)} – {WRITERS[of](replace(whole, value=high), style, case)}"
    first, second = _amount(figure, low), _amount(figure, high)
    if first.scale != second.scale:
        words = wordbook(LANGUAGE)
        first, second = Amount(text=digits(low, words), shown=low), Amount(text=digits(high, words), shown=high)
    signed = low < 0 or high < 0
    text = f"{first.text}{' до ' if signed else '–'}{second.text}"
    both = Amount(text=text, shown=second.shown, scale=second.scale)
    return ("от " if signed else "") + _shared(both, figure.unit, of, style, Case.GENITIVE if signed else case)


_APART = frozenset({Kind.ORDINAL, Kind.CENTURY, Kind.DECADE, Kind.RATIO})


def _shared(both: Amount, unit: str | None, of: Kind, style: Style, case: Case) -> str:
    match of:
        case Kind.MONEY:
            return _priced(both, unit, style, case)
        case Kind.MEASURE | Kind.DURATION:
            return _with_unit(both, unit, style, case)
        case Kind.AGE:
            return f"в возрасте {_with_unit(both, unit or 'year', style, Case.GENITIVE)}"
        case Kind.PERCENT:
            return _percentage(both, style, case)
        case Kind.PERCENTAGE_POINT:
            return _percentage_points(both, style, case)
        case Kind.MULTIPLE:
            return f"в {_with_noun(both, _TIMES, style, Case.ACCUSATIVE)}"
        case _:
            return _scaled(both, style, case)


WRITERS: dict[Kind, Callable[[Figure, Style, Case], str]] = {
    Kind.CARDINAL: _cardinal,
    Kind.ORDINAL: _ordinal,
    Kind.PERCENT: _percent,
    Kind.PERCENTAGE_POINT: _points,
    Kind.MONEY: _money,
    Kind.MEASURE: _counted,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DURATION: _counted,
    Kind.AGE: _age,
    Kind.RATIO: _ratio,
    Kind.MULTIPLE: _multiple,
    Kind.SCORE: _score,
    Kind.RANGE: _range,
    Kind.DECADE: _decade,
    Kind.CENTURY: _century,
    Kind.IDENTIFIER: _identifier,
}
