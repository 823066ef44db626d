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
    words, index = reader.words, _index(lang)
    articles, followers = reader.lex.sets.articles, _after_articles(lang)
    done = 0
    for place in [n for n, word in enumerate(words) if index[word]]:
        if place < done:
            continue
        word = words[place]
        if word in articles and (place + 1 == len(words) or words[place + 1] not in followers):
            continue  # most articles stand before no number
        for rule in index[word]:
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


class _Index(dict[str, "tuple[Rule, ...]"]):
    """The rules to try at each word, looked up once a word; none for a word that starts no figure."""

    __slots__ = ("_compounds", "_lex", "_starters")

    _LARGEST = 200_000

    def __init__(self, lex: Lexicon) -> None:
        super().__init__()
        self._lex = lex
        self._starters = _starters(lex)
        self._compounds = tuple(rule for starter, rule in RULES if starter == "compound")

    def __missing__(self, word: str) -> tuple[Rule, ...]:
        rules = tuple(rule for starter, rule in RULES if word in self._starters[starter] or _takes_digits(starter, word))
        if self._lex.compounds.starts(word):
            rules += self._compounds
        if len(self) < self._LARGEST:
            self[word] = rules
        return rules


@lru_cache(maxsize=len(LANGUAGES))
def _index(lang: str) -> _Index:
    return _Index(lexicon(lang))


@lru_cache(maxsize=len(LANGUAGES))
def _after_articles(lang: str) -> frozenset[str]:
    """The words that may follow an article in a figure: "a million", "a third", "an hour and a half"."""
    lex = lexicon(lang)
    tables = (lex.fixed, lex.idioms, lex.nearly_hours, lex.folds, lex.signs)
    seconds = {second for table in tables for article in lex.sets.articles for second in table.seconds(article)}
    return frozenset({*lex.numbers, *lex.parts.firsts(), *seconds})


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
