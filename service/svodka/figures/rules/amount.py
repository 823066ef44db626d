"""Amounts: money, percent, measures, durations, multiples; a number with its unit, and two of them that make one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Amount, Hit, Reader
from svodka.figures.types import Date, Kind, Qualifier, Range

if TYPE_CHECKING:
    from svodka.figures.numerals import Number

__all__ = ["amount", "compound", "feet_and_inches", "fixed_amount", "inverted", "plus_degrees", "shared_unit"]

# How many of the lower unit make one of the higher: "6ft 2in", "2 часа 30 минут", "5 лет и 3 месяца".
_STEPS: dict[tuple[str, str], int] = {
    ("ft", "in"): 12,
    ("yd", "ft"): 3,
    ("st", "lb"): 14,
    ("lb", "oz"): 16,
    ("m", "cm"): 100,
    ("km", "m"): 1000,
    ("kg", "g"): 1000,
    ("t", "kg"): 1000,
    ("hour", "minute"): 60,
    ("minute", "second"): 60,
    ("day", "hour"): 24,
    ("year", "month"): 12,
}


def amount(reader: Reader, i: int) -> Hit | None:
    """A number with its unit: "$1.2bn", "5%", "20 тонн", "three years", "5 рублей 50 копеек"."""
    found = reader.amount(i)
    if found is None or found.factor is None:
        return None
    if found.kind is Kind.MULTIPLE and found.number.value == 1:
        return Hit(start=i, end=found.end)  # "one time", "один раз"
    if found.kind is Kind.MULTIPLE and found.number.scale is not None:
        return None  # "120 million times" counts
    value, end = found.value, found.end
    lower = _lower(reader, found)
    if lower is not None:
        value, end = value + lower[0], lower[1]
    return Hit(
        start=i,
        end=end,
        kind=found.kind,
        value=value,
        unit=found.unit,
        precision=found.precision if lower is None else None,
        counted=found.counted,
        doubt=found.number.doubt,
    )


def fixed_amount(reader: Reader, i: int) -> Hit | None:
    """An amount that a set phrase tells without a number: "a year and a half", "годовалый"."""
    found = reader.lex.fixed.match(reader.tokens, i)
    if found is None:
        return None
    worth, end = found
    tokens, sets = reader.tokens, reader.lex.sets
    if tokens.word(i - 1) in sets.range_bare and tokens.word(i - 3) in sets.articles and tokens.word(i - 2) == tokens.word(i + 1):
        value = Range(low=Fraction(1), high=worth.factor, of=worth.kind)  # "a month to a month and a half"
        return Hit(start=i - 3, end=end, kind=Kind.RANGE, value=value, unit=worth.unit)
    return Hit(start=i, end=end, kind=worth.kind, value=worth.factor, unit=worth.unit, precision=Fraction(1, 10))


def inverted(reader: Reader, i: int) -> Hit | None:
    """A unit before its number, which makes it a guess: "лет десять", "минут двадцать"."""
    tokens = reader.tokens
    at = i - 2 if tokens.word(i - 1) in reader.lex.sets.before_inverted else i - 1  # «часа через два»
    if tokens.word(at) not in reader.lex.sets.inverted_units or tokens.joined(i):
        return None
    found = reader.amount(i)
    worth = reader.lex.units.match(tokens, at)
    if found is None or found.factor is not None or found.number.ordinal or worth is None or (at > 0 and reader.number(at - 1) is not None):
        return None
    if tokens.word(at - 1) in reader.lex.numbers or is_digits(tokens.word(at - 1) or "-") or reader.lex.grammar.counted(tokens, found.end):
        return None
    if at < i - 1 and not found.number.words:
        return None
    value = found.value * worth[0].factor
    return Hit(start=at, end=found.end, kind=worth[0].kind, value=value, unit=worth[0].unit, qualifier=Qualifier.ABOUT)


def feet_and_inches(reader: Reader, i: int) -> Hit | None:
    """A height in marks: 6'7"."""
    tokens = reader.tokens
    feet, inches = tokens.words[i], tokens.word(i + 2)
    if tokens.word(i + 1) != "'" or tokens.word(i + 3) != '"' or not is_digits(inches or "-") or len(feet) > 2 or int(inches[:3]) >= 12:
        return None
    if not tokens.joined(i + 1) or not tokens.joined(i + 3):
        return None
    return Hit(start=i, end=i + 4, kind=Kind.MEASURE, value=int(feet) + Fraction(int(inches), 12), unit="ft")


def plus_degrees(reader: Reader, i: int) -> Hit | None:
    """A temperature above zero that says so: "плюс 7 градусов"."""
    if reader.words[i] not in reader.lex.sets.plus_words:
        return None
    found = reader.amount(i + 1)
    if found is None or found.unit is None or not found.unit.startswith("°") or found.kind is not Kind.MEASURE:
        return None
    return Hit(start=i, end=found.end, kind=found.kind, value=found.value, unit=found.unit, precision=found.precision)


def _lower(reader: Reader, higher: Amount) -> tuple[Fraction, int] | None:
    """The amount of a lower unit that follows and completes this one, in the higher unit."""
    at = higher.end
    word = reader.tokens.word(at)
    if word in reader.lex.sets.list_words:
        at += 1
    if higher.unit == "ft" and reader.hyphen(at) > at:  # "6-foot-6"
        inches = reader.number(at + 1)
        if inches is not None and inches.whole is not None and 0 <= inches.whole < 12 and not inches.ordinal:
            return Fraction(inches.whole, 12), inches.end
    if not reader.tokens.word(at)[:1].isalnum():
        return None
    lower = reader.amount(at)
    if lower is None or lower.unit is None or lower.factor is None or (lower.value.denominator != 1 and higher.kind is not Kind.MONEY):
        return None
    if higher.kind is Kind.MONEY:
        fits = lower.kind is Kind.MONEY and lower.unit == higher.unit and lower.factor < 1 == higher.factor and lower.value < 1
        return (lower.value, lower.end) if fits and word != "," else None
    step = _STEPS.get((higher.unit or "", lower.unit))
    if step is None or not 0 < lower.value < step or higher.value.denominator != 1:
        return None
    return lower.value / step, lower.end


def shared_unit(reader: Reader, i: int) -> Hit | None:
    """A number whose unit stands behind a later one: "5, 7 и 9 процентов", "с 7 до 5 процентов", "30 and 50 thousand"."""
    found = reader.amount(i)
    if found is None or found.factor is not None or found.number.ordinal or found.number.plural or not _plain(found.number):
        return None
    giver = _giver(reader, found)
    if giver is None or reader.lex.before.before(reader.tokens, i) is not None:
        return None  # "citizens over 65 and 20% of voters"
    if giver.unit == "year" and giver.value >= 1000 and found.value >= 1000 and found.value.denominator == 1:
        return Hit(start=i, end=found.end, kind=Kind.DATE, value=Date(year=int(found.value)))  # "1730 и 1737 годы"
    scale = giver.number.scale if found.number.scale is None and _shares_scale(found.number, giver.number) else None
    value = found.value * (scale or 1)
    return Hit(
        start=i,
        end=found.end,
        kind=giver.kind,
        value=value * (giver.factor or 1),
        unit=giver.unit,
        precision=found.number.precision * (scale or 1) * (giver.factor or 1),
        doubt=found.number.doubt,
    )


def _plain(number: Number) -> bool:
    return not number.suffix


def _shares_scale(first: Number, second: Number) -> bool:
    return second.scale is not None and first.value < second.value / second.scale * 10 and first.value < 1000


def _giver(reader: Reader, first: Amount) -> Amount | None:
    """The amount at the end of the list that starts with `first`, with nothing but list words between."""
    sets = reader.lex.sets
    at, closing = first.end, False
    for _ in range(6):
        word = reader.tokens.word(at)
        opened = reader.tokens.word(at - 2) in sets.openers_from or reader.tokens.word(at - 2) in sets.openers_between
        if word in sets.list_words or word in sets.range_bare or (opened and word in sets.range_to):
            at += 1
        else:
            return None
        closing = word != ","
        if word == "," and reader.tokens.word(at) in sets.list_words:
            at, closing = at + 1, True
        following = reader.amount(at)
        if following is None or following.number.ordinal or following.number.plural or following.end == at:
            return None
        if following.factor is not None or (following.number.scale is not None and first.number.scale is None):
            given = closing and following.kind is not Kind.AGE
            return following if given and not _own_sign(reader, at) else None
        at = following.end
    return None


def _own_sign(reader: Reader, at: int) -> bool:
    return reader.lex.signs.match(reader.tokens, at) is not None


def compound(reader: Reader, i: int) -> Hit | None:
    """A number fused with its unit: "двадцатидевятилетний", "полмиллиона рублей", "получаса"."""
    fused = reader.fused(i)
    if fused is None:
        return None
    return Hit(
        start=i,
        end=fused.end,
        kind=fused.kind,
        value=fused.value,
        unit=fused.unit,
        precision=fused.precision,
        counted=fused.counted,
    )
