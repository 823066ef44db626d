"""How a figure is meant by the words beside it: risen or fallen, to it or by it, ago or ahead, early or late in it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from svodka.figures.growth import SHARES, outgrown
from svodka.figures.tables import LANGUAGES, table
from svodka.figures.types import SETTLED, Figure, Kind, Pair, Range, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svodka.figures.side import Side

__all__ = ["misgrown", "misled"]

# A word, or the beginning of one → the axes on which it tells, and its bearings.
_Signs = dict[str, list[tuple[str, str]]]


class _Axis(NamedTuple):
    """Of which figures something is told, and how many words may stand between: "rose sharply to about $5m"."""

    kinds: frozenset[Kind]
    before: int
    behind: int


_NEVER = "-"


@cache
def _axes() -> dict[str, _Axis]:
    return {
        axis: _Axis(frozenset(map(Kind, kinds.split())), *(-1 if reach == _NEVER else int(reach) for reach in reaches))
        for axis, kinds, *reaches in table("axes")
    }


_ARTICLES = frozenset({"the", "a", "an", "of"})
# Of "rose 5%" English says "by" without a word; further off, "rose in May at 5%" says nothing.
_UNSAID = 1
# What rose by so much is so much more.
_OUTCOME = {"rise": "more", "fall": "less"}
_WORD = re.compile(r"[^\W\d_]+")
_BOUND = re.compile(r"\bup\s+to\s*$", re.IGNORECASE)
_UP_TO = re.compile(r"\b(?:up\s+to|до)\s*$", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|never|no|не|ни)\b|n['’]t\b", re.IGNORECASE)
# Bounds of several words, before a figure and behind it.
_BEGINS = (
    re.compile(
        r"\b(?:(?:no|not)\s+(?:earlier|sooner)\s+than|not\s+(?:before|until)|не\s+(?:ранее|раньше))(?:\s+\w{1,3})?\s*$", re.IGNORECASE
    ),
    re.compile(r"\s+(?:at\s+the\s+earliest|самое\s+раннее)\b", re.IGNORECASE),
)
_ENDS = (
    re.compile(r"\b(?:(?:no|not)\s+later\s+than|не\s+(?:позднее|позже))(?:\s+\w{1,3})?\s*$", re.IGNORECASE),
    re.compile(r"\s+(?:at\s+the\s+latest|самое\s+позднее)\b", re.IGNORECASE),
)
_AS = re.compile(r"\s+as\b(?!\s+(?:compared|against|of|at|a|well)\b)", re.IGNORECASE)
# Another clause begins: what stands beyond tells of something else.
_CLAUSE = re.compile(
    r"[,;:.!?…]\s|[()«»“”\"]|\s[—–-]\s"
    r"|(?<!\ball )\bbut\b|\b(?:and|while|when|as|versus|against|than|compared|и|а|но|когда|при|чем|против|на фоне)\b",
    re.IGNORECASE,
)
# The name of a club, a paper or a ship is one word of its clause: «опережает «Сити» на шесть очков».
_QUOTED_NAME = re.compile(r"[«“\"][A-ZА-ЯЁ][^«»“”\",.;:!?]{1,30}[»”\"]")
_WINDOW = 90


class _Told(NamedTuple):
    """A bearing, and the stretch of text that tells it, from its word to the figure."""

    bearing: str
    phrase: str
    distance: int = 0
    behind: bool = False


def misled(pairs: Sequence[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where what stands beside a figure makes another of it: "rose by 5%" and «выросла до 5%»."""
    if source.lang not in LANGUAGES or target.lang not in LANGUAGES:
        return list(pairs)
    return [_grown(_judged(pair, source, target), source, target) for pair in pairs]


def misgrown(pairs: Sequence[Pair], source: Side, target: Side) -> list[Pair]:
    """The pairs, where percent became folds that are not so many: "rose by 200%" and «выросла вдвое»."""
    if source.lang not in LANGUAGES or target.lang not in LANGUAGES:
        return list(pairs)
    return [_grown(pair, source, target) for pair in pairs]


def _judged(pair: Pair, source: Side, target: Side) -> Pair:
    if pair.relation not in SETTLED or pair.source is None or pair.target is None:
        return pair
    before, after = _bearings(source, pair.source), _bearings(target, pair.target)
    for axis in sorted(before.keys() & after.keys()):
        if before[axis].bearing != after[axis].bearing:
            reason = f"“{before[axis].phrase}” became “{after[axis].phrase}”"
            return pair.contradicted(reason)
    for single, told, whole in ((pair.source, before, pair.target), (pair.target, after, pair.source)):
        if isinstance(whole.value, Range) and "step" in told and _turns(whole.value, told["step"].bearing) == single.value:
            return pair.contradicted(f"“{told['step'].phrase}” goes the other way in “{whole.text}”")
    if _bounds_a_step(target, pair.target, after, before):
        return pair.contradicted(f"“{before['step'].phrase}” became “{pair.target.text}” at most")
    if _bounds_a_step(source, pair.source, before, after):
        return pair.contradicted(f"“{pair.source.text}” at most became “{after['step'].phrase}”")
    return pair


def _turns(whole: Range, step: str) -> Value | None:
    """Which end a step must not be of: a range is told from its low end to its high one."""
    return {"from": whole.high, "to": whole.low}.get(step)


def _bounds_a_step(side: Side, figure: Figure, told: Mapping[str, _Told], other: Mapping[str, _Told]) -> bool:
    """Whether a figure is a bound, and of no change, where the other text changes by it: «до 5%» of "up 5%"."""
    stepped = "course" not in told and "step" in other and other["step"].bearing == "by"
    return stepped and _UP_TO.search(side.text, max(0, figure.start - _WINDOW), figure.start) is not None


def _grown(pair: Pair, source: Side, target: Side) -> Pair:
    if pair.relation not in SETTLED or pair.source is None or pair.target is None or pair.source.kind is pair.target.kind:
        return pair
    share = (source, pair.source) if pair.source.kind in SHARES else (target, pair.target)
    wrong = outgrown(pair, {axis: told.bearing for axis, told in _bearings(*share).items()})
    return pair if wrong is None else replace(pair, relation=wrong[0], reason=wrong[1], minor=False)


def _bearings(side: Side, figure: Figure) -> dict[str, _Told]:
    """What the words beside a figure tell, by axis; the nearest word of an axis counts."""
    found: dict[str, _Told] = {}
    bound = _BOUND.search(side.text, max(0, figure.start - _WINDOW), figure.start)
    for behind, words in ((False, _before(side, bound.start() if bound else figure.start)), (True, _behind(side, figure))):
        for distance, word in enumerate(words):
            for axis, bearing in _signs(side.lang, "behind" if behind else "before", word[0].lower()):
                kinds, *reach = _axes()[axis]
                nearest = axis not in found or distance < found[axis].distance
                if figure.kind in kinds and distance <= reach[behind] and nearest:
                    phrase = side.text[min(word.start(), figure.start) : max(word.end(), figure.end)]
                    found[axis] = _Told(bearing, phrase, distance, behind)
    if (compared := _AS.match(side.text, figure.end)) and figure.kind in _axes()["measure"].kinds and isinstance(figure.value, Fraction):
        found["measure"] = _Told("less" if figure.value < 1 else "more", side.text[figure.start : compared.end()])
    if figure.kind in _axes()["bound"].kinds:
        _set_bound(found, side, figure)
    if figure.kind is Kind.CARDINAL and "course" in found and found["course"].behind:
        del found["course"]  # "with 15 points climbed to fifth place"
    if figure.kind is Kind.MULTIPLE:
        _turn(found, side.lang, figure)
    return _with_outcome(_with_step(found, side.lang, counted=figure.kind is Kind.CARDINAL, bounded=bound is not None), figure.kind)


def _turn(found: dict[str, _Told], lang: str, figure: Figure) -> None:
    """The course that a multiple tells by its own verb, "doubled", where no other word tells another: "the decline doubled" is neither."""
    for axis, bearing in _signs(lang, "own", figure.text.split()[-1].lower()):
        if found.setdefault(axis, _Told(bearing, figure.text)).bearing != bearing:
            del found[axis]


def _set_bound(found: dict[str, _Told], side: Side, figure: Figure) -> None:
    start = max(0, figure.start - _WINDOW)
    if "bound" in found and _NEGATED.search(side.text, start, figure.start):
        del found["bound"]  # "it did not open until May" is after it
    for bearing, (before, behind) in {"begin": _BEGINS, "end": _ENDS}.items():
        if limit := before.search(side.text, start, figure.start) or behind.match(side.text, figure.end):
            found["bound"] = _Told(bearing, side.text[min(limit.start(), figure.start) : max(limit.end(), figure.end)])


def _with_step(found: dict[str, _Told], lang: str, *, counted: bool, bounded: bool) -> dict[str, _Told]:
    """The step of a course: "to five" alone may be anything, as in "it lent to five firms", and "up to five" is no step at all.

    But "from 4.5%" is where something came from, whatever stands before it.
    """
    course, step = found.get("course"), found.pop("step", None)
    if course is None and step is not None and step.bearing == "from" and step.distance == 0 and not counted:
        return found | {"step": step}
    if course is None or bounded:
        return found
    if lang == "en" and (course.behind or (step is None and course.distance <= _UNSAID)):
        step = course._replace(bearing="by")
    elif step is not None and not course.behind and course.distance < step.distance:
        step = None  # "set to fall 3%"
    return found if step is None else found | {"step": step}


def _with_outcome(found: dict[str, _Told], kind: Kind) -> dict[str, _Told]:
    """How much more or less there is after a step by so much, where no word says so."""
    axis = next((axis for axis in ("measure", "excess") if kind in _axes()[axis].kinds), None)
    if axis is None or axis in found or "step" not in found or "course" not in found or found["step"].bearing != "by":
        return found
    return found | {axis: found["course"]._replace(bearing=_OUTCOME[found["course"].bearing])}


def _before(side: Side, end: int) -> list[re.Match[str]]:
    """The words before a place, the nearest first, as far as its clause; articles do not count."""
    text = _names_as_words(side.text)
    start = max(0, end - _WINDOW)
    start = max((edge.end() for edge in _CLAUSE.finditer(text, start, end)), default=start)
    return [word for word in _WORD.finditer(text, start, end) if word[0] not in _ARTICLES][::-1]


def _behind(side: Side, figure: Figure) -> list[re.Match[str]]:
    """The words behind a figure as far as its clause."""
    text = _names_as_words(side.text)
    edge = _CLAUSE.search(text, figure.end, figure.end + _WINDOW)
    end = edge.start() if edge else figure.end + _WINDOW
    return [word for word in _WORD.finditer(text, figure.end, end) if word[0] not in _ARTICLES]


@lru_cache(maxsize=64)
def _names_as_words(text: str) -> str:
    """The text with a word of as many letters, which tells nothing, in place of each name in quotation marks."""
    return _QUOTED_NAME.sub(lambda name: "x" * len(name[0]), text)


@lru_cache(maxsize=8192)
def _signs(lang: str, place: str, word: str) -> tuple[tuple[str, str], ...]:
    """The axes on which a word tells at a place, and its bearings."""
    exact, beginnings = _words()[lang, place]
    word = word.replace("ё", "е")
    return (*exact.get(word, ()), *(sign for length in range(3, len(word) + 1) for sign in beginnings.get(word[:length], ())))


@cache
def _words() -> dict[tuple[str, str], tuple[_Signs, _Signs]]:
    """Words, and beginnings of words, by language and by where they stand: before a figure, behind it, or as its own last word."""
    found: dict[tuple[str, str], tuple[_Signs, _Signs]] = {
        (lang, place): (defaultdict(list), defaultdict(list)) for lang in LANGUAGES for place in ("before", "behind", "own")
    }
    for axis, bearing, where, *spelled in table("bearings"):
        for lang, words in zip(LANGUAGES, spelled, strict=True):
            for word in words.split(","):
                for place in ("before", "behind") if where == "both" else (where,):
                    found[lang, place][word.endswith("*")][word.removesuffix("*")].append((axis, bearing))
    return found
