"""What words tell without a number: "thousands of people" is not «миллионы людей», nor "a week ago" «месяц назад», "today" «вчера»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import prod
from typing import TYPE_CHECKING

from svodka.figures.chars import fold
from svodka.figures.extract import extract
from svodka.figures.lexicon import LANGUAGES, table
from svodka.figures.side import Side
from svodka.figures.types import Figure, Kind, Pair, Relation, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["RULE", "mistold", "misworded", "words_for"]

RULE = "unnumbered"
_RAISING = re.compile(r"(?:\s+of)?\s+")  # "hundreds of thousands", «сотни тысяч»
# Where a span of time tells when something was: the words around it, in each language.
_FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "ago": {"en": ("{} ago",), "ru": ("{}(?: тому)? назад",)},
    "later": {"en": ("{} (?:later|after|afterwards?)",), "ru": ("(?:через|спустя) {}", "{} спустя")},
    "earlier": {"en": ("{} (?:earlier|before|previously)",), "ru": ("{} (?:раньше|ранее)", "за {} до")},
}
# "half a year ago", "three quarters of an hour later", "a year and a half ago" tell other spans.
_APART = {"en": r"(?<!half )(?<!of )(?<!and )", "ru": ""}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A quantity, and the forms that tell it in each language."""

    kind: Kind
    value: Fraction
    unit: str | None
    forms: Mapping[str, Sequence[str]]


def mistold(source: Side, target: Side) -> list[Pair]:
    """What the source tells in such words and the target in others, by topic: a pair for each quantity that became another."""
    if source.lang not in LANGUAGES or target.lang not in LANGUAGES:
        return []
    before, after = _told(source), _told(target)
    return [
        Pair(source=stood, target=stands, relation=Relation.CHANGED, reason=f"“{stood.text}” became “{stands.text}”")
        for topic in before.keys() & after.keys()
        if not before[topic].keys() & after[topic].keys()
        for stood, stands in zip(before[topic].values(), after[topic].values(), strict=False)
    ]


def misworded(source: str, target: str, *, source_lang: str, target_lang: str) -> str | None:
    """What `mistold` has against two texts, in one sentence; None where that is nothing."""
    if not (_may_tell(source, source_lang) and _may_tell(target, target_lang)):
        return None  # most texts: their figures need not be read for this
    pairs = mistold(_read(source, source_lang), _read(target, target_lang))
    return "; ".join(pair.reason for pair in pairs) or None


def words_for(figure: Figure, lang: str, stood: Figure | None) -> tuple[str, ...]:
    """The words that tell a figure of this rule: in the case of `stood`, where that is such a word too, else in every case; maybe none."""
    told = (figure.kind, figure.value, figure.unit)
    forms: Sequence[str] = next((row.forms[lang] for row in _rows() if (row.kind, row.value, row.unit) == told), ())
    stands = _by_form(lang).get(fold(stood.text)) if stood else None
    if stands is None or stood is None:
        return tuple(forms)
    at = stands.forms[lang].index(fold(stood.text))
    return tuple(forms[at : at + 1] or forms)


def _may_tell(text: str, lang: str) -> bool:
    folded = fold(text)
    return any(pattern.search(folded) for _, pattern in _patterns(lang))


def _read(text: str, lang: str) -> Side:
    return Side(text=text, lang=lang, figures=extract(text, lang))


def _told(side: Side) -> dict[str, dict[tuple[Value, str | None], Figure]]:
    """By topic, the first figure of each quantity that is told so."""
    found: dict[str, dict[tuple[Value, str | None], Figure]] = {}
    text = fold(side.text)
    for topic, pattern in _patterns(side.lang):
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            figure = _figure(text[start:end], start, side)
            if not any(other.start < end and start < other.end and other.value != 1 for other in side.figures):
                found.setdefault(topic, {}).setdefault((figure.value, figure.unit), figure)
    return found


def _figure(words: str, start: int, side: Side) -> Figure:
    """ "Tens of thousands" are ten thousand."""
    known = _by_form(side.lang)
    rows = [known[words]] if words in known else [known[word] for word in _RAISING.split(words)]
    end = start + len(words)
    return Figure(
        kind=rows[0].kind,
        value=prod((row.value for row in rows), start=Fraction(1)),
        unit=rows[0].unit,
        rule=RULE,
        start=start,
        end=end,
        text=side.text[start:end],
    )


@cache
def _rows(topic: str = "") -> tuple[_Row, ...]:
    return tuple(
        _Row(kind=Kind(kind), value=Fraction(value), unit=unit or None, forms={"en": english.split("; "), "ru": russian.split("; ")})
        for named, kind, value, unit, english, russian in table("unnumbered")
        if not topic or named == topic
    )


@cache
def _by_form(lang: str) -> dict[str, _Row]:
    return {form: row for row in _rows() for form in row.forms[lang]}


@cache
def _patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics = dict.fromkeys(topic for topic, *_ in table("unnumbered"))
    # The longest first: "the day before yesterday" is not yesterday.
    forms = {topic: "|".join(sorted({form for row in _rows(topic) for form in row.forms[lang]}, key=len)[::-1]) for topic in topics}
    one = f"(?:{forms['magnitude']})"
    found = [("magnitude", re.compile(rf"\b{one}(?:{_RAISING.pattern}{one})*\b"))]
    found += [(topic, re.compile(rf"\b(?:{forms[topic]})\b")) for topic in topics if topic not in ("magnitude", "span")]
    for topic, frames in _FRAMES.items():
        patterns = [frame.format(rf"{_APART[lang]}(?P<{topic}{at}>{forms['span']})") for at, frame in enumerate(frames[lang])]
        found.append((topic, re.compile(rf"\b(?:{'|'.join(patterns)})\b")))
    return tuple(found)
