"""Figures as hypothesis draws them, kind by kind, and the sentences that they are put into."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from svodka.figures import Clock, Date, Figure, Kind, Qualifier, Range, Score
from svodka.figures.render import Case

__all__ = ["FIGURES", "Carrier", "carriers", "figure"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """A sentence with a place for a figure, and the case that it asks for."""

    text: str
    case: Case = Case.NOMINATIVE


def figure(kind, value, unit=None, qualifier=None, precision=None):
    """A figure that stands nowhere yet."""
    return Figure(kind=kind, value=value, unit=unit, qualifier=qualifier, precision=precision, rule="drawn", start=0, end=0, text="")


def _decimals(low, high, places=2):
    return st.integers(low * 10**places, high * 10**places).map(lambda number: Fraction(number, 10**places))


WHOLE = st.one_of(
    st.integers(2, 999),
    st.integers(1000, 999_999),
    st.integers(1, 999).map(lambda number: number * 1000),
    st.integers(1, 9999).map(lambda number: number * 10**6),
    st.integers(1, 9999).map(lambda number: number * 10**8),
    st.integers(10**6, 10**14),
).map(Fraction)
QUANTITIES = st.one_of(WHOLE, _decimals(1, 9999), _decimals(1, 99, places=1).map(lambda number: number * 10**9))
QUALIFIERS = st.sampled_from([None, *Qualifier])
CURRENCIES = st.sampled_from(
    ["USD", "EUR", "GBP", "RUB", "JPY", "CNY", "CHF", "UAH", "KZT", "PLN", "TRY", "INR", "SEK", "CZK", "BYN", "AUD", "CAD", "SGD", "HKD"]
)
LENGTHS = ["km", "m", "cm", "mm", "mi", "nmi", "yd", "ft", "in", "km2", "m2", "mi2", "ha", "acre"]
UNITS = st.sampled_from(
    [*LENGTHS, "m3", "l", "gal", "bbl", "t", "kg", "g", "mg", "oz", "km/h", "m/s", "mph", "°C", "°F", "°", "kW", "MW", "GW", "GB"]
)
SPANS = st.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"])
CENTS = st.integers(1, 99).map(lambda cents: Fraction(cents, 100))
CENTED = ["USD", "EUR", "RUB"]
YEARS = st.integers(1700, 2049)


@st.composite
def _numbers(draw, kind, values, units=None, qualifiers=QUALIFIERS):
    return figure(kind, draw(values), None if units is None else draw(units), draw(qualifiers))


@st.composite
def _dates(draw):
    day = draw(st.integers(1, 28))
    month = draw(st.integers(1, 12))
    year = draw(YEARS)
    shapes = [
        Date(year=year, month=month, day=day),
        Date(month=month, day=day),
        Date(year=year, month=month),
        Date(month=month),
        Date(year=year),
        Date(weekday=draw(st.integers(1, 7))),
        Date(year=year, month=month, day=day, weekday=draw(st.integers(1, 7))),
        Date(month=month, day=day, weekday=draw(st.integers(1, 7))),
        Date(year=year, fiscal=True),
        Date(year=year, season=draw(st.sampled_from(["spring", "summer", "autumn", "winter"]))),
    ]
    return draw(st.sampled_from(shapes))


_CLOCKS = st.builds(Clock, hour=st.integers(0, 23), minute=st.integers(0, 59), zone=st.sampled_from([None, "MSK", "GMT"]))
_SECONDS = st.builds(Clock, hour=st.integers(10, 23), minute=st.integers(0, 59), second=st.integers(0, 59))
_HOURS = st.builds(Clock, hour=st.integers(1, 11), open_half=st.just(True))


@st.composite
def _pairs(draw, values):
    low, high = draw(values), draw(values)
    return (low, high) if low < high else (high, low + (low == high))


@st.composite
def _ranges(draw):
    of, values, units = draw(
        st.sampled_from(
            [
                (Kind.CARDINAL, st.integers(10, 99).map(Fraction), None),
                (Kind.MONEY, st.integers(10, 900).map(lambda number: Fraction(number * 1000)), CURRENCIES),
                (Kind.MONEY, st.integers(11, 99).map(lambda number: Fraction(number * 10**8)), CURRENCIES),
                (Kind.MEASURE, st.integers(1, 99).map(Fraction), UNITS),
                (Kind.DURATION, st.integers(1, 99).map(Fraction), SPANS),
                (Kind.PERCENT, st.integers(1, 99).map(Fraction), None),
            ]
        )
    )
    low, high = draw(_pairs(values))
    return figure(Kind.RANGE, Range(low=low, high=high, of=of), None if units is None else draw(units))


@st.composite
def _date_ranges(draw):
    month, year = draw(st.integers(1, 11)), draw(YEARS)
    low, high = draw(_pairs(st.integers(1, 27)))
    shapes = [
        (Date(month=month, day=low), Date(month=month, day=high)),
        (Date(year=year, month=month, day=low), Date(year=year, month=month, day=high)),
        (Date(year=year), Date(year=year + low)),
    ]
    first, second = draw(st.sampled_from(shapes))
    return figure(Kind.RANGE, Range(low=first, high=second, of=Kind.DATE))


_IDENTIFIERS = st.sampled_from(["F-16", "COVID-19", "B-52", "G7", "CO2", "0.85.3", "+74955550123", "H5N1", "MH17"])

FIGURES = {
    Kind.CARDINAL: _numbers(Kind.CARDINAL, QUANTITIES),
    Kind.ORDINAL: _numbers(Kind.ORDINAL, st.integers(1, 999).map(Fraction), qualifiers=st.none()),
    Kind.PERCENT: _numbers(Kind.PERCENT, st.one_of(_decimals(-40, 300, places=1), st.integers(0, 100).map(Fraction))),
    Kind.PERCENTAGE_POINT: _numbers(Kind.PERCENTAGE_POINT, _decimals(1, 30, places=1)),
    Kind.MONEY: _numbers(Kind.MONEY, QUANTITIES, CURRENCIES) | _numbers(Kind.MONEY, CENTS, st.sampled_from(CENTED)),
    Kind.MEASURE: _numbers(Kind.MEASURE, QUANTITIES | _decimals(-60, -1, places=1), UNITS),
    Kind.DURATION: _numbers(Kind.DURATION, st.one_of(st.integers(2, 400).map(Fraction), _decimals(1, 30, places=1)), SPANS),
    Kind.AGE: _numbers(Kind.AGE, st.integers(1, 110).map(Fraction), st.sampled_from(["year", "year", "month", "week"])),
    Kind.RATIO: _numbers(
        Kind.RATIO,
        st.builds(Fraction, st.integers(1, 9), st.just(10)) | st.sampled_from([Fraction(n, d) for d in range(2, 10) for n in range(1, d)]),
    ),
    Kind.MULTIPLE: _numbers(
        Kind.MULTIPLE, st.one_of(st.integers(2, 40).map(Fraction), _decimals(1, 9, places=1).filter(lambda number: number > 1))
    ),
    Kind.SCORE: st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda points: figure(Kind.SCORE, Score(points=points))),
    Kind.DATE: _dates().map(lambda date: figure(Kind.DATE, date)),
    Kind.TIME: st.one_of(_CLOCKS, _SECONDS, _HOURS).map(lambda clock: figure(Kind.TIME, clock)),
    Kind.RANGE: st.one_of(_ranges(), _date_ranges()),
    Kind.DECADE: st.sampled_from([*range(1900, 2020, 10), 50, 60, 70, 80, 90]).map(lambda year: figure(Kind.DECADE, Fraction(year))),
    Kind.CENTURY: st.one_of(st.integers(2, 21), st.integers(-9, -2)).map(lambda century: figure(Kind.CENTURY, Fraction(century))),
    Kind.IDENTIFIER: _IDENTIFIERS.map(lambda name: figure(Kind.IDENTIFIER, name)),
}
# No table of FIGURES forgets a kind: the tests draw from each.

_PLAIN = {"en": [Carrier(text="The figure was {}, they said.")], "ru": [Carrier(text="В отчёте указано {}, сообщили там.")]}


def carriers(lang, drawn):
    """Sentences in which a figure of that kind stands in the press."""
    own = _CARRIERS[lang].get(drawn.kind)
    if drawn.kind is Kind.DATE and drawn.value.day is drawn.value.weekday is None:
        own = _YEAR[lang]
    if drawn.kind is Kind.RANGE and drawn.value.of is Kind.DATE and drawn.value.low.month is None:
        own = _YEAR[lang]
    own = own or _PLAIN[lang]
    if drawn.kind is Kind.DURATION and drawn.unit == "year" and isinstance(drawn.value, Fraction) and drawn.value % 10 == 1:
        # «281 году» is the year 281 as well: no press writes the span so.
        own = [carrier for carrier in own if carrier.case not in (Case.DATIVE, Case.PREPOSITIONAL)]
    return own


_YEAR = {"en": [Carrier(text="It was built in {} by hand.")], "ru": [Carrier(text="Это построили в {} вручную.", case=Case.PREPOSITIONAL)]}
_OBLIQUE = [
    Carrier(text="В отчёте указано {}, сообщили там."),
    Carrier(text="Итог равен {}, сообщили там.", case=Case.DATIVE),
    Carrier(text="Ограничились {}, сообщили там.", case=Case.INSTRUMENTAL),
    Carrier(text="Там рассказали о {}, но не подробно.", case=Case.PREPOSITIONAL),
]
_CARRIERS = {
    "en": {
        Kind.CARDINAL: [Carrier(text="The fund helped {} farmers."), Carrier(text="They counted {}.")],
        Kind.ORDINAL: [Carrier(text="He won the {} race.")],
        Kind.MONEY: [Carrier(text="The bridge cost {} to build."), Carrier(text="They owe {}.")],
        Kind.AGE: [Carrier(text="The driver was {}."), Carrier(text="Her dog is {}, she said.")],
        Kind.RATIO: [Carrier(text="It reached {} of the houses.")],
        Kind.MULTIPLE: [Carrier(text="Prices rose {} as fast.")],
        Kind.SCORE: [Carrier(text="The hosts won {} at home.")],
        Kind.DATE: [Carrier(text="It began on {} as planned.")],
        Kind.TIME: [Carrier(text="It began at {} as planned.")],
        Kind.DECADE: [Carrier(text="It was built in the {} by hand.")],
        Kind.CENTURY: [Carrier(text="It was built in the {} by hand.")],
    },
    "ru": {
        Kind.CARDINAL: [Carrier(text="Фонд помог: {} фермеров."), Carrier(text="В списке {} человек.")],
        Kind.ORDINAL: [Carrier(text="Это {} дом на улице."), Carrier(text="Он доехал до {} дома.", case=Case.GENITIVE)],
        Kind.MONEY: [Carrier(text="Мост стоит {} по смете."), *_OBLIQUE],
        Kind.PERCENT: _OBLIQUE,
        Kind.PERCENTAGE_POINT: _OBLIQUE,
        Kind.MEASURE: _OBLIQUE,
        Kind.DURATION: _OBLIQUE,
        Kind.AGE: [Carrier(text="На дороге стоял {} мужчина.")],
        Kind.RATIO: [Carrier(text="Пострадала {} домов."), Carrier(text="Не хватает {} домов.", case=Case.GENITIVE)],
        Kind.MULTIPLE: [Carrier(text="Цены выросли {} за год.")],
        Kind.SCORE: [Carrier(text="Хозяева победили {} дома.")],
        Kind.DATE: [Carrier(text="Событие назначено на {} по плану.", case=Case.ACCUSATIVE)],
        Kind.TIME: [Carrier(text="Поезд ушёл в {} по плану.")],
        Kind.DECADE: [Carrier(text="Его построили в {} вручную.", case=Case.PREPOSITIONAL)],
        Kind.CENTURY: [Carrier(text="Его построили в {} вручную.", case=Case.PREPOSITIONAL)],
    },
}
