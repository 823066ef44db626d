"""Russian nouns behind a number; the analyser is loaded when the first one is asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svodka.figures.tokens import Tokens

__all__ = ["counted", "counts_life"]

_REACH = 4  # "82 крупные иностранные автомобильные компании"
_PASSED_OVER = frozenset({"ADJF", "PRTF", "NUMR"})


@lru_cache(maxsize=1)
def _analyser() -> Any:  # noqa: ANN401  pymorphy3 has no types
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=50_000)
def _noun(word: str) -> tuple[str, bool] | None:
    """The lemma of a noun and whether it lives; an empty lemma for a word that may stand before the noun, None for any other."""
    if not "а" <= word[0] <= "я":
        return None
    for parse in _analyser().parse(word)[:3]:
        part = parse.tag.POS
        if part == "NOUN":
            return str(parse.normal_form).replace("ё", "е"), parse.tag.animacy == "anim"
        if part in _PASSED_OVER:
            return "", False
        if part in ("PREP", "CONJ", "PRCL", "NPRO"):
            return None
    return None


def _found(tokens: Tokens, i: int) -> tuple[str, bool] | None:
    for at in range(i, min(i + _REACH, tokens.size)):
        word = tokens.words[at]
        if word == "-" and tokens.joined(at):
            continue
        noun = _noun(word)
        if noun is None or noun[0]:
            return noun
    return None


def counted(tokens: Tokens, i: int) -> str | None:
    """The first noun from `i` on with nothing but adjectives before it."""
    noun = _found(tokens, i)
    return None if noun is None else noun[0]


def counts_life(tokens: Tokens, i: int) -> bool:
    """Whether the noun is a living being: "29-летний мужчина" tells an age, "трехлетний контракт" does not."""
    noun = _found(tokens, i)
    return noun is not None and noun[1]
