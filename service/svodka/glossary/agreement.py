"""Russian adjectives in the gender and number of their nouns."""

from __future__ import annotations

from functools import lru_cache

from svodka.figures.morphology import analyser

__all__ = ["agreeing"]


@lru_cache(maxsize=10_000)
def agreeing(adjective: str, noun: str) -> str:
    """An adjective, given in the masculine, as it stands before a noun or term in the nominative: «съедобный», "грибы" is «съедобные»."""
    heads = (parse for word in noun.split() for parse in analyser().parse(word) if {"NOUN", "nomn"} <= parse.tag.grammemes)
    head = next(heads, None)
    masculine = next((parse for parse in analyser().parse(adjective) if {"nomn", "masc", "sing"} <= parse.tag.grammemes), None)
    if head is None or masculine is None:
        return adjective
    agreed = masculine.inflect({"nomn", "plur"} if head.tag.number == "plur" else {"nomn", "sing", head.tag.gender or "masc"})
    return adjective if agreed is None else str(agreed.word)
