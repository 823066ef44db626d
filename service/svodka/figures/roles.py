"""What a sentence says of each of its like figures: 15 died, 30 were hurt."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svodka.figures.side import Side
    from svodka.figures.types import Figure

__all__ = ["Roles", "roles"]

# Axis → where a figure starts → its role on that axis.
Roles = dict[str, dict[int, str]]

_EDGE = re.compile(r"[.;!?…]\s")
_LANGUAGES = ("en", "ru")


@cache
def _axes(lang: str) -> Mapping[str, re.Pattern[str]]:
    """For each axis any word that tells a role on it, in a group named after the role."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in files("svodka.figures").joinpath("data/roles.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            axis, role, *words = line.split("\t")
            spelled = words[_LANGUAGES.index(lang)].replace(",", "|").replace("*", r"\w*")
            found[axis].append(rf"(?P<{role}>{spelled})")
    return {axis: re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE) for axis, spelled in found.items()}


def roles(side: Side, family: Sequence[Figure]) -> Roles:
    """The roles of figures of one kind and unit.

    A sentence with as many roles of an axis as figures tells them in one order, whether the verb comes before what it counts or behind:
    «погибли 15, пострадали 30». Of any other sentence nothing is known.
    """
    told: Roles = defaultdict(dict)
    if side.lang not in _LANGUAGES or len(family) < 2:
        return told
    for start, end in _sentences(side.text):
        figures = [figure for figure in family if start <= figure.start < end]
        for axis, words in _axes(side.lang).items() if figures else ():
            found = [str(match.lastgroup) for match in words.finditer(side.text, start, end) if not _within(match, figures)]
            if len(figures) == len(found) == len(set(found)):
                told[axis] |= {figure.start: role for figure, role in zip(figures, found, strict=True)}
    return told


def _within(match: re.Match[str], figures: Sequence[Figure]) -> bool:
    return any(figure.start < match.end() and match.start() < figure.end for figure in figures)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    return pairwise([0, *(edge.end() for edge in _EDGE.finditer(text)), len(text)])
