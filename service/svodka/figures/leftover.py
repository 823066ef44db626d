"""Figures that one text alone states: which of them a right translation may drop or add, and which are errors."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from svodka.figures.context import counted_agreement
from svodka.figures.convert import amount
from svodka.figures.senses import is_yearly, own_sense
from svodka.figures.side import WORD
from svodka.figures.tables import table
from svodka.figures.types import Date, Figure, Kind, Pair, Relation, value_text
from svodka.figures.unnumbered import told_without_number
from svodka.figures.wording import describe

if TYPE_CHECKING:
    from svodka.figures.side import Side

__all__ = ["added", "excuse", "missing"]

_COUNTS = {Kind.CARDINAL, Kind.ORDINAL, Kind.RATIO, Kind.MULTIPLE}
# Of a unit, only "one" and simple parts go without saying: "48 rubles per euro" is «48 руб. за один евро».
_AMOUNTS = {Kind.DURATION, Kind.MEASURE, Kind.MONEY}
_SIMPLE = {Fraction(1), Fraction(1, 2), Fraction(1, 4)}


_NOTHING: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())


@cache
def _absorbing() -> dict[tuple[str, str], tuple[frozenset[str], tuple[str, ...]]]:
    """(value as text, language) → the words of that language that tell it without a number, and the beginnings of others."""
    found = {}
    for value, lang, listed in table("absorbed"):
        words = listed.split(",")
        stems = tuple(word[:-1] for word in words if word.endswith("*"))
        found[value.upper(), lang] = frozenset(word for word in words if not word.endswith("*")), stems
    return found


def missing(figure: Figure, source: Side, target: Side) -> Pair:
    """A source figure without counterpart."""
    reason = excuse(figure, source, target)
    if not reason and figure.doubt:
        return Pair(
            source=figure,
            target=None,
            relation=Relation.UNCERTAIN,
            reason=f"no counterpart, and the reading is not certain: {figure.doubt}",
        )
    return Pair(
        source=figure, target=None, relation=Relation.MISSING, reason=reason or f"{describe(figure)} is missing", minor=bool(reason)
    )


def added(figure: Figure, source: Side, target: Side) -> Pair:
    """A target figure without counterpart."""
    reason = excuse(figure, target, source) or _repetition(figure, source)
    if not reason and figure.doubt:
        return Pair(
            source=None,
            target=figure,
            relation=Relation.UNCERTAIN,
            reason=f"no counterpart, and the reading is not certain: {figure.doubt}",
        )
    reason, minor = (reason, True) if reason else (f"{describe(figure)} is not in the source", False)
    return Pair(source=None, target=figure, relation=Relation.UNSUPPORTED, reason=reason, minor=minor)


def _repetition(figure: Figure, source: Side) -> str:
    """A translation may name again what the source names once: "that year" for «в 2013 году», but not of other things."""
    if (own := own_sense(figure)) not in source.stated:
        return ""
    same = [stood for stood in source.figures if own_sense(stood) == own]
    if same and all(counted_agreement(stood, figure) == -1 for stood in same):
        return ""
    return f"“{figure.text}” is repeated"


def excuse(figure: Figure, own: Side, other: Side) -> str:
    """Why a right translation may do without the figure; empty where it may not."""
    if figure.kind is Kind.CENTURY and (decade := _decade_of(figure, other)) is not None:
        return f"“{figure.text}” is said by “{decade.text}”"
    if _is_absorbed(figure, own, other):
        return f"“{figure.text}” is told by another word"
    if words := told_without_number(figure, other):
        return f"“{figure.text}” is told by “{words}”"
    if (twin := _gloss_of(figure, own)) is not None:
        return f"“{figure.text}” only converts “{twin.text}”"
    if _stands_unread(figure, other):
        return f"“{figure.text}” stands there as part of a name"
    return ""


def _decade_of(century: Figure, other: Side) -> Figure | None:
    """The decade that needs no century beside it: "the 1940s" for «40-е годы XX века»."""
    for figure in other.families.get((Kind.DECADE, None), ()):
        if isinstance(figure.value, Fraction) and figure.value >= 100 and figure.value // 100 + 1 == century.value:
            return figure
    return None


def _stands_unread(figure: Figure, other: Side) -> bool:
    """Whether the other text has the same words, where no figure is read: "Six Days in Fallujah" keeps its name in a Russian sentence."""
    return figure.text in other.text and other.unread.issuperset(WORD.findall(figure.text))


def _is_absorbed(figure: Figure, own: Side, other: Side) -> bool:
    match figure.value:
        case str() | Date():
            return _told_otherwise(value_text(figure.value).upper(), other)
        case Fraction() as value if is_yearly(figure) and _told_otherwise(f"{value_text(value)} ANNIVERSARY", other):
            return True
        case Fraction() as value if figure.kind in _AMOUNTS and _told_otherwise(f"{value_text(value)} {figure.unit}".upper(), other):
            return True
        case Fraction() as value if not any(sign.isdigit() for sign in figure.text) or (value == 1 and figure.kind is Kind.MONEY):
            return _is_number_absorbed(figure, value, own, other)
        case _:
            return False


def _is_number_absorbed(figure: Figure, value: Fraction, own: Side, other: Side) -> bool:
    if figure.kind not in _COUNTS and not (figure.kind in _AMOUNTS and value in _SIMPLE):
        return False
    if figure.kind is Kind.ORDINAL and figure.counted == "quarter" and value > 1:
        return False  # a quarter of the year that is not told is lost
    # "one" turns into an article, a pronoun or nothing; "first" into «впервые» or «сначала».
    # "These two countries" names them already, "the fourth time" does not.
    definite = figure.kind is not Kind.ORDINAL and 2 <= value <= _FEW and _is_definite(figure, own)
    return value == 1 or definite or _told_otherwise(value_text(value), other)


_FEW = 4


def _is_definite(figure: Figure, own: Side) -> bool:
    """Whether a word before the number names its things already: "these two countries" may be «эти страны»."""
    before = _LAST_WORD.search(own.text[max(0, figure.start - 20) : figure.start])
    return before is not None and before[1].lower().replace("ё", "е") in _absorbing()["DEFINITE", own.lang][0]


_LAST_WORD = re.compile(r"([^\W\d_]+)\s+$")


def _told_otherwise(value: str, other: Side) -> bool:
    words, stems = _absorbing().get((value, other.lang), _NOTHING)
    return not words.isdisjoint(other.words) or (bool(stems) and any(word.startswith(stems) for word in other.words))


_GLOSS_REACH = 40


def _gloss_of(figure: Figure, own: Side) -> Figure | None:
    """The neighbour that the figure converts, as "(190 miles)" does in "300 km (190 miles)"."""
    base = amount(figure)
    if base is None:
        return None
    for other in own.figures:
        if other.unit == figure.unit or not (
            0 <= other.start - figure.end <= _GLOSS_REACH or 0 <= figure.start - other.end <= _GLOSS_REACH
        ):
            continue
        twin = amount(other)
        if twin is not None and twin.dimension == base.dimension and abs(twin.value - base.value) <= twin.tolerance + base.tolerance:
            return other
    return None
