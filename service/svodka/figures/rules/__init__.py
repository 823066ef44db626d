"""The rules that read figures, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.rules.age import age, age_after_name, age_after_word, age_range
from svodka.figures.rules.amount import amount, compound, fixed_amount, inverted, plus_degrees, shared_unit
from svodka.figures.rules.cardinal import cardinal, ordinal, ordinal_by_noun
from svodka.figures.rules.century import century, century_range, roman_ordinal
from svodka.figures.rules.date import date_from_day, date_from_month, date_from_season, date_from_weekday
from svodka.figures.rules.date_range import day_range, month_range, shared_month, weekday_range, year_range
from svodka.figures.rules.decade import decade, decade_range, named_decade
from svodka.figures.rules.identifier import code, code_after_digits, named_thing, numbered, phone, product, verse, version
from svodka.figures.rules.multiple import fold
from svodka.figures.rules.nothing import idiom, list_number, pronoun_one
from svodka.figures.rules.numeric_date import numeric_date
from svodka.figures.rules.range import amount_range
from svodka.figures.rules.ratio import every_nth, fraction, named_part, one_in
from svodka.figures.rules.score import score
from svodka.figures.rules.time import clock, clock_before_hour, clock_range, minutes_to_hour, named_time, spoken_minutes
from svodka.figures.rules.year import era_year, fiscal_year, short_year, spelled_year, year

if TYPE_CHECKING:
    from svodka.figures.rules.base import Rule

__all__ = ["RULES"]

# Each rule with what it may start at: `digits`, `number` (digits, number words, signs before them), or a table's words.
RULES: tuple[tuple[str, Rule], ...] = (
    ("idioms", idiom),
    ("named", named_thing),
    ("clock", named_time),
    ("nearly_hours", clock_before_hour),
    ("calendar", day_range),
    ("calendar", month_range),
    ("calendar", weekday_range),
    ("calendar", date_from_weekday),
    ("calendar", date_from_month),
    ("calendar", date_from_season),
    ("age_words", age_after_word),
    ("each", every_nth),
    ("folds", fold),
    ("fixed", fixed_amount),
    ("number_signs", numbered),
    ("fiscal", fiscal_year),
    ("romans", century_range),
    ("romans", century),
    ("romans", roman_ordinal),
    ("decades", named_decade),
    ("apostrophe", decade),
    ("apostrophe", short_year),
    ("eras", era_year),
    ("digits", list_number),
    ("digits", verse),
    ("digits", code),
    ("digits", fiscal_year),
    ("digits", numeric_date),
    ("number", phone),
    ("digits", version),
    ("digits", product),
    ("number", day_range),
    ("digits", year_range),
    ("number", date_from_day),
    ("number", shared_month),
    ("digits", era_year),
    ("number", century_range),
    ("number", century),
    ("digits", decade_range),
    ("digits", decade),
    ("number", minutes_to_hour),
    ("number", spoken_minutes),
    ("number", clock_range),
    ("number", clock),
    ("digits", score),
    ("number", short_year),
    ("number", spelled_year),
    ("digits", code_after_digits),
    ("number", one_in),
    ("parts", named_part),
    ("number", fraction),
    ("amount", amount_range),
    ("number", year),
    ("digits", ordinal_by_noun),
    ("number", age_range),
    ("digits", age_after_name),
    ("number", age),
    ("number", shared_unit),
    ("number", inverted),
    ("one", pronoun_one),
    ("plus", plus_degrees),
    ("amount", amount),
    ("number", ordinal),
    ("number", cardinal),
    ("compound", compound),
)
