"""Dates and times of day as the Russian press writes them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.agreement import Case, Noun, agree, inflect, ordinal
from svodka.figures.types import Date
from svodka.figures.writing.calendar import month_name, weekday_name
from svodka.figures.writing.numbers import Style, wordbook

if TYPE_CHECKING:
    from svodka.figures.types import Clock

__all__ = ["LANGUAGE", "clock_text", "date_range", "date_text"]

LANGUAGE = "ru"
_HOUR = Noun(noun="час")
_MINUTE = Noun(noun="минута")
_DIRECT = (Case.NOMINATIVE, Case.ACCUSATIVE)


def date_text(date: Date, style: Style, case: Case) -> str:
    """A date as far as it is stated: «понедельник, 14 августа 2023 года», «летом 2023 года»."""
    weekday = inflect(weekday_name(date.weekday, LANGUAGE), case) if date.weekday else ""
    return ", ".join(part for part in (weekday, _day_text(date, style, case)) if part)


def _day_text(date: Date, style: Style, case: Case) -> str:
    """«14 августа 2023 года», «август 2023 года», «лето 2023 года», «2023 год»."""
    era = " до н. э." if date.year is not None and date.year < 0 else ""
    year = "" if date.year is None else str(abs(date.year))
    of_year = f"{year} года{era}" if year else ""
    if date.fiscal:
        return f"{year} {inflect('финансовый', case, 'sing', 'masc')} {inflect('год', case)}"
    if date.season is not None:
        return f"{inflect(wordbook(LANGUAGE).word('seasons', date.season), case)} {of_year}".strip()
    if date.month is None:
        return (
            f"{ordinal(str(date.day), case)} {inflect('число', case)}"
            if date.day
            else f"{year} {inflect('год', case)}{era}"
            if year
            else ""
        )
    if date.day is None:
        return f"{inflect(month_name(date.month, LANGUAGE, alone=True), case)} {of_year}".strip()
    if style is Style.COMPACT and year and not date.weekday:
        return f"{date.day:02d}.{date.month:02d}.{year}"
    return f"{date.day} {month_name(date.month, LANGUAGE)} {of_year}".strip()


def clock_text(clock: Clock, case: Case) -> str:
    """A time of day: «19:30 по московскому времени», «7 часов» where the half of the day is open."""
    zone = f" {wordbook(LANGUAGE).word('zones', clock.zone, clock.zone)}" if clock.zone else ""
    if clock.open_half:
        # A face of digits would be read on the clock of 24.
        hours = f"{clock.hour} {agree(Fraction(clock.hour), _HOUR, case)}"
        return hours + (f" {clock.minute} {agree(Fraction(clock.minute), _MINUTE, case)}" if clock.minute else "") + zone
    return f"{clock.hour:02d}:{clock.minute:02d}" + ("" if clock.second is None else f":{clock.second:02d}") + zone


def date_range(low: Date, high: Date, case: Case) -> str:
    """Ends of a stretch of time: «2013–2014 годы», «10–12 августа 2023 года», «28 мая – 4 июня»."""
    if low == Date(year=low.year) and high == Date(year=high.year) and low.year and low.year > 0:
        return f"{low.year}–{high.year} {agree(Fraction(2), Noun(noun='год'), case) if case not in _DIRECT else 'годы'}"
    running = Style.PRESS
    bare = replace(low, year=None) if low.year == high.year and low.month else low
    together = low.day and high.day and not low.weekday and not high.weekday and (low.month, low.year) == (high.month, high.year)
    if together:
        return f"{low.day}–{date_text(high, running, case)}"
    return f"{date_text(bare, running, case)} – {date_text(high, running, case)}"
