"""The rules that read figures, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.rules.age import age, age_after_name, age_after_word, age_range
from svodka.figures.rules.amount import amount, compound, feet_and_inches, fixed_amount, inverted, plus_degrees, shared_unit
from svodka.figures.rules.cardinal import cardinal, ordinal, ordinal_by_noun
from svodka.figures.rules.century import century, century_range, roman_ordinal
from svodka.figures.rules.date import date_from_adjective, date_from_day, date_from_month, date_from_season, date_from_weekday
from svodka.figures.rules.date_range import day_range, month_range, shared_month, weekday_range, year_range
from svodka.figures.rules.decade import decade, decade_range, named_decade
from svodka.figures.rules.identifier import code, code_after_digits, named_thing, numbered, phone, product, verse, version
from svodka.figures.rules.multiple import fold
from svodka.figures.rules.nothing import idiom, list_number, pronoun_one
from svodka.figures.rules.numeric_date import numeric_date
from svodka.figures.rules.range import amount_range, inverted_range
from svodka.figures.rules.ratio import every_nth, fraction, named_part, one_in
from svodka.figures.rules.score import score
from svodka.figures.rules.time import clock, clock_before_hour, clock_range, minutes_of_hour, minutes_to_hour, named_time, spoken_minutes
from svodka.figures.rules.year import era_year, fiscal_year, short_year, spelled_year, year

if TYPE_CHECKING:
    from svodka.figures.rules.base import Rule

__all__ = ["RULES"]

# Each rule with the sort of word that it may start at; `svodka.figures.triggers` tells which words are of a sort.
RULES: tuple[tuple[str, Rule], ...] = (
    ("idiom", idiom),
    ("name", named_thing),
    ("clock word", named_time),
    ("near hour", clock_before_hour),
    ("calendar", day_range),
    ("calendar", month_range),
    ("calendar", weekday_range),
    ("calendar", date_from_weekday),
    ("calendar", date_from_month),
    ("calendar", date_from_season),
    ("calendar", date_from_adjective),
    ("age word", age_after_word),
    ("each", every_nth),
    ("fold", fold),
    ("fixed", fixed_amount),
    ("sign of number", numbered),
    ("fiscal", fiscal_year),
    ("decade word", named_decade),
    ("era", era_year),
    ("lone", list_number),
    ("lone", feet_and_inches),
    ("lone", verse),
    ("digits", code),
    ("year", fiscal_year),
    ("any year", numeric_date),
    ("phone", phone),
    ("lone", version),
    ("digits", product),
    ("day", day_range),
    ("any year", year_range),
    ("day", date_from_day),
    ("day", shared_month),
    ("any year", era_year),
    ("century", century_range),
    ("century", century),
    ("decade", decade_range),
    ("decade", decade),
    ("hour", minutes_to_hour),
    ("small word", minutes_of_hour),
    ("small word", spoken_minutes),
    ("hour", clock_range),
    ("hour", clock),
    ("points", score),
    ("short year", short_year),
    ("small word", spelled_year),
    ("digits", code_after_digits),
    ("number", one_in),
    ("part", named_part),
    ("number", fraction),
    ("number", inverted_range),
    ("amount", amount_range),
    ("any year", year),
    ("digits", ordinal_by_noun),
    ("number", age_range),
    ("lone", age_after_name),
    ("number", age),
    ("number", shared_unit),
    ("number", inverted),
    ("one", pronoun_one),
    ("plus", plus_degrees),
    ("amount", amount),
    ("number", ordinal),
    ("number", cardinal),
    ("roman", roman_ordinal),
    ("compound", compound),
)
