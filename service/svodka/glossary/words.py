"""The words of the glossary in the forms that English sentences have."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from svodka.figures.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["adjectives", "infinitives", "longest_term", "nouns", "participles"]

_FOUND, _WRITTEN = "found.en-ru", "written.en-ru"
_HISSING = re.compile(r"(?:s|x|z|o|ch|sh)$")
_NONE = "-"


@cache
def nouns() -> Mapping[str, str]:
    """English nouns and terms, in the singular and in the plural, and their Russian; what was written counts before what was found."""
    rows = {english: (russian, plural) for name in (_FOUND, _WRITTEN) for english, russian, plural in _rows(name)}
    forms = {form: plural for singular, (_, plural) in rows.items() for form in _plurals(singular)}
    return forms | {singular: russian for singular, (russian, _) in rows.items()}


@cache
def longest_term() -> int:
    """The words of the longest term among the nouns."""
    return max(term.count(" ") for term in nouns()) + 1


@cache
def adjectives() -> Mapping[str, str]:
    """English adjectives and their Russian, in the masculine."""
    return dict(_rows("adjectives.en-ru"))


@cache
def infinitives() -> Mapping[str, str]:
    """English verbs and their Russian."""
    return {verb: infinitive for verb, _, infinitive, _ in _rows("verbs.en-ru")}


@cache
def participles() -> Mapping[str, str]:
    """Participles of English verbs, and the Russian ones, short and in the masculine."""
    return {past: participle for _, past, _, participle in _rows("verbs.en-ru") if participle != _NONE}


def _rows(name: str) -> Iterator[list[str]]:
    return table(name, "svodka.glossary")


def _plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return (f"{noun[:-1]}ies",)
    return (f"{noun}s", f"{noun}es") if _HISSING.search(noun) else (f"{noun}s",)
