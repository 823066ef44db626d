"""Names of several words and acronyms, as Russian has them: no word of "Strait of Hormuz" and no letter of "HIV" tells it."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from svodka.figures import extract
from svodka.figures.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["with_listed_names"]

_FIRST = re.compile(r"(?<![\w-])[^\W\d_]+")
_GOES_ON = re.compile(r"-?\w")
_TABLES = ("listed.en-ru", "acronyms.en-ru")


def with_listed_names(sentence: str) -> str:
    """An English sentence with the names and acronyms that are listed in Russian, in the nominative.

    Of names that begin together the longest counts. Words of figures stay.
    """
    plain = sentence.replace("’", "'")
    figures = extract(sentence, "en")
    written, done = [], 0
    for first in _FIRST.finditer(plain):
        start = first.start()
        if start < done:
            continue
        name, russian = next((listed for listed in _listed().get(first[0], ()) if _stands(plain, listed[0], start)), ("", ""))
        end = start + len(name)
        if name and not any(figure.start < end and start < figure.end for figure in figures):
            written += [sentence[done:start], russian]
            done = end
    return "".join([*written, sentence[done:]])


def _stands(sentence: str, name: str, start: int) -> bool:
    return sentence.startswith(name, start) and not _GOES_ON.match(sentence, start + len(name))


@cache
def _listed() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Names and their Russian by the letters that they begin with, the longest first."""
    begun: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, russian in (row for listed in _TABLES for row in table(listed, "svodka.names")):
        begun[re.split(r"[\W\d_]", name, maxsplit=1)[0]].append((name, russian))
    return {first: sorted(names, key=lambda listed: -len(listed[0])) for first, names in begun.items()}
