"""What the slots of a template may hold: a drawn figure or name, which writes itself in either language."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from svodka.figures import Case, Clock, Date, Figure, Kind, Qualifier, Range, Score, Style, Value, render
from svodka.figures.agreement import Noun, agree, inflect

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["SLOTS", "Drawn", "Vocabulary"]

_CURRENCIES = ("USD", "USD", "USD", "RUB", "RUB", "RUB", "EUR", "EUR", "GBP", "CNY", "JPY", "UAH", "CHF")
_QUALIFIERS = (Qualifier.MORE_THAN, Qualifier.ABOUT, Qualifier.AT_LEAST, Qualifier.NEARLY, Qualifier.LESS_THAN)
_PERSON = Noun(noun="человек", many="человек")
_YEAR = Noun(noun="год", many="лет")
# All masculine, so that «два» and «двадцать четыре» agree.
_SPANS = (
    ("years", _YEAR),
    ("months", Noun(noun="месяц")),
    ("days", Noun(noun="день")),
    ("hours", Noun(noun="час")),
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """Names, nouns and other words of the templates, English beside Russian."""

    names: dict[str, list[list[str]]]
    nouns: dict[str, list[list[str]]]
    words: dict[str, list[list[str]]]


class Drawn(Protocol):
    """Writes what was drawn."""

    def __call__(self, lang: str, style: Style, case: Case, /) -> str:
        """The text in a language; English ignores the case."""
        ...


class Slot(Protocol):
    """Draws what a slot holds; `shared` is what the slots of a sentence must agree on."""

    def __call__(self, chance: random.Random, vocabulary: Vocabulary, shared: dict[str, str], /) -> Drawn:
        """One draw."""
        ...


def _figure(kind: Kind, value: Value, unit: str | None = None, qualifier: Qualifier | None = None) -> Figure:
    return Figure(kind=kind, value=value, unit=unit, qualifier=qualifier, rule="drawn", start=0, end=0, text="")


def _written(figure: Figure) -> Drawn:
    return lambda lang, style, case: render(figure, lang, style, case=case)


def _date(chance: random.Random, *, year: bool = True, month: bool = True, day: bool = True) -> Drawn:
    number = chance.randint(1, 12)
    return _written(
        _figure(
            Kind.DATE,
            Date(
                year=chance.randint(1985, 2027) if year else None,
                month=number if month else None,
                day=chance.randint(1, _DAYS[number - 1]) if day else None,
            ),
        )
    )


def _amount(chance: random.Random) -> Fraction:
    """A number as news have them: "5.4 million", "750,000", "38 billion"."""
    scale = chance.choice((1, 1, 1000, 1000, 10**6, 10**6, 10**9, 10**9, 10**12))
    places = chance.choice((0, 0, 1)) if scale >= 10**6 else 0
    digits = chance.choice((1, 2, 2, 3))
    return Fraction(chance.randint(10 ** (digits - 1) * 10**places, 10**digits * 10**places), 10**places) * scale


def _money(chance: random.Random, qualifier: Qualifier | None = None) -> Drawn:
    return _written(_figure(Kind.MONEY, max(_amount(chance), Fraction(1000)), chance.choice(_CURRENCIES), qualifier))


def _price(chance: random.Random) -> Drawn:
    return _written(_figure(Kind.MONEY, Fraction(chance.randint(150, 30_000), chance.choice((1, 10, 100))), chance.choice(_CURRENCIES)))


def _percent_value(chance: random.Random) -> Fraction:
    return Fraction(chance.randint(11, 990), 10) if chance.random() < 0.5 else Fraction(chance.randint(2, 99))


def _percent(chance: random.Random, qualifier: Qualifier | None = None) -> Drawn:
    return _written(_figure(Kind.PERCENT, _percent_value(chance), None, qualifier))


def _counted(chance: random.Random, vocabulary: Vocabulary, group: str, qualifier: Qualifier | None = None) -> Drawn:
    _, many, russian, irregular = chance.choice(vocabulary.nouns[group])
    number = chance.choice((chance.randint(2, 99), chance.randint(100, 999), chance.randint(10, 99) * 1000, chance.randint(2, 40) * 10**6))
    if number % 10 == 1:
        number += 1  # «21 человек пострадал», but «22 человека пострадали»
    return _with_noun(Fraction(number), many, Noun(noun=russian, many=irregular), qualifier)


def _with_noun(number: Fraction, english: str, russian: Noun, qualifier: Qualifier | None) -> Drawn:
    figure = _figure(Kind.CARDINAL, number, None, qualifier)

    def write(lang: str, style: Style, case: Case) -> str:
        text = render(figure, lang, style, case=case)
        if lang == "en":
            return f"{text} {english}"
        if text[-1].isdigit():
            own = Case.GENITIVE if qualifier not in (None, Qualifier.NEARLY) else case
            return f"{text} {agree(number, russian, own)}"
        return f"{text} {agree(Fraction(5), russian)}"  # behind «тысяч» and «млн» always the genitive plural

    return write


def _headcount(chance: random.Random, qualifier: Qualifier | None = None) -> Drawn:
    number = Fraction(chance.choice((chance.randint(12, 990) * 1000, Fraction(chance.randint(11, 290), 10) * 10**6)))
    return _with_noun(number, "people", _PERSON, qualifier)


def _measure(chance: random.Random, low: int, high: int, *units: str) -> Drawn:
    return _written(_figure(Kind.MEASURE, Fraction(chance.randint(low, high)), chance.choice(units)))


def _duration(chance: random.Random, *units: str) -> Drawn:
    return _written(_figure(Kind.DURATION, Fraction(chance.randint(2, 24)), chance.choice(units)))


def _clock(chance: random.Random) -> Drawn:
    return _written(_figure(Kind.TIME, Clock(hour=chance.randint(0, 23), minute=chance.choice((0, 0, 5, 10, 15, 20, 30, 45, 50)))))


def _ends(chance: random.Random, of: Kind, unit: str | None, scale: int) -> Drawn:
    low = chance.randint(2, 60)
    span = Range(low=Fraction(low * scale), high=Fraction((low + chance.randint(1, 9)) * scale), of=of)
    return _written(_figure(Kind.RANGE, span, unit))


def _years(chance: random.Random) -> Drawn:
    first = chance.randint(1990, 2020)
    return _written(_figure(Kind.RANGE, Range(low=Date(year=first), high=Date(year=first + chance.randint(1, 5)), of=Kind.DATE)))


def _named(english: str, russian: str) -> Drawn:
    return lambda lang, _style, _case: english if lang == "en" else russian


def _person(chance: random.Random, vocabulary: Vocabulary, shared: dict[str, str]) -> Drawn:
    group = _gender(chance, shared)
    first, last = chance.choice(vocabulary.names[group]), chance.choice(vocabulary.names["surnames"])
    return _named(f"{first[0]} {last[0]}", f"{first[1]} {last[1]}")


def _gender(chance: random.Random, shared: dict[str, str]) -> str:
    return shared.setdefault("gender", chance.choice(("men", "women")))


def _said(chance: random.Random, _vocabulary: Vocabulary, shared: dict[str, str]) -> Drawn:
    return _named("said", "сообщил" if _gender(chance, shared) == "men" else "сообщила")


def _aged(chance: random.Random, _vocabulary: Vocabulary, shared: dict[str, str]) -> Drawn:
    years = chance.randint(19, 89)
    return _named(str(years), f"{years}-{'летний' if _gender(chance, shared) == 'men' else 'летняя'}")


def _city(chance: random.Random, vocabulary: Vocabulary, _shared: dict[str, str]) -> Drawn:
    english, russian = chance.choice(vocabulary.names["cities"])
    return lambda lang, _style, case: english if lang == "en" else inflect(russian.lower(), case).capitalize()


def _won(chance: random.Random) -> tuple[int, int]:
    lost = chance.randint(0, 4)
    return lost + chance.randint(1, 4), lost


def _spelled(chance: random.Random, vocabulary: Vocabulary, _shared: dict[str, str]) -> Drawn:
    """A number in words: "fourteen banks", «четырнадцать банков»."""
    _, many, noun = chance.choice(vocabulary.words["nouns"])
    return _in_words(chance, vocabulary, many, Noun(noun=noun))


def _in_words(chance: random.Random, vocabulary: Vocabulary, english: str, russian: Noun) -> Drawn:
    value, english_number, russian_number = chance.choice(vocabulary.words["numbers"])
    return _named(f"{english_number} {english}", f"{russian_number} {agree(Fraction(value), russian)}")


def _years_old(chance: random.Random) -> Drawn:
    """The 48-year-old bridge: «48-летний мост»."""
    years = chance.randint(5, 150)
    return _named(f"{years}-year-old", f"{years}-летний")


def _aircraft(*, begins: str = "") -> Slot:
    """An aircraft; `begins` are the letters that it may begin with, by sound, for its article."""

    def draw(chance: random.Random, vocabulary: Vocabulary, _shared: dict[str, str], /) -> Drawn:
        known = [names for names in vocabulary.words["aircraft"] if not begins or names[0][0] in begins]
        return _named(*chance.choice(known))

    return draw


def _place(chance: random.Random) -> Drawn:
    number = chance.randint(2, 30)
    english = _written(_figure(Kind.ORDINAL, Fraction(number)))
    return lambda lang, style, case: english(lang, style, case) if lang == "en" else f"{number}-е"


def _plain(draw: Callable[[random.Random], Drawn]) -> Slot:
    return lambda chance, _vocabulary, _shared: draw(chance)


def _nouns(group: str, *, qualified: bool = False) -> Slot:
    return lambda chance, vocabulary, _shared: _counted(chance, vocabulary, group, chance.choice(_QUALIFIERS) if qualified else None)


SLOTS: dict[str, Slot] = {
    "aircraft": _aircraft(),
    "aircraft_a": _aircraft(begins="STMKB"),
    "aircraft_an": _aircraft(begins="IF"),  # "an Il-76", "an F-16"
    "age": _plain(lambda chance: _written(_figure(Kind.AGE, Fraction(chance.randint(18, 95)), "year"))),
    "aged": _aged,
    "buildings": _nouns("buildings"),
    "century": _plain(lambda chance: _written(_figure(Kind.CENTURY, Fraction(chance.randint(10, 20))))),
    "city": _city,
    "clock": _plain(_clock),
    "date": _plain(_date),
    "day": _plain(lambda chance: _date(chance, year=False)),
    "decade": _plain(lambda chance: _written(_figure(Kind.DECADE, Fraction(chance.randint(193, 202) * 10)))),
    "degrees": _plain(lambda chance: _measure(chance, -40, -5, "°C")),
    "duration": _plain(lambda chance: _duration(chance, "hour", "day", "week", "month", "minute")),
    "headcount": _plain(_headcount),
    "length": _plain(lambda chance: _measure(chance, 2, 900, "km", "km", "m")),
    "mass": _plain(lambda chance: _measure(chance, 2, 900, "t")),
    "money": _plain(_money),
    "moneys": _plain(lambda chance: _ends(chance, Kind.MONEY, chance.choice(_CURRENCIES), chance.choice((1000, 10**6, 10**9)))),
    "month": _plain(lambda chance: _date(chance, day=False)),
    "multiple": _plain(lambda chance: _written(_figure(Kind.MULTIPLE, Fraction(chance.randint(3, 30), chance.choice((1, 1, 2)))))),
    "people": _nouns("people"),
    "percent": _plain(_percent),
    "percents": _plain(lambda chance: _ends(chance, Kind.PERCENT, None, 1)),
    "person": _person,
    "place": _plain(_place),
    "point": _plain(lambda chance: _written(_figure(Kind.PERCENTAGE_POINT, Fraction(chance.randint(1, 20), chance.choice((1, 4, 10)))))),
    "price": _plain(_price),
    "said": _said,
    "score": _plain(lambda chance: _written(_figure(Kind.SCORE, Score(points=_won(chance))))),
    "share": _plain(lambda chance: _written(_figure(Kind.RATIO, Fraction(1, chance.randint(2, 5)) * chance.choice((1, 1, 2))))),
    "some_buildings": _nouns("buildings", qualified=True),
    "some_crowd": _plain(lambda chance: _headcount(chance, chance.choice(_QUALIFIERS))),
    "some_money": _plain(lambda chance: _money(chance, chance.choice(_QUALIFIERS))),
    "some_people": _nouns("people", qualified=True),
    "some_percent": _plain(lambda chance: _percent(chance, chance.choice(_QUALIFIERS))),
    "span": _plain(_years),
    "speed": _plain(lambda chance: _measure(chance, 5, 40, "m/s")),
    "spelled": _spelled,
    "spelled_people": lambda chance, vocabulary, _shared: _in_words(chance, vocabulary, "people", _PERSON),
    "spelled_span": lambda chance, vocabulary, _shared: _in_words(chance, vocabulary, *chance.choice(_SPANS)),
    "spelled_years": lambda chance, vocabulary, _shared: _in_words(chance, vocabulary, "years", _YEAR),
    "things": _nouns("things"),
    "votes": _plain(lambda chance: _written(_figure(Kind.CARDINAL, Fraction(chance.randint(5, 400))))),
    "weekday": _plain(lambda chance: _written(_figure(Kind.DATE, Date(weekday=chance.randint(1, 7))))),
    "year": _plain(lambda chance: _date(chance, month=False, day=False)),
    "years": _plain(lambda chance: _duration(chance, "year")),
    "years_old": _plain(_years_old),
}
