"""Months and weekdays of a locale."""

from __future__ import annotations

from typing import Literal

__all__ = ["month_name", "weekday_name"]


def month_name(month: int, lang: str, *, short: bool = False, alone: bool = False) -> str:
    """The name of a month beside a day («августа») or alone («август»); the short form with its point ("Aug.")."""
    from babel.dates import get_month_names

    context: Literal["format", "stand-alone"] = "stand-alone" if alone else "format"
    wide = str(get_month_names("wide", context, lang)[month])
    if not short:
        return wide
    name = str(get_month_names("abbreviated", context, lang)[month]).rstrip(".")
    return name if name == wide else f"{name}."


def weekday_name(weekday: int, lang: str) -> str:
    """The name of a weekday of ISO 8601."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", "stand-alone", lang)[weekday - 1])
