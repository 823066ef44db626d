"""Ranges of amounts: "30–50", "between 30,000 and 50,000 rubles", "от 5 до 7 лет", "два-три дня", "$1.2-1.4bn"."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from svodka.figures.rules.base import Amount, Hit, Reader
from svodka.figures.types import Kind, Qualifier, Range

__all__ = ["amount_range", "inverted_range", "range_link"]

_ALTERNATIVES = 3  # "two or three years" is a range, "2 or 20" is not


def range_link(reader: Reader, start: int, end: int) -> tuple[int, str] | None:
    """Where the second end of a range may start, if the first end runs from `start` to `end`, and by what it is joined."""
    tokens, sets = reader.tokens, reader.lex.sets
    word = tokens.word(end)
    if word in ("-", "—", "~"):
        tight = tokens.joined(end) == tokens.joined(end + 1)
        return (end + 1, "dash") if tight and tokens.word(end + 1) not in ("", "-", "—") else None
    if word in ("...", "…"):
        return end + 1, "dash"
    if word == "." and tokens.word(end + 1) == "." and tokens.joined(end) and tokens.joined(end + 1) and tokens.joined(end + 2):
        return end + 2 + (tokens.word(end + 2) == "."), "dash"  # "-10..-12"
    opener = tokens.word(start - 1)
    if opener not in sets.openers_between and opener not in sets.openers_from and start > 1:
        opener = tokens.word(start - 2)  # "from about 5 to 7"
    if word in sets.range_and and opener in sets.openers_between:
        return end + 1, "and"
    if word in sets.range_to and opener in sets.openers_from:
        return end + 1, "to"
    if word in sets.range_bare:
        return end + 1, word
    return None


def amount_range(reader: Reader, i: int) -> Hit | None:
    """Two amounts, the lower first, that share a unit."""
    first = reader.amount(i)
    if first is None or first.number.ordinal or first.number.plural:
        return None
    link = _link(reader, i, first)
    if link is None:
        return None
    plus = first.value < 0 and reader.tokens.word(link[0]) in reader.lex.sets.plus_words  # "minus 5 to plus 3 degrees"
    second = reader.amount(link[0] + plus)
    if second is None or second.number.ordinal or second.number.plural or (second.value < 0 and first.value >= 0):
        return None
    if first.factor is not None and second.factor is not None and link[1] in ("to", "до") and first.factor != second.factor:
        return None  # "fell 12 cents to $3.40"
    if any(end.unit == "year" and end.number.digits is not None and end.value >= 1000 for end in (first, second)):
        return None  # "с 1697 случаев в 2001 году до 3698"
    if first.factor is not None and second.factor is None and _dated(reader, second.end):
        return None  # «в течение трех месяцев до 30 сентября»
    if link[1] == "or" and not _alternatives(first, second):
        return None
    if link[1] == "dash" and first.number.words != second.number.words:
        return None  # "7-Eleven"
    if link[1] in ("to", "or") and not _meant_as_range(reader, i, first, second):
        return None
    if link[1] == "до" and reader.tokens.word(i - 1) in reader.lex.sets.change_words and _is_whole(first):
        return None  # «вырос на 1,2% до 10,45 за доллар», «на 50 тысяч до 2 миллионов»
    low, high = _shared(first, second)
    if low.kind is not high.kind or low.unit != high.unit or not (low.value < high.value or high.value < low.value < 0):
        return None
    return Hit(
        start=i,
        end=second.end,
        kind=Kind.RANGE,
        value=Range(low=low.value, high=high.value, of=high.kind),
        unit=high.unit,
        precision=high.precision,
        doubt=first.number.doubt or second.number.doubt,
    )


def inverted_range(reader: Reader, i: int) -> Hit | None:
    """A unit before two numbers, which makes them a guess: «часа полтора-два», «лет пять-шесть»; «месяц-полтора»."""
    tokens, sets = reader.tokens, reader.lex.sets
    if reader.words[i] in sets.one_and_half and (one := _one_to_more(reader, i)) is not None:
        return one
    at = i - 2 if tokens.word(i - 1) in sets.before_inverted else i - 1  # «минут за 15-20»
    if tokens.word(at) not in sets.inverted_units or tokens.joined(i) or (at > 0 and reader.number(at - 1) is not None):
        return None
    ranged, worth = amount_range(reader, i), reader.lex.units.match(tokens, at)
    if ranged is None or worth is None or not isinstance(ranged.value, Range) or ranged.value.of is not Kind.CARDINAL:
        return None
    factor, low, high = worth[0].factor, ranged.value.low, ranged.value.high
    if not isinstance(low, Fraction) or not isinstance(high, Fraction):
        return None
    value = Range(low=low * factor, high=high * factor, of=worth[0].kind)
    return replace(ranged, start=at, value=value, unit=worth[0].unit, qualifier=Qualifier.ABOUT)


def _one_to_more(reader: Reader, i: int) -> Hit | None:
    """One unit and a half more of it: «месяц-полтора», «от месяца до полутора»."""
    tokens, sets = reader.tokens, reader.lex.sets
    linked = tokens.word(i - 1) == "-" and tokens.joined(i) and tokens.joined(i - 1)
    if not linked and not (tokens.word(i - 1) in sets.range_to and tokens.word(i - 3) in sets.openers_from):
        return None
    worth, second = reader.lex.units.match(tokens, i - 2), reader.amount(i)
    if worth is None or worth[1] != i - 1 or second is None or worth[0].kind is not Kind.DURATION:
        return None
    if second.factor is not None and second.unit != worth[0].unit:
        return None
    value = Range(low=worth[0].factor, high=second.number.value * worth[0].factor, of=worth[0].kind)
    return Hit(start=i - 2, end=second.end, kind=Kind.RANGE, value=value, unit=worth[0].unit)


def _dated(reader: Reader, end: int) -> bool:
    """Whether a month follows, so that the number before it is a day."""
    found = reader.lex.calendar.match(reader.tokens, end + (reader.tokens.word(end) in reader.lex.sets.of_words))
    return found is not None and found[0].what == "month"


def _link(reader: Reader, i: int, first: Amount) -> tuple[int, str] | None:
    """The link after an amount; "5- to 7-year-olds" has a hyphen before it."""
    tokens, at = reader.tokens, first.end
    if tokens.word(at) == "-" and tokens.joined(at) and tokens.word(at + 1) in reader.lex.sets.range_bare:
        return at + 2, "to"
    link = range_link(reader, i, at)
    if link is None:
        return None
    return (link[0], "or") if link[1] in reader.lex.sets.list_words and link[1] in reader.lex.sets.range_bare else link


def _is_whole(amount: Amount) -> bool:
    """Whether an amount waits for no unit or scale behind it, as it may in «на 3 до 5 процентов»."""
    return amount.factor is not None or amount.number.scale is not None


def _meant_as_range(reader: Reader, i: int, first: Amount, second: Amount) -> bool:
    """Whether "to" joins two ends: "5 to 7 percent", not "rose by 3 kopecks to 37.15", "up 1.49% to 6,229"."""
    tokens, sets = reader.tokens, reader.lex.sets
    if tokens.word(i - 1) in sets.openers_from or tokens.word(i - 2) in sets.openers_from:
        return True
    if tokens.word(i - 1) in sets.change_words and first.factor is not None:
        return False
    return first.factor is None or second.factor is not None or first.number.end == first.end


def _alternatives(first: Amount, second: Amount) -> bool:
    """Whether "two or three" are neighbours."""
    low = first.value
    if first.factor is not None and second.factor is not None:
        return False
    if low.denominator != 1 or first.number.value.denominator != 1:
        return False
    top = second.number.value / (second.number.scale or 1) if first.number.scale is None else second.number.value
    bottom = first.number.value
    return bottom < top <= bottom + (bottom if bottom > _ALTERNATIVES else _ALTERNATIVES)


def _shared(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Both amounts after each has lent the other its unit and scale."""
    if first.factor is not None and second.factor is None:
        second = _lent(second, first)  # "$1.2-1.4bn"
        if second.number.scale is not None and first.number.scale is None and _below(first.number.value, second):
            first = _rescaled(first, second.number.scale)
        return first, second
    if first.factor is None and second.factor is not None:
        scaled = first if first.number.scale is not None or second.number.scale is None else _scaled_like(first, second)
        return _lent(scaled, second), second
    if first.number.scale is None and second.number.scale is not None and first.factor == second.factor:
        return _scaled_like(first, second), second
    return first, second


def _scaled_like(first: Amount, second: Amount) -> Amount:
    scale = second.number.scale
    return _rescaled(first, scale) if scale is not None and _below(first.number.value, second) else first


def _below(value: Fraction, second: Amount) -> bool:
    """Whether a bare first end is meant in the scale of the second: "5-7 million", not "500 to 1 million"."""
    scale = second.number.scale or 1
    return value < second.number.value / scale


def _rescaled(amount: Amount, scale: Fraction) -> Amount:
    return replace(amount, value=amount.value * scale)


def _lent(amount: Amount, giver: Amount) -> Amount:
    factor = giver.factor or 1
    return replace(amount, kind=giver.kind, unit=giver.unit, value=amount.value * factor, factor=giver.factor)
