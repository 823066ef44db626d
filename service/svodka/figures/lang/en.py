"""English nouns behind a number."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from svodka.figures.lang.grammar import Grammar

if TYPE_CHECKING:
    from svodka.figures.tokens import Tokens

__all__ = ["GRAMMAR", "lemma"]

_REACH = 5  # "82 large foreign car companies"


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Plurals that no rule forms, and words that end the search (with nothing beside them)."""
    text = resources.files("svodka.figures").joinpath("data", "plurals.en.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {form: cells[0] for cells in lines for form in cells[1].split()}


def counted(tokens: Tokens, i: int) -> str | None:
    """The first plural noun from `i` on that nothing parts from the number; else the word that a hyphen joins to it."""
    known = _words()
    if tokens.word(i) == "-" and tokens.joined(i) and tokens.joined(i + 1) and tokens.word(i + 1).isalpha():
        return lemma(tokens.word(i + 1))
    for at in range(i, min(i + _REACH, tokens.size)):
        word = tokens.words[at]
        if word == "-" and tokens.joined(at):
            continue
        if not word.isalpha() or known.get(word) == "-":
            return None
        if word in known or (word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is"))):
            return lemma(word)
    return None


def ordered(tokens: Tokens, i: int) -> str | None:
    """The noun right behind an ordinal ("the third quarter"), unless another word may be the head: "the first passenger train"."""
    known = _words()
    word, after = tokens.word(i), tokens.word(i + 1)
    if not word.isalpha() or known.get(word) == "-":
        return None
    return None if after.isalpha() and known.get(after) != "-" else lemma(word)


def _never(_tokens: Tokens, _i: int) -> bool:
    """English tells by words of their own what Russian leaves to the noun ("29-year-old")."""
    return False


def lemma(word: str) -> str:
    """The singular of a noun."""
    known = _words().get(word)
    if known is not None and known != "-":
        return known
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


GRAMMAR = Grammar(counted=counted, ordered=ordered, counts_life=_never, plural=_never, governed=_never, owns_age=_never, living=_never)
