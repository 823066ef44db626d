"""The reader: finds every figure of a text, rule by rule, and says where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.lexicon import lexicon
from svodka.figures.remembered import remembered
from svodka.figures.rules.base import Reader
from svodka.figures.triggers import index
from svodka.figures.types import Figure, Kind, Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svodka.figures.rules.base import Hit

__all__ = ["explain", "extract"]

# «от 5 до 7», «до полуночи»: what stands before these is no qualifier but their own preposition.
_LOOSELY_QUALIFIED = frozenset({Kind.TIME, Kind.RANGE})
_MARKS = frozenset("-+'")  # start a figure only where they touch it
_UNQUALIFIED = frozenset({Kind.ORDINAL, Kind.IDENTIFIER, Kind.DATE, Kind.CENTURY})


@remembered
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
    tokens, words, rules_at = reader.tokens, reader.words, index(lang)
    followers, done = rules_at.followers, 0
    for place in [n for n, word in enumerate(words) if rules_at[word]]:
        word = words[place]
        if place < done or (word in followers and tokens.word(place + 1) not in followers[word]):
            continue
        if word in _MARKS and not (tokens.joined(place + 1) and (words[place + 1].isalnum() or words[place + 1] in reader.lex.signs)):
            continue
        for rule in rules_at[word]:
            hit = rule(reader, place)
            if hit is not None and hit.start >= done:
                yield hit, rule.__name__
                done = hit.end
                break


def _figure(reader: Reader, hit: Hit, rule: str) -> Figure:
    tokens = reader.tokens
    start, end = tokens.starts[hit.start] - tokens.leading_point(hit.start), tokens.ends[hit.end - 1]
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
        if _only_seems(reader, hit, before):
            return None
        return before[0] if hit.kind not in _LOOSELY_QUALIFIED or before[0] in (Qualifier.ABOUT, Qualifier.NEARLY) else None
    after = reader.lex.after.match(reader.tokens, hit.end) or _infix(reader, hit)
    if after is not None and reader.tokens.word(hit.end) == "+" and is_digits(reader.tokens.word(hit.end + 1) or "-"):
        return None  # "90+3"
    if after is None or (reader.tokens.word(hit.end) in reader.lex.sets.leading_qualifiers and reader.tokens.word(after[1]).isalpha()):
        return None  # "150 bp at most banks"
    return after[0]


_REACH = 9  # «Акции выросли на 0,5%, до 12,34 евро»


def _only_seems(reader: Reader, hit: Hit, before: tuple[Qualifier, int]) -> bool:
    """Whether words before a figure say where a change ends or how long it took: "went up to 5%", «вырос до 5%», "built over six years"."""
    tokens, sets, start = reader.tokens, reader.lex.sets, before[1]
    words = " ".join(tokens.words[start : hit.start])
    if words == "до":
        near = tokens.words[max(0, start - _REACH) : start]
        return any(word.startswith(reader.lex.changes) for word in near)
    if words == "up to":
        return hit.kind is not Kind.MULTIPLE and tokens.word(start - 1) in sets.settled_after
    if words == "over" and hit.kind is Kind.DURATION:
        after = tokens.word(hit.end)
        return tokens.word(start - 1) not in sets.plainly_over and after not in ("ago", "old", "later", "long", "earlier", "late")
    return False


def _infix(reader: Reader, hit: Hit) -> tuple[Qualifier, int] | None:
    """A qualifier between a number and its unit: "20 с лишним лет", "20-odd years"."""
    number = reader.number(hit.start)
    return None if number is None or number.end >= hit.end else reader.lex.after.match(reader.tokens, number.end)
