"""The rules that read figures, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.rules.cardinal import cardinal
from svodka.figures.rules.date import date_from_day, date_from_month, date_from_weekday, year
from svodka.figures.rules.money import money_after_number, money_before_number
from svodka.figures.rules.percent import percent

if TYPE_CHECKING:
    from svodka.figures.rules.base import Rule

__all__ = ["RULES"]

# What starts a rule: `number` (digits, number words, a sign), `sign` (of a currency), `month`, `weekday`.
RULES: tuple[tuple[str, Rule], ...] = (
    ("weekday", date_from_weekday),
    ("month", date_from_month),
    ("sign", money_before_number),
    ("number", date_from_day),
    ("number", percent),
    ("number", money_after_number),
    ("number", year),
    ("number", cardinal),
)
