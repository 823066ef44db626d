"""Tells which translations have the Russian that the glossary tells for words of their sources: others would teach to mistrust it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from svodka.asking import easily_put
from svodka.figures.morphology import analyser
from svodka.glossary import with_words_glossed

if TYPE_CHECKING:
    from training.data import Pair

__all__ = ["marked"]

_RUSSIAN = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")


def marked(pair: Pair) -> Pair:
    """A pair that says whether its target confirms or contradicts the glossary; one that the glossary is not asked for as it is."""
    if pair.source_lang != "en":
        return pair
    source = easily_put(pair.source, "en")
    glossed = with_words_glossed(source)
    if glossed == source:
        return pair
    told = _RUSSIAN.findall(glossed)
    stands = {lemma for word in _RUSSIAN.findall(pair.target) for lemma in _lemmas(word)}
    return replace(pair, glossary="confirmed" if all(_lemmas(word) & stands for word in told) else "contradicted")


@lru_cache(maxsize=200_000)
def _lemmas(word: str) -> frozenset[str]:
    return frozenset(parse.normal_form.replace("ё", "е") for parse in analyser().parse(word.lower()))
