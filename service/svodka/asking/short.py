"""What the press writes short, in full."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["in_full"]

_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


def _quarter(short: re.Match[str]) -> str:
    number = _ROMAN.get(short["number"], short["number"])
    word = short["word"] or ("квартале" if short["within"] else "квартал")
    return f"{short['within'] or ''}{number}{short['ending'] or ''} {word}"


_RANKS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_POWERS = {"2": "²", "3": "³"}
_MONTHS = {name[:3]: name for name in Locale("en").months["format"]["wide"].values()}
_MONTH = "|".join(_MONTHS)
_COURSES = {"up": "a rise", "down": "a fall"}
_AMERICAN, _OTHER_DOLLARS = re.compile(r"\bUS\$(?=\d)"), re.compile(r"\b(?!US\$)[A-Z]{1,3}\$")
_SHORT: dict[str, tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = {
    "en": (
        (re.compile(r"\b(?:the )?Q([1-4])(?: of)?(?= (?:19|20)\d\d\b)"), lambda found: f"the {_RANKS[found[1]]} quarter of"),
        (re.compile(r"\((up|down)(?= [$€£]?\d)"), lambda found: f"({_COURSES[found[1]]} of"),
        (re.compile(r"\b(?:y/y|y-o-y|yoy|YoY)\b"), "year on year"),
        (re.compile(r"\b(?:q/q|q-o-q|qoq|QoQ)\b"), "quarter on quarter"),
        (re.compile(r"\b(?:m/m|m-o-m|MoM)\b"), "month on month"),
        (re.compile(r"(?<=\d )(?:BCE\b|B\.C\.(?:E\.)?(?!$))"), "BC"),
        (re.compile(r"(?<=\d )B\.C\.(?:E\.)?$"), "BC."),
        (re.compile(r"\bkph\b"), "km/h"),
        (re.compile(r"(?<=\d)ft(?: (\d+) ?in)?\b"), lambda found: " feet" + (f" {found[1]} inches" if found[1] else "")),
        (re.compile(r"(?<![\w-])([Ss])ome (?=\d)"), lambda found: "About " if found[1] == "S" else "about "),
        (re.compile(r"\b([Tt]op)-(?=(?:five|ten|twenty)\b)"), r"\1 "),
        (re.compile(r"(?<=\d )sq mi\b\.?"), "square miles"),
        (re.compile(r"(?<=\d )mi\b\.?(?=[ ),;])"), "miles"),
        (re.compile(r"(?<=\d )([kcm]?m)([23])\b"), lambda found: found[1] + _POWERS[found[2]]),
        (re.compile(rf"\b({_MONTH})[-–]({_MONTH})\b"), lambda found: f"{_MONTHS[found[1]]} to {_MONTHS[found[2]]}"),
    ),
    "ru": (
        (
            re.compile(
                r"\b(?P<within>[Вв]о? )?(?P<number>I{1,3}|IV|[1-4])(?P<ending>-[а-я]{1,2})? "
                r"(?:кв\.?(?= (?:19|20)\d\d\b)|(?P<word>квартал[а-я]*))"
            ),
            _quarter,
        ),
        (re.compile(r"\bг/г\b"), "год к году"),
        (re.compile(r"\b(?:кв/кв|к/к)\b"), "квартал к кварталу"),
        (re.compile(r"\bм/м\b"), "месяц к месяцу"),
    ),
}


def in_full(text: str, lang: str) -> str:
    """A text of language `lang` in which what the business press writes short is in full, and dollars are American if all of them are."""
    if lang == "en" and not _OTHER_DOLLARS.search(text):
        text = _AMERICAN.sub("$", text)
    for short, full in _SHORT[lang]:
        text = short.sub(full, text)
    return text
