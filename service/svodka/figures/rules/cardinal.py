"""Plain numbers: what no other rule has claimed."""

from __future__ import annotations

from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.date import years_digits
from svodka.figures.types import Kind

__all__ = ["cardinal", "ordinal", "ordinal_by_noun"]


def ordinal(reader: Reader, i: int) -> Hit | None:
    """A number that orders: "16th", "третий"."""
    number = reader.number(i)
    if number is None or not (number.ordinal or number.plural) or _is_unit(reader, i, number.end):
        return None
    counted = reader.lex.grammar.counted(reader.tokens, number.end) or reader.lex.grammar.ordered(reader.tokens, number.end)
    return Hit(start=i, end=number.end, kind=Kind.ORDINAL, value=number.value, counted=counted)


def cardinal(reader: Reader, i: int) -> Hit | None:
    """A number that counts: "82 companies", "двадцать человек"."""
    found = reader.amount(i)
    if found is None or found.number.plural or found.number.ordinal:
        return None
    number = found.number
    if number.digits is not None and number.value == 0 and len(number.digits) > 1:
        return None  # the end of a score misprinted as "1:00"
    end = _with_noun(reader, number.end if found.factor is not None else found.end)
    return Hit(
        start=i,
        end=end,
        kind=Kind.CARDINAL,
        value=number.value if found.factor is not None else found.value,
        precision=number.precision,
        counted=found.counted or reader.lex.grammar.counted(reader.tokens, number.end),
        doubt=number.doubt,
    )


def _with_noun(reader: Reader, end: int) -> int:
    """Takes in a noun that a hyphen joins to the number: "79-storey"."""
    tokens = reader.tokens
    at = reader.hyphen(end)
    if at == end or not tokens.word(at).isalpha() or tokens.word(at) in reader.lex.sets.not_joined or tokens.capital(at):
        return end
    return at + 1


def _is_unit(reader: Reader, i: int, end: int) -> bool:
    """Whether "second" is the unit: "24 frames per second", "5,000 products a second"."""
    tokens, sets = reader.tokens, reader.lex.sets
    if tokens.words[i] not in sets.ordinal_units:
        return False
    before = tokens.word(i - 1)
    return before in sets.per_words or (before in sets.articles and not tokens.word(end).isalpha() and reader.hyphen(end) == end)


def ordinal_by_noun(reader: Reader, i: int) -> Hit | None:
    """A number in digits whose noun is in the singular and so can only be ordered: «в 3 квартале», «на 53 минуте»."""
    number = reader.number(i)
    if number is None or number.digits is None or number.suffix:
        return None
    noun = reader.tokens.word(number.end)
    countable = number.digits[-1] == "1" and number.digits[-2:] != "11"
    behind = number.end + 1 + (reader.tokens.word(number.end + 1) == ".")  # «1 кв. 2024 года»
    quarter = noun in reader.lex.sets.quarter_forms and number.value <= 4 and years_digits(reader, behind) is not None
    if not quarter and (countable or noun not in reader.lex.sets.ordered_forms):
        return None
    counted = reader.lex.grammar.ordered(reader.tokens, number.end)
    return Hit(start=i, end=number.end, kind=Kind.ORDINAL, value=number.value, counted=counted)
