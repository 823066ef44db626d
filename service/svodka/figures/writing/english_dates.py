"""Dates, times of day and ordinals as the English press writes them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.types import Date
from svodka.figures.writing.calendar import month_name, weekday_name
from svodka.figures.writing.numbers import Style, digits, wordbook

if TYPE_CHECKING:
    from svodka.figures.types import Clock

__all__ = ["LANGUAGE", "clock_text", "date_range", "date_text", "ordinal_text"]

LANGUAGE = "en"
_OLD = 99  # "in 79" would be no year


def date_text(date: Date, style: Style) -> str:
    """A date as far as it is stated: "Monday, 14 August 2023", "summer 2023", "fiscal 2017"."""
    if date.fiscal or date.season is not None:
        words = ("fiscal" if date.fiscal else "", date.season, date.year)
        return " ".join(str(word) for word in words if word)
    weekday = weekday_name(date.weekday, LANGUAGE) if date.weekday else ""
    day = _day_text(date, style)
    return ", ".join(part for part in (weekday, day) if part)


def _day_text(date: Date, style: Style) -> str:
    year = "" if date.year is None else _year_text(date.year)
    if date.month is None:
        return f"the {ordinal_text(Fraction(date.day))}" if date.day else year
    month = month_name(date.month, LANGUAGE, short=style is Style.COMPACT and date.day is not None)
    if date.day is None:
        return f"{month} {year}".strip()
    if style is Style.AMERICAN:
        return f"{month} {date.day}" + (f", {year}" if year else "")
    return f"{date.day} {month} {year}".strip()


def _year_text(year: int) -> str:
    if year < 0:
        return f"{-year} BC"
    return str(year) if year > _OLD else f"AD {year}"


def clock_text(clock: Clock, style: Style) -> str:
    """A time of day: "7:30 p.m.", "noon", "7 o'clock" where the half of the day is open."""
    zone = f" {wordbook(LANGUAGE).word('zones', clock.zone, clock.zone)}" if clock.zone else ""
    if clock.open_half:
        return (f"{clock.hour}:{clock.minute:02d}" if clock.minute else f"{clock.hour} o'clock") + zone
    seconds = "" if clock.second is None else f":{clock.second:02d}"
    if clock.hour % 12 == 0 and clock.minute == 0 and not seconds:
        return ("noon" if clock.hour % 24 else "midnight") + zone
    minutes = f":{clock.minute:02d}" if clock.minute or seconds else ""
    half = "p.m." if 12 <= clock.hour < 24 else "a.m."
    # A face of 24 hours would leave it open in print whether 10:30 is in the morning.
    half = half.replace(".", "") if style is Style.COMPACT else f" {half}"
    return f"{clock.hour % 12 or 12}{minutes}{seconds}{half}{zone}"


def date_range(low: Date, high: Date, style: Style) -> str:
    """Ends of a stretch of time: "2013–2014", "10–12 August 2023", "28 May – 4 June 2023"."""
    if low == Date(year=low.year) and high == Date(year=high.year):
        return f"{low.year}–{high.year}" if low.year and low.year > _OLD else f"{date_text(low, style)} to {date_text(high, style)}"
    bare = replace(low, year=None) if low.year == high.year and low.month else low
    if not (low.day and high.day) or low.weekday or high.weekday:
        return f"{date_text(bare, style)} to {date_text(high, style)}"
    if (low.month, low.year) != (high.month, high.year):
        return f"{date_text(bare, style)} – {date_text(high, style)}"
    whole = date_text(high, style)
    own = str(high.day)
    return whole.replace(own, f"{low.day}–{own}", 1)


def ordinal_text(value: Fraction) -> str:
    """An ordinal in digits: "21st", "112th"."""
    whole = abs(int(value))
    ending = "th" if 11 <= whole % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{digits(value, wordbook(LANGUAGE))}{ending}"
