"""The lexicon: all that the engine knows of a language, in the same fields for each, filled from the tables under `data/`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from svodka.figures.chars import fold
from svodka.figures.compounds import Compounds, Tail
from svodka.figures.lang import GRAMMARS
from svodka.figures.phrases import Phrases
from svodka.figures.types import Kind, Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from svodka.figures.lang import Grammar

__all__ = ["LANGUAGES", "CalendarWord", "Lexicon", "NumberWord", "Worth", "lexicon", "table"]

LANGUAGES = ("en", "ru")


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


def table(name: str) -> Iterator[list[str]]:
    """The lines of a table as lists of cells; comments and empty lines are left out."""
    text = resources.files("svodka.figures").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Sets:
    """Small closed sets of words that rules ask for; the tables `sets.*.tsv` say what each is for."""

    paid_things: frozenset[str]
    weighed_after: frozenset[str]
    version_words: frozenset[str]
    heavy_words: frozenset[str]
    pound_adjectives: frozenset[str]
    pound_words: frozenset[str]
    century_singular: frozenset[str]
    quarter_forms: frozenset[str]
    quarters_after: frozenset[str]
    weekday_pairs: frozenset[str]
    ordered_forms: frozenset[str]
    instrumental_suffixes: frozenset[str]
    time_told: frozenset[str]
    qualifier_gaps: frozenset[str]
    inverted_units: frozenset[str]
    unit_adjectives: frozenset[str]
    per_words: frozenset[str]
    change_words: frozenset[str]
    overnight: frozenset[str]
    in_year: frozenset[str]
    year_of: frozenset[str]
    hour_letters: frozenset[str]
    age_bounds: frozenset[str]
    age_forms: frozenset[str]
    age_links: frozenset[str]
    part_closers: frozenset[str]
    part_before: frozenset[str]
    plus_words: frozenset[str]
    plural_years: frozenset[str]
    leading_qualifiers: frozenset[str]
    ordinal_units: frozenset[str]
    to_words: frozenset[str]
    past_words: frozenset[str]
    appointed: frozenset[str]
    appointed_on: frozenset[str]
    not_joined: frozenset[str]
    articles: frozenset[str]
    at_alone: frozenset[str]
    at_hour_words: frozenset[str]
    at_words: frozenset[str]
    before_roman_one: frozenset[str]
    books: frozenset[str]
    cardinal_suffixes: frozenset[str]
    century_abbreviations: frozenset[str]
    century_words: frozenset[str]
    clock_before: frozenset[str]
    clock_not_after: frozenset[str]
    counting_prefixes: frozenset[str]
    decade_not_before: frozenset[str]
    decade_words: frozenset[str]
    decimal_words: frozenset[str]
    doubtful_decades: frozenset[str]
    doubtful_weekdays: frozenset[str]
    duration_after: frozenset[str]
    each_words: frozenset[str]
    fiscal_words: frozenset[str]
    governors: frozenset[str]
    half_not_after: frozenset[str]
    half_not_before: frozenset[str]
    hour_words: frozenset[str]
    joiners: frozenset[str]
    list_words: frozenset[str]
    lone_hours: frozenset[str]
    metre_after: frozenset[str]
    minus: frozenset[str]
    minute_words: frozenset[str]
    month_before: frozenset[str]
    month_things: frozenset[str]
    month_not_before: frozenset[str]
    mayan: frozenset[str]
    roman_things: frozenset[str]
    settled_after: frozenset[str]
    plainly_over: frozenset[str]
    sentences: frozenset[str]
    midlife: frozenset[str]
    number_signs: frozenset[str]
    of_parts: frozenset[str]
    of_words: frozenset[str]
    one_not_after: frozenset[str]
    one_not_before: frozenset[str]
    one_words: frozenset[str]
    one_and_half: frozenset[str]
    before_inverted: frozenset[str]
    openers_between: frozenset[str]
    openers_from: frozenset[str]
    ordinal_suffixes: frozenset[str]
    part_after: frozenset[str]
    part_compared: frozenset[str]
    part_nouns: frozenset[str]
    part_ones: frozenset[str]
    plural_exceptions: frozenset[str]
    plural_suffixes: frozenset[str]
    products: frozenset[str]
    range_and: frozenset[str]
    range_bare: frozenset[str]
    range_to: frozenset[str]
    score_words: frozenset[str]
    since_words: frozenset[str]
    weekday_joiners: frozenset[str]
    weekday_links: frozenset[str]
    year_abbreviations: frozenset[str]
    year_before: frozenset[str]
    year_joiners: frozenset[str]
    year_compared: frozenset[str]
    year_never_after: frozenset[str]
    year_nouns: frozenset[str]
    year_signs_before: frozenset[str]
    year_words: frozenset[str]


def _sets(lang: str) -> Sets:
    cells = {name: frozenset(words.split()) for name, words in table(f"sets.{lang}")}
    return Sets(**cells)


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
        sets=_sets(lang),
        changes=tuple(sorted(_sets(lang).settled_after)),
        grammar=GRAMMARS[lang],
    )
