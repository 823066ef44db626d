"""What words tell without a number: "thousands of people" is not «миллионы людей», nor "a week ago" «месяц назад», "today" «вчера»."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import prod
from typing import TYPE_CHECKING

from svodka.figures.chars import fold
from svodka.figures.extract import extract
from svodka.figures.remembered import remembered
from svodka.figures.side import Side
from svodka.figures.tables import LANGUAGES, table
from svodka.figures.types import Figure, Kind, Pair, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["RULE", "mistold", "misworded", "told_without_number", "words_for"]

RULE = "unnumbered"
_RAISING = re.compile(r"(?:\s+of)?\s+")  # "hundreds of thousands", «сотни тысяч»
_BY_COMPASS, _CIRCLE, _NEXT_POINT = "degree", 360, 45
# Where a span of time tells when something was: the words around it, in each language.
_FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "ago": {"en": ("{} ago",), "ru": ("{}(?: тому)? назад",)},
    "later": {"en": ("{} (?:later|after|afterwards?)",), "ru": ("(?:через|спустя) {}", "{} спустя")},
    "earlier": {"en": ("{} (?:earlier|before|previously)",), "ru": ("{} (?:раньше|ранее)", "за {} до")},
}
# "half a year ago", "three quarters of an hour later", "a year and a half ago" tell other spans.
_APART = {"en": r"(?<!half )(?<!of )(?<!and )", "ru": ""}


_Quantity = tuple[Fraction, "str | None"]


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
    if not _may_differ(source.text, source.lang, target.text, target.lang):
        return []
    before, after = _told(source), _told(target)
    return [
        Pair(source=stood, target=stands, relation=Relation.CHANGED, reason=f"“{stood.text}” became “{stands.text}”")
        for topic in before.keys() & after.keys()
        if not any(_agree(stood, stands) for stood in before[topic] for stands in after[topic])
        for stood, stands in zip(before[topic].values(), after[topic].values(), strict=False)
    ]


def told_without_number(figure: Figure, side: Side) -> str:
    """The words by which a side tells how often without the figure's number: "every other day" for «два дня»; empty where none do."""
    if figure.kind is not Kind.DURATION or not isinstance(figure.value, Fraction):
        return ""
    words = _told(side).get("frequency", {}).get((figure.value, figure.unit))
    return words.text if words else ""


def _agree(stood: _Quantity, stands: _Quantity) -> bool:
    """Whether one quantity may stand for another: "the north" for «северо-запад», and each for itself."""
    if stood[1] == stands[1] == _BY_COMPASS:
        apart = abs(stood[0] - stands[0])
        return min(apart, _CIRCLE - apart) <= _NEXT_POINT
    return stood == stands


def misworded(source: str, target: str, *, source_lang: str, target_lang: str) -> str | None:
    """What `mistold` has against two texts, in one sentence; None where that is nothing."""
    if not _may_differ(source, source_lang, target, target_lang):
        return None  # their figures need not be read for this
    pairs = mistold(_read(source, source_lang), _read(target, target_lang))
    return "; ".join(pair.reason for pair in pairs) or None


def words_for(figure: Figure, lang: str, stood: Figure | None) -> tuple[str, ...]:
    """The words that tell a figure of this rule: in the case of `stood`, where that is such a word too, else in every case; maybe none."""
    told = (figure.kind, figure.value, figure.unit)
    rows = [row for row in _rows() if (row.kind, row.value, row.unit) == told]
    own = fold(figure.text)  # "weeks" and "a week" are told by rows of their own
    forms: Sequence[str] = next((row.forms[lang] for row in rows if any(own in words for words in row.forms.values())), ())
    forms = forms or next((row.forms[lang] for row in rows), ())
    stands = _by_form(lang).get(fold(stood.text)) if stood else None
    if stands is None or stood is None:
        return tuple(forms)
    at = stands.forms[lang].index(fold(stood.text))
    return tuple(forms[at : at + 1] or forms)


def _may_differ(source: str, source_lang: str, target: str, target_lang: str) -> bool:
    """Whether both texts may tell something of one topic, as few do."""
    return not _topics(source, source_lang).isdisjoint(_topics(target, target_lang))


@remembered
def _topics(text: str, lang: str) -> frozenset[str]:
    """The topics that a text may tell something of."""
    folded = fold(text)
    return frozenset(topic for topic, pattern in _patterns(lang) if pattern.search(folded))


def _read(text: str, lang: str) -> Side:
    return Side(text=text, lang=lang, figures=extract(text, lang))


def _told(side: Side) -> dict[str, dict[_Quantity, Figure]]:
    """By topic, the first figure of each quantity that is told so."""
    found: dict[str, dict[_Quantity, Figure]] = {}
    text = fold(side.text)
    for topic, pattern in _patterns(side.lang):
        for match in pattern.finditer(text):
            if pattern.groups and match.lastgroup is None:
                continue
            start, end = match.span(match.lastgroup or 0)
            row = _row(text[start:end], side.lang)
            figure = _figure(row, start, end, side)
            if not any(other.start < end and start < other.end and other.value != 1 for other in side.figures):
                found.setdefault(topic, {}).setdefault((row.value, row.unit), figure)
    return found


def _row(words: str, lang: str) -> _Row:
    """ "Tens of thousands" are ten thousand."""
    known = _by_form(lang)
    if words in known:
        return known[words]
    head = next(form for form in sorted(known, key=len, reverse=True) if words.startswith(form))
    scales = [known[word] for word in _RAISING.split(words[len(head) :]) if word]
    return replace(known[head], value=prod((row.value for row in scales), start=known[head].value))


def _figure(row: _Row, start: int, end: int, side: Side) -> Figure:
    return Figure(
        kind=row.kind,
        value=row.value,
        unit=row.unit,
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
    """Of rows that share a form the first counts, which has all its cases."""
    return {form: row for row in reversed(_rows()) for form in row.forms[lang]}


@cache
def _patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics = dict.fromkeys(topic for topic, *_ in table("unnumbered"))
    # The longest first: "the day before yesterday" is not yesterday.
    forms = {topic: "|".join(sorted({form for row in _rows(topic) for form in row.forms[lang]}, key=len)[::-1]) for topic in topics}
    one = f"(?:{forms['magnitude']})"
    raising = rf"(?:{forms['magnitude']}|{forms['scale']})"
    found = [("magnitude", re.compile(rf"\b{one}(?:{_RAISING.pattern}{raising})*\b"))]
    found += [(topic, re.compile(rf"\b(?:{forms[topic]})\b")) for topic in topics if topic not in ("magnitude", "scale", "span", "spans")]
    # "Hundreds of years" tell no more than «столетия».
    found.append(("spans", re.compile(rf"\b(?:{one}{_RAISING.pattern}(?:{forms['spans']})|(?P<spans>{forms['spans']}))\b")))
    for topic, frames in _FRAMES.items():
        patterns = [frame.format(rf"{_APART[lang]}(?P<{topic}{at}>{forms['span']})") for at, frame in enumerate(frames[lang])]
        found.append((topic, re.compile(rf"\b(?:{'|'.join(patterns)})\b")))
    return tuple(found)
