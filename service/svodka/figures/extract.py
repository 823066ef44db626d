"""The reader: finds every figure of a text, rule by rule, and says where it stands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.lexicon import LANGUAGES, lexicon
from svodka.figures.rules import RULES
from svodka.figures.rules.base import Reader
from svodka.figures.types import Figure, Kind, Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svodka.figures.lexicon import Lexicon
    from svodka.figures.rules.base import Hit, Rule

__all__ = ["explain", "extract"]

# «от 5 до 7», «до полуночи»: what stands before these is no qualifier but their own preposition.
_LOOSELY_QUALIFIED = frozenset({Kind.TIME, Kind.RANGE})
_UNQUALIFIED = frozenset({Kind.ORDINAL, Kind.IDENTIFIER, Kind.DATE, Kind.CENTURY})


def extract(text: str, lang: str) -> tuple[Figure, ...]:
    """The figures of a text in the order of the text, none over another. Raises `ValueError` for a language that is not read."""
    reader = Reader(text, lexicon(lang))
    return tuple(_figure(reader, hit, rule) for hit, rule in _read(reader, lang) if hit.kind is not None)


def explain(text: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Which rule took which stretch of a text, those that take a stretch away from figures included."""
    reader = Reader(text, lexicon(lang))
    return tuple((rule, reader.tokens.slice(hit.start, hit.end)) for hit, rule in _read(reader, lang))


def _read(reader: Reader, lang: str) -> Iterable[tuple[Hit, str]]:
    """Tries at each word that may start a figure the rules for it, in their order, and goes on behind what the first one took."""
    by_word, for_digits, for_compounds = _triggers(lang)
    words, heads = reader.words, reader.lex.compounds.heads
    places = [n for n, word in enumerate(words) if word in by_word or "0" <= word[0] <= "9" or word[:3] in heads]
    done = 0
    for place in places:
        if place < done:
            continue
        word = words[place]
        rules = by_word.get(word) or (for_digits if is_digits(word) else for_compounds)
        for rule in rules:
            hit = rule(reader, place)
            if hit is not None and hit.start >= done:
                yield hit, rule.__name__
                done = hit.end
                break


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
        counted=hit.counted,
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
    if before is None and reader.tokens.word(hit.start - 1) in reader.lex.sets.qualifier_gaps:
        before = reader.lex.before.before(reader.tokens, hit.start - 1)  # "более чем на 500", "почти в три раза"
    if before is not None:
        return before[0] if hit.kind not in _LOOSELY_QUALIFIED or before[0] in (Qualifier.ABOUT, Qualifier.NEARLY) else None
    after = reader.lex.after.match(reader.tokens, hit.end) or _infix(reader, hit)
    if after is None or (reader.tokens.word(hit.end) in reader.lex.sets.leading_qualifiers and reader.tokens.word(after[1]).isalpha()):
        return None  # "150 bp at most banks"
    return after[0]


def _infix(reader: Reader, hit: Hit) -> tuple[Qualifier, int] | None:
    """A qualifier between a number and its unit: "20 с лишним лет", "20-odd years"."""
    number = reader.number(hit.start)
    return None if number is None or number.end >= hit.end else reader.lex.after.match(reader.tokens, number.end)


@lru_cache(maxsize=len(LANGUAGES))
def _triggers(lang: str) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules to try for each word that may start a figure; those for digits; those for words that may hold a number."""
    starters = _starters(lexicon(lang))
    every = frozenset().union(*starters.values())
    by_word = {word: tuple(rule for starter, rule in RULES if word in starters[starter] or _takes_digits(starter, word)) for word in every}
    digits = tuple(rule for starter, rule in RULES if _takes_digits(starter, "0"))
    compounds = tuple(rule for starter, rule in RULES if starter == "compound")
    return by_word, digits, compounds


def _takes_digits(starter: str, word: str) -> bool:
    return starter in ("digits", "number", "amount") and is_digits(word)


def _starters(lex: Lexicon) -> dict[str, frozenset[str]]:
    """The words that each sort of start in `RULES` stands for."""
    sets = lex.sets
    number = {*lex.numbers, *sets.minus, *sets.articles, *sets.lone_hours, *lex.parts.firsts(), "+", *"½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
    return {
        "digits": frozenset(),
        "number": frozenset(number),
        "amount": frozenset({*number, *lex.signs.firsts()}),
        "idioms": frozenset(lex.idioms.firsts()),
        "named": frozenset(lex.named.firsts()),
        "clock": frozenset(lex.clock.firsts()),
        "nearly_hours": frozenset(lex.nearly_hours.firsts()),
        "calendar": frozenset(lex.calendar.firsts()),
        "age_words": frozenset(lex.age_words.firsts()),
        "each": sets.each_words,
        "folds": frozenset(lex.folds.firsts()),
        "number_signs": sets.number_signs,
        "fiscal": sets.fiscal_words,
        "romans": frozenset(lex.romans),
        "decades": frozenset(lex.decades.firsts()),
        "apostrophe": frozenset({"'"}),
        "eras": frozenset(lex.eras.firsts()),
        "parts": frozenset({*lex.parts.firsts(), *sets.articles}),
        "one": sets.one_words,
        "plus": sets.plus_words,
        "fixed": frozenset(lex.fixed.firsts()),
        "compound": frozenset(),
    }
