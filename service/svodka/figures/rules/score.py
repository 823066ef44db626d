"""Scores: "2:1", "won 2-1", "6-4, 6-3", "со счетом 3:0"."""

from __future__ import annotations

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Kind, Score

__all__ = ["score"]

_HIGHEST = 300  # points of a basketball match, votes of a chamber
_NEAR = 7


def score(reader: Reader, i: int) -> Hit | None:
    """Two or three small numbers joined by a colon or a hyphen."""
    tokens = reader.tokens
    points = [tokens.words[i]]
    mark, at = tokens.word(i + 1), i + 1
    if not is_digits(points[0]) or mark not in (":", "-") or (tokens.joined(i) and tokens.words[i - 1] in ":-,./+"):
        return None
    while (
        tokens.word(at) == mark
        and tokens.joined(at)
        and tokens.joined(at + 1)
        and is_digits(tokens.word(at + 1) or "-")
        and len(points) < 4
    ):
        points.append(tokens.words[at + 1])
        at += 2
    if not 2 <= len(points) <= 3 or any(len(point) > 3 or (len(point) > 1 and point[0] == "0") for point in points):
        return None
    if tokens.joined(at) and (tokens.word(at).isalnum() or tokens.word(at) in "-:%" or (tokens.word(at) in ".," and tokens.joined(at + 1))):
        return None
    numbers = tuple(int(point) for point in points)
    if max(numbers) > _HIGHEST or (mark == "-" and not _is_score(reader, i, at, numbers)):
        return None
    return Hit(start=i, end=at, kind=Kind.SCORE, value=Score(points=numbers))


def _is_score(reader: Reader, i: int, end: int, numbers: tuple[int, ...]) -> bool:
    """Whether a hyphen parts points rather than the ends of a range."""
    if reader.unit_at(end):
        return False
    if len(numbers) == 3 or numbers[0] >= numbers[1]:
        return len(numbers) == 2 or _near_sport(reader, i, end)
    return _near_sport(reader, i, end)


def _near_sport(reader: Reader, i: int, end: int) -> bool:
    near = reader.words[max(0, i - _NEAR) : i] + reader.words[end : end + _NEAR]
    return not reader.lex.sets.score_words.isdisjoint(near)
