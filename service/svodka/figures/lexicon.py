"""The lexicon: all that the engine knows of a language, in the same fields for each, filled from the tables under `data/`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from svodka.figures.chars import fold
from svodka.figures.phrases import Phrases
from svodka.figures.types import Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    """A unit and what one of it is worth in the unit that figures are kept in: a cent is 1/100 USD."""

    unit: str
    factor: Fraction = Fraction(1)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """A language as the engine sees it."""

    name: str
    decimal: str
    group: str
    month_first: bool
    numbers: Mapping[str, NumberWord]
    scales: Phrases[Fraction]
    attached_scales: Phrases[Fraction]
    money_scales: Phrases[Fraction]
    signs: Phrases[Worth]
    currencies: Phrases[Worth]
    percents: Phrases[Worth]
    calendar: Phrases[CalendarWord]
    before: Phrases[Qualifier]
    after: Phrases[Qualifier]
    minus: frozenset[str]
    joiners: frozenset[str]
    articles: frozenset[str]
    genitive_governors: frozenset[str]
    year_before: frozenset[str]
    year_words: frozenset[str]
    of_words: frozenset[str]
    year_joiners: frozenset[str]
    year_signs: Phrases[str]
    bare_scales: bool


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


def _worths(name: str) -> Phrases[Worth]:
    return Phrases((form, Worth(unit=unit, factor=Fraction(factor))) for unit, factor, forms in table(name) for form in _forms(forms))


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


def _sets(lang: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in table(f"sets.{lang}")}


# What is no table: how each language writes its numbers and dates.
_HABITS = {"en": (".", ",", True), "ru": (",", ".", False)}


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language, read once."""
    if lang not in LANGUAGES:
        raise ValueError(f"no figures are read in language {lang!r}: known are {', '.join(LANGUAGES)}")
    decimal, group, month_first = _HABITS[lang]
    sets = _sets(lang)
    return Lexicon(
        name=lang,
        decimal=decimal,
        group=group,
        month_first=month_first,
        numbers=_numbers(lang),
        scales=_scales(lang, ""),
        attached_scales=_scales(lang, "+"),
        money_scales=_scales(lang, "$"),
        signs=_worths("currencies"),
        currencies=_worths(f"currencies.{lang}"),
        percents=_worths(f"percent.{lang}"),
        calendar=_calendar(lang),
        before=_qualifiers(lang, "before"),
        after=_qualifiers(lang, "after"),
        minus=sets["minus"],
        joiners=sets["joiners"],
        articles=sets["articles"],
        genitive_governors=sets.get("genitive_governors", frozenset()),
        year_before=sets["year_before"],
        year_words=sets["year_words"],
        of_words=sets["of_words"],
        year_joiners=sets["year_joiners"],
        year_signs=Phrases((sign, "") for sign in sets["year_signs"]),
        bare_scales=not sets["articles"],
    )
