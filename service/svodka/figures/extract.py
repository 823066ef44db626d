"""The reader: finds every figure of a text, rule by rule, and says where it stands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.lexicon import LANGUAGES, lexicon
from svodka.figures.rules import RULES
from svodka.figures.rules.base import Reader
from svodka.figures.types import Figure, Kind

if TYPE_CHECKING:
    from svodka.figures.rules.base import Hit, Rule
    from svodka.figures.types import Qualifier

__all__ = ["explain", "extract"]

_UNQUALIFIED = frozenset({Kind.ORDINAL, Kind.IDENTIFIER, Kind.DATE, Kind.DECADE, Kind.CENTURY})


def extract(text: str, lang: str) -> tuple[Figure, ...]:
    """The figures of a text in the order of the text, none over another. Raises `ValueError` for a language that is not read."""
    reader = Reader(text, lexicon(lang))
    triggers, digits = _triggers(lang)
    words = reader.words
    figures: list[Figure] = []
    i = 0
    for place in [n for n, word in enumerate(words) if word in triggers or is_digits(word)]:
        if place < i:
            continue
        i = place
        for rule in triggers.get(words[i], digits):
            hit = rule(reader, i)
            if hit is not None:
                if hit.kind is not None:
                    figures.append(_figure(reader, hit, rule.__name__))
                i = hit.end
                break
    return tuple(figures)


def explain(text: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Which rule read what: pairs of a rule's name and the stretch of text that it took."""
    return tuple((figure.rule, figure.text) for figure in extract(text, lang))


def _figure(reader: Reader, hit: Hit, rule: str) -> Figure:
    tokens = reader.tokens
    start, end = tokens.starts[hit.start], tokens.ends[hit.end - 1]
    if hit.kind is None or hit.value is None:
        raise ValueError(f"rule {rule} read a figure without a kind or value")
    return Figure(
        kind=hit.kind,
        value=hit.value,
        unit=hit.unit,
        qualifier=hit.qualifier or _qualifier(reader, hit),
        precision=hit.precision,
        doubt=hit.doubt,
        rule=rule,
        start=start,
        end=end,
        text=tokens.text[start:end],
    )


def _qualifier(reader: Reader, hit: Hit) -> Qualifier | None:
    if hit.kind in _UNQUALIFIED:
        return None
    before = reader.lex.before.before(reader.tokens, hit.start)
    if before is not None:
        return before[0]
    after = reader.lex.after.match(reader.tokens, hit.end)
    return None if after is None else after[0]


@lru_cache(maxsize=len(LANGUAGES))
def _triggers(lang: str) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
    """For each word that may start a figure the rules to try; and the rules for digits."""
    lex = lexicon(lang)
    starters: dict[str, set[str]] = {
        "number": {*lex.numbers, *lex.minus, *lex.articles, "+", *"½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"},
        "sign": set(lex.signs.firsts()),
        "month": set(lex.calendar.firsts()),
        "weekday": set(lex.calendar.firsts()),
    }
    every = set().union(*starters.values())
    by_word = {word: tuple(rule for starter, rule in RULES if word in starters[starter]) for word in every}
    return by_word, tuple(rule for starter, rule in RULES if starter == "number")
