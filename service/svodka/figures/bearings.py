"""How a figure is meant by the words beside it: risen or fallen, to it or by it, ago or ahead, early or late in it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from svodka.figures.types import Figure, Kind, Pair, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.figures.side import Side

__all__ = ["misled"]

_LANGUAGES = ("en", "ru")
_SETTLED = {Relation.PRESERVED, Relation.REFORMATTED, Relation.ROUNDED, Relation.CONVERTED}
_AMOUNTS = frozenset({Kind.CARDINAL, Kind.PERCENT, Kind.PERCENTAGE_POINT, Kind.MONEY, Kind.MEASURE})


class _Axis(NamedTuple):
    """Of which figures something is told, and how many words may stand between: "rose sharply to about $5m"."""

    kinds: frozenset[Kind]
    before: int
    behind: int = 0


_AXES = {
    "course": _Axis(_AMOUNTS, before=4, behind=1),
    "step": _Axis(_AMOUNTS, before=2),
    "time": _Axis(frozenset({Kind.DURATION}), before=0),
    "span": _Axis(frozenset({Kind.DURATION}), before=1),
    "part": _Axis(frozenset({Kind.DATE, Kind.DECADE, Kind.CENTURY}), before=1),
    "measure": _Axis(frozenset({Kind.PERCENT, Kind.MULTIPLE, Kind.RATIO}), before=0),
    "period": _Axis(frozenset({Kind.ORDINAL}), before=0),
}
_ARTICLES = frozenset({"the", "a", "an", "of"})
# Of "rose 5%" English says "by" without a word; further off, "rose in May at 5%" says nothing.
_UNSAID = 1
_WORD = re.compile(r"[^\W\d_]+")
_BOUND = re.compile(r"\bup\s+to\s*$", re.IGNORECASE)
_AS = re.compile(r"\s+as\b", re.IGNORECASE)
# Another clause begins: what stands beyond tells of something else.
_CLAUSE = re.compile(
    r"[,;:.!?…]\s|[()«»“”\"]|\s[—–-]\s|\b(?:and|but|while|when|as|versus|against|than|compared|и|а|но|когда|при|чем|против|на фоне)\b",
    re.IGNORECASE,
)
_WINDOW = 90


class _Told(NamedTuple):
    """A bearing, and the stretch of text that tells it, from its word to the figure."""

    bearing: str
    phrase: str
    distance: int = 0
    behind: bool = False


def misled(pairs: Sequence[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where what stands beside a figure makes another of it: "rose by 5%" and «выросла до 5%»."""
    if source.lang not in _LANGUAGES or target.lang not in _LANGUAGES:
        return list(pairs)
    return [_judged(pair, source, target) for pair in pairs]


def _judged(pair: Pair, source: Side, target: Side) -> Pair:
    if pair.relation not in _SETTLED or pair.source is None or pair.target is None:
        return pair
    before, after = _bearings(source, pair.source), _bearings(target, pair.target)
    for axis in sorted(before.keys() & after.keys()):
        if before[axis].bearing != after[axis].bearing:
            reason = f"“{before[axis].phrase}” became “{after[axis].phrase}”"
            return replace(pair, relation=Relation.CHANGED, reason=reason, minor=False)
    return pair


def _bearings(side: Side, figure: Figure) -> dict[str, _Told]:
    """What the words beside a figure tell, by axis; the nearest word of an axis counts."""
    found: dict[str, _Told] = {}
    for behind, words in ((False, _before(side, figure)), (True, _behind(side, figure))):
        for distance, word in enumerate(words):
            for axis, bearing in _signs(side.lang, behind, word[0].lower()):
                kinds, *reach = _AXES[axis]
                nearest = axis not in found or distance < found[axis].distance
                if figure.kind in kinds and distance <= reach[behind] and nearest:
                    phrase = side.text[min(word.start(), figure.start) : max(word.end(), figure.end)]
                    found[axis] = _Told(bearing, phrase, distance, behind)
    if (compared := _AS.match(side.text, figure.end)) and figure.kind in _AXES["measure"].kinds and isinstance(figure.value, Fraction):
        found["measure"] = _Told("less" if figure.value < 1 else "more", side.text[figure.start : compared.end()])
    if figure.kind is Kind.CARDINAL and "course" in found and found["course"].behind:
        del found["course"]  # "with 15 points climbed to fifth place"
    return _with_step(found, side, figure)


def _with_step(found: dict[str, _Told], side: Side, figure: Figure) -> dict[str, _Told]:
    """The step of a course: "to five" alone may be anything, as in "it lent to five firms"."""
    course, step = found.get("course"), found.pop("step", None)
    if course is None or _BOUND.search(side.text, max(0, figure.start - _WINDOW), figure.start):
        return found
    if side.lang == "en" and (course.behind or (step is None and course.distance <= _UNSAID)):
        step = course._replace(bearing="by")
    elif step is not None and not course.behind and course.distance < step.distance:
        step = None  # "set to fall 3%"
    return found if step is None else found | {"step": step}


def _before(side: Side, figure: Figure) -> list[re.Match[str]]:
    """The words before a figure, the nearest first, as far as its clause; articles do not count, nor does "up to", which bounds it."""
    start = max(0, figure.start - _WINDOW)
    bound = _BOUND.search(side.text, start, figure.start)
    end = bound.start() if bound else figure.start
    start = max((edge.end() for edge in _CLAUSE.finditer(side.text, start, end)), default=start)
    return [word for word in _WORD.finditer(side.text, start, end) if word[0] not in _ARTICLES][::-1]


def _behind(side: Side, figure: Figure) -> list[re.Match[str]]:
    """The words behind a figure as far as its clause."""
    edge = _CLAUSE.search(side.text, figure.end, figure.end + _WINDOW)
    end = edge.start() if edge else figure.end + _WINDOW
    return [word for word in _WORD.finditer(side.text, figure.end, end) if word[0] not in _ARTICLES]


@lru_cache(maxsize=8192)
def _signs(lang: str, behind: bool, word: str) -> tuple[tuple[str, str], ...]:
    """The axes on which a word tells, and its bearings."""
    exact, beginnings = _table()[lang, behind]
    word = word.replace("ё", "е")
    return (*exact.get(word, ()), *(sign for length in range(3, len(word) + 1) for sign in beginnings.get(word[:length], ())))


@cache
def _table() -> dict[tuple[str, bool], tuple[dict[str, list[tuple[str, str]]], dict[str, list[tuple[str, str]]]]]:
    """Words, and beginnings of words, by language and by where they stand."""
    table: dict[tuple[str, bool], tuple[dict[str, list[tuple[str, str]]], dict[str, list[tuple[str, str]]]]] = {
        (lang, behind): (defaultdict(list), defaultdict(list)) for lang in _LANGUAGES for behind in (False, True)
    }
    for line in files("svodka.figures").joinpath("data/bearings.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        axis, bearing, where, *spelled = line.split("\t")
        for lang, words in zip(_LANGUAGES, spelled, strict=True):
            for word in words.split(","):
                for behind in (False, True):
                    if where in ("both", "behind" if behind else "before"):
                        table[lang, behind][word.endswith("*")][word.removesuffix("*")].append((axis, bearing))
    return table
