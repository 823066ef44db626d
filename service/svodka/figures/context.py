"""The context of a figure: what it counts, and which names stand near it, in whatever language."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svodka.figures.types import Figure

__all__ = ["counted_agreement", "counts_like", "nearer"]

Concept = tuple[str, str]


@cache
def _concepts() -> dict[str, frozenset[Concept]]:
    """Lemma → the (concept, class) pairs that it may stand for."""
    table: dict[str, set[Concept]] = {}
    for line in files("svodka.figures").joinpath("data/nouns.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            concept, kind, english, russian = line.split("\t")
            for lemma in (*english.split(","), *russian.split(",")):
                table.setdefault(lemma, set()).add((concept, kind))
    return {lemma: frozenset(concepts) for lemma, concepts in table.items()}


def counted_agreement(source: Figure, target: Figure) -> float:
    """1 where both count the same thing, -1 where they surely count different things, 0 where that is not known.

    Between stand a general word for a special one ("people" for "students": 0.5) and two special words of one class ("men" for
    "women": -0.5), which may or may not name the same.
    """
    before, after = source.counted, target.counted
    if before is None or after is None:
        return 0.0
    return 1.0 if before == after else _agreement(before, after)


@lru_cache(maxsize=4096)
def _agreement(before: str, after: str) -> float:
    left, right = _concepts().get(before), _concepts().get(after)
    if left is None or right is None:
        return 0.0
    if left & right:
        return 1.0
    common = {kind for _, kind in left} & {kind for _, kind in right}
    if any(concept in common for concept, _ in left | right):
        return 0.5
    return -0.5 if common else -1.0


def counts_like(counted: str | None, other: str | None) -> bool:
    """Whether two counted nouns name the same thing, as far as is known."""
    return counted is not None and other is not None and (counted == other or _agreement(counted, other) == 1.0)


_CLAUSE = re.compile(r"[.;!?…]\s")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]*")
_REACH = 60


def nearer(text: str, first: Figure, second: Figure) -> dict[str, bool]:
    """The names around two figures of a text: whether each stands nearer to the first of them. Names are keyed by how they sound."""
    left, right = _names(text, first), _names(text, second)
    far = float(_REACH)
    return {name: left.get(name, far) < right.get(name, far) for name in left | right if left.get(name, far) != right.get(name, far)}


def _names(text: str, figure: Figure) -> dict[str, float]:
    """The names of the sentence, with their distance from the figure in characters."""
    names: dict[str, float] = {}
    left = text[max(0, figure.start - _REACH) : figure.start]
    for edge in _CLAUSE.finditer(left):
        left = left[edge.end() :] if edge.end() < len(left) else left
    right = _CLAUSE.split(text[figure.end : figure.end + _REACH], maxsplit=1)[0]
    for match in _NAME.finditer(left):
        _note(names, match[0], len(left) - match.end())
    for match in _NAME.finditer(right):
        _note(names, match[0], match.start())
    return names


def _note(names: dict[str, float], word: str, distance: int) -> None:
    if word[0].isupper():
        sound = _sound(word)
        if len(sound) >= 2:
            names[sound] = min(float(distance), names.get(sound, float(distance)))


# Consonants that survive transliteration: "Johnson" and «Джонсоном» both begin JNS.
_RUSSIAN = dict(zip("бвгджзклмнпрстфхцчшщ", "bvgdjsklmnprstfgscss", strict=True)) | {"дж": "j", "кс": "ks"}
_ENGLISH = dict(zip("bcdfghjklmnpqrstvwz", "bkdfggjklmnpkrstvvs", strict=True)) | {"x": "ks", "ce": "s", "ci": "s", "ck": "k"}
_ENGLISH |= {"sch": "s", "sh": "s", "ch": "c", "ph": "f", "th": "t"}
_SOUNDS = _RUSSIAN | _ENGLISH
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    consonants = "".join(_SOUNDS[match[0]] for match in _SOUND.finditer(word.lower()))
    return re.sub(r"(.)\1+", r"\1", consonants)[:3]
