"""What a sentence says of each of its like figures: 15 died, 30 were hurt."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from svodka.figures.lexicon import LANGUAGES, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svodka.figures.side import Side
    from svodka.figures.types import Figure

__all__ = ["Roles", "roles"]

# Axis → where a figure starts → its role on that axis.
Roles = dict[str, dict[int, str]]


@cache
def _axes(lang: str) -> Mapping[str, re.Pattern[str]]:
    """For each axis any word that tells a role on it, in a group named after the role."""
    found: dict[str, list[str]] = defaultdict(list)
    for axis, role, *words in table("roles"):
        spelled = words[LANGUAGES.index(lang)].replace(",", "|").replace("*", r"\w*")
        found[axis].append(rf"(?P<{role}>{spelled})")
    return {axis: re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE) for axis, spelled in found.items()}


def roles(side: Side, family: Sequence[Figure]) -> Roles:
    """The roles of figures of one kind and unit.

    A sentence with as many roles of an axis as figures tells them in one order, whether the verb comes before what it counts or behind:
    «погибли 15, пострадали 30». Of any other sentence nothing is known.
    """
    told: Roles = defaultdict(dict)
    if side.lang not in LANGUAGES or len(family) < 2:
        return told
    bounds = [0, *side.edges, len(side.text)]
    for place, members in groupby(family, key=lambda figure: bisect_right(side.edges, figure.start)):
        figures = list(members)
        for axis, words in _axes(side.lang).items():
            found = [str(match.lastgroup) for match in words.finditer(side.text, *bounds[place : place + 2]) if not _within(match, figures)]
            if len(figures) == len(found) == len(set(found)):
                told[axis] |= {figure.start: role for figure, role in zip(figures, found, strict=True)}
    return told


def _within(match: re.Match[str], figures: Sequence[Figure]) -> bool:
    """Whether a word is part of one of the figures, which stand in the order of the text."""
    before = bisect_left(figures, match.end(), key=lambda figure: figure.start)
    return before > 0 and figures[before - 1].end > match.start()
