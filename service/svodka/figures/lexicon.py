"""The lexicon: all that the engine knows of a language, in the same fields for each, filled from the tables under `data/`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from svodka.figures.chars import fold
from svodka.figures.compounds import Compounds, Tail
from svodka.figures.lang import GRAMMARS
from svodka.figures.phrases import Phrases
from svodka.figures.sets import Sets, sets_of
from svodka.figures.tables import LANGUAGES, table
from svodka.figures.types import Kind, Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from svodka.figures.lang import Grammar

__all__ = ["CalendarWord", "Lexicon", "NumberWord", "Worth", "lexicon"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberWord:
    """What a word adds to a spelled-out number; the slots are explained in `svodka.figures.words`."""

    value: Fraction
    slot: str
    ordinal: bool = False
    form: str = ""  # "plural" or "genitive" where the form does not stand alone


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth:
    """What a number of something is: its kind of figure, and what one is worth in the unit that figures are kept in (a cent: 1/100 USD).

    A `close` form counts only where it touches the number: "5g".
    """

    kind: Kind
    unit: str | None
    factor: Fraction = Fraction(1)
    close: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarWord:
    """A word of the calendar: `what` is month, weekday or season; `short` forms count only beside a number."""

    what: str
    value: str
    short: bool = False

    @property
    def number(self) -> int:
        """The month or weekday as a number."""
        return int(self.value)

    @property
    def adjective(self) -> bool:
        """Whether the word only says when something else was: «мартовский»."""
        return self.what.endswith("-adjective")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockWord:
    """A word of the clock: `what` is noon (a time by itself), half (of the day) or hour; `value` tells which."""

    what: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How a language writes numbers and dates."""

    decimal: str
    month_first: bool
    bare_scales: bool  # "тысяча человек" needs no article
    clock_point: bool  # "19.30" may be a time


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """A language as the engine sees it."""

    name: str
    habits: Habits
    numbers: Mapping[str, NumberWord]
    compounds: Compounds
    scales: Phrases[Fraction]
    attached_scales: Phrases[Fraction]
    money_scales: Phrases[Fraction]
    signs: Phrases[Worth]
    units: Phrases[Worth]
    capital_units: Phrases[Worth]
    calendar: Phrases[CalendarWord]
    before: Phrases[Qualifier]
    after: Phrases[Qualifier]
    clock: Phrases[ClockWord]
    zones: Phrases[str]
    additions: Phrases[Fraction]
    parts: Phrases[Fraction]
    folds: Phrases[Fraction]
    decades: Phrases[int]
    eras: Phrases[int]
    ages: Phrases[str]
    ages_before: Phrases[str]
    age_words: Phrases[str]
    nearly_hours: Phrases[int]
    ratio_links: Phrases[str]
    romans: Mapping[str, int]
    codes: frozenset[str]
    fixed: Phrases[Worth]
    idioms: Phrases[str]
    named: Phrases[str]
    sets: Sets
    changes: tuple[str, ...]
    grammar: Grammar


def _forms(cell: str) -> list[str]:
    return [fold(form) for form in cell.split("; ")]


def _numbers(lang: str) -> dict[str, NumberWord]:
    words: dict[str, NumberWord] = {}
    for slot, value, forms in table(f"numbers.{lang}"):
        ordinal = slot.startswith("ordinal-")
        bare, _, form = slot.removeprefix("ordinal-").partition("-") if slot != "times-hundred" else (slot, "", "")
        word = NumberWord(value=Fraction(value), slot=bare, ordinal=ordinal, form=form)
        for spelling in forms.split():
            words.setdefault(spelling, word)
    return words


def _scales(lang: str, mark: str) -> Phrases[Fraction]:
    """The short scales that are written with `mark` in front in the table."""
    found: list[tuple[str, Fraction]] = []
    for value, forms in table(f"scales.{lang}"):
        for form in _forms(forms):
            own = form[0] if form[0] in "+$" else ""
            if own == mark or (mark == "+" and not own):
                found.append((form.removeprefix(own), Fraction(value)))
    return Phrases(found)


_KINDS = {"percent": Kind.PERCENT, "point": Kind.PERCENTAGE_POINT}


def _worths(*names: str) -> Phrases[Worth]:
    """The units of several tables; where two share a form, the first has it."""
    return Phrases(entry for name in names for entry in _worth_entries(name))


def _worth_entries(name: str) -> Iterator[tuple[str, Worth]]:
    for first, second, forms in table(name):
        if name.startswith("currencies"):
            worth = Worth(kind=Kind.MONEY, unit=first, factor=Fraction(second))
        elif name.startswith("percent"):
            worth = Worth(kind=_KINDS[first], unit=None, factor=Fraction(second))
        else:
            worth = Worth(kind=Kind(first), unit=second or None)
        for form in _forms(forms):
            close = form.startswith("+")
            yield form.removeprefix("+"), replace(worth, close=True) if close else worth


def _fixed(lang: str) -> Phrases[Worth]:
    """Amounts without a number: "a year and a half"."""
    return Phrases(
        (form, Worth(kind=Kind(kind), unit=unit or None, factor=Fraction(value)))
        for kind, unit, value, forms in table(f"fixed.{lang}")
        for form in _forms(forms)
    )


def _compounds(lang: str) -> Compounds:
    stems = {stem: (Fraction(value), slot) for value, slot, forms in table(f"stems.{lang}") for stem in forms.split()}
    tails = {stem: Tail(kind=kind, unit=unit, stem=stem) for kind, unit, forms in table(f"tails.{lang}") for stem in forms.split()}
    endings = frozenset(ending for (cell,) in table(f"endings.{lang}") for ending in cell.split())
    return Compounds(stems, tails, endings)


def _phrases(name: str) -> Phrases[str]:
    return Phrases((form, value) for value, forms in table(name) for form in _forms(forms))


def _fractions(name: str) -> Phrases[Fraction]:
    return Phrases((form, Fraction(value)) for value, forms in table(name) for form in _forms(forms))


def _integers(name: str) -> Phrases[int]:
    return Phrases((form, int(value)) for value, forms in table(name) for form in _forms(forms))


def _ages(lang: str, *places: str) -> Phrases[str]:
    return Phrases((form, place) for place, forms in table(f"ages.{lang}") if place in places for form in _forms(forms))


_LAST_ROMAN = 60
# Russian keyboards type Roman numerals with Cyrillic letters: «ХХ век» in Ха.
_TYPED = str.maketrans("xivcm", "хіусм")


def _romans() -> dict[str, int]:
    """Roman numerals in small letters, typed in either alphabet."""
    found: dict[str, int] = {}
    for number in range(1, _LAST_ROMAN + 1):
        tens, units = divmod(number, 10)
        roman = ("", "x", "xx", "xxx", "xl", "l", "lx")[tens] + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[units]
        for typed in (roman, roman.replace("x", "х"), roman.translate(_TYPED)):
            found[typed] = number
    return found


def _clock(lang: str) -> Phrases[ClockWord]:
    return Phrases((form, ClockWord(what=what, value=value)) for what, value, forms in table(f"clock.{lang}") for form in _forms(forms))


def _calendar(lang: str) -> Phrases[CalendarWord]:
    return Phrases(
        (form, CalendarWord(what=what.removesuffix("-short"), value=value, short=what.endswith("-short")))
        for what, value, forms in table(f"calendar.{lang}")
        for form in _forms(forms)
    )


def _qualifiers(lang: str, place: str) -> Phrases[Qualifier]:
    return Phrases(
        (form, Qualifier(name)) for name, where, forms in table(f"qualifiers.{lang}") if where == place for form in _forms(forms)
    )


_HABITS = {
    "en": Habits(decimal=".", month_first=True, bare_scales=False, clock_point=False),
    "ru": Habits(decimal=",", month_first=False, bare_scales=True, clock_point=True),
}


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language, read once."""
    if lang not in LANGUAGES:
        raise ValueError(f"no figures are read in language {lang!r}: known are {', '.join(LANGUAGES)}")
    return Lexicon(
        name=lang,
        habits=_HABITS[lang],
        numbers=_numbers(lang),
        compounds=_compounds(lang),
        scales=_scales(lang, ""),
        attached_scales=_scales(lang, "+"),
        money_scales=_scales(lang, "$"),
        signs=_worths("currencies"),
        units=_worths(f"units.{lang}", f"currencies.{lang}", f"percent.{lang}", "units", "currencies"),
        capital_units=_worths("capitals"),
        calendar=_calendar(lang),
        before=_qualifiers(lang, "before"),
        after=_qualifiers(lang, "after"),
        clock=_clock(lang),
        zones=_phrases(f"zones.{lang}"),
        additions=_fractions(f"additions.{lang}"),
        parts=_fractions(f"parts.{lang}"),
        folds=_fractions(f"folds.{lang}"),
        decades=_integers(f"decades.{lang}"),
        eras=_integers(f"eras.{lang}"),
        ages=_ages(lang, "after"),
        ages_before=_ages(lang, "unit"),
        age_words=_ages(lang, "before", "inside"),
        nearly_hours=_integers(f"nearly_hours.{lang}"),
        ratio_links=_phrases(f"ratio_links.{lang}"),
        romans=_romans(),
        codes=frozenset(code for (cell,) in table("codes") for code in cell.split()),
        fixed=_fixed(lang),
        idioms=_phrases(f"idioms.{lang}"),
        named=_phrases(f"named.{lang}"),
        sets=sets_of(lang),
        changes=tuple(sorted(sets_of(lang).settled_after)),
        grammar=GRAMMARS[lang],
    )
