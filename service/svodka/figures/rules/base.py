"""What rules share: the text as they read it, and what they return."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.lexicon import Worth
from svodka.figures.numerals import Number, read_number
from svodka.figures.tokens import Tokens
from svodka.figures.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures.compounds import Compound, Tail
    from svodka.figures.lexicon import Lexicon
    from svodka.figures.types import Qualifier, Value

__all__ = ["Amount", "Hit", "Reader"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What a rule read: a figure over the tokens from `start` to `end`; without a kind, a stretch that holds no figure."""

    start: int
    end: int
    kind: Kind | None = None
    value: Value | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    precision: Fraction | None = None
    counted: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A number together with what it is a number of; a plain one is a cardinal and has no `factor`."""

    kind: Kind
    value: Fraction
    end: int
    number: Number
    unit: str | None = None
    factor: Fraction | None = None
    counted: str | None = None

    @property
    def precision(self) -> Fraction:
        """Half a unit of the last stated place, in the unit."""
        return self.number.precision * (1 if self.factor is None else self.factor)


_AGE_UNITS = frozenset({"year", "month", "week", "day"})
_TAIL_KINDS = {
    "duration": Kind.DURATION,
    "measure": Kind.MEASURE,
    "percent": Kind.PERCENT,
    "money": Kind.MONEY,
    "money-hundredth": Kind.MONEY,
    "multiple": Kind.MULTIPLE,
    "age": Kind.AGE,
    "count": Kind.CARDINAL,
    "scale": Kind.CARDINAL,
    "ordinal": Kind.ORDINAL,
}


class Reader:
    """One text under reading: its tokens, the lexicon of its language, and the numbers read so far."""

    __slots__ = ("_amounts", "_money_numbers", "_numbers", "lex", "tokens", "words")

    def __init__(self, text: str, lex: Lexicon) -> None:
        self.tokens = Tokens(text)
        self.words = self.tokens.words
        self.lex = lex
        self._numbers: dict[int, Number | None] = {}
        self._money_numbers: dict[int, Number | None] = {}
        self._amounts: dict[int, Amount | None] = {}

    def number(self, i: int) -> Number | None:
        """The number that starts at token `i`."""
        if i not in self._numbers:
            self._numbers[i] = read_number(self.tokens, i, self.lex)
        return self._numbers[i]

    def money_number(self, i: int) -> Number | None:
        """The number that starts at token `i`, where a currency stands before it."""
        if i not in self._money_numbers:
            self._money_numbers[i] = read_number(self.tokens, i, self.lex, money=True)
        return self._money_numbers[i]

    def amount(self, i: int) -> Amount | None:
        """The number that starts at token `i`, a currency before it or a unit behind it included."""
        if i not in self._amounts:
            self._amounts[i] = self._money_before(i) or self._number_and_unit(i)
        return self._amounts[i]

    def hyphen(self, i: int) -> int:
        """The token after a hyphen that joins two words at `i`; `i` itself where there is none."""
        tokens = self.tokens
        return i + 1 if tokens.word(i) == "-" and tokens.joined(i) and tokens.joined(i + 1) else i

    def worth(self, number: Number) -> tuple[Worth, int] | None:
        """The unit behind a number: "km", "млрд рублей" without its scale, "-percent"."""
        tokens = self.tokens
        at = self.hyphen(number.end)
        found = self.lex.units.match(tokens, at)
        if found is None and self._describes_unit(number, at):
            at += 1  # "двух последних лет", "three consecutive days"
            found = self.lex.units.match(tokens, at)
        if found is None and (infix := self.lex.after.match(tokens, number.end)) is not None:
            at = infix[1]  # "два с лишним раза", "20-odd years"
            found = self.lex.units.match(tokens, at)
        joined = tokens.joined(at)
        if found is None and joined and number.digits is not None and tokens.capitals(at):
            found = self.lex.capital_units.match(tokens, at)  # "104F"
        if found is None:
            return None
        if joined and tokens.capitals(at):
            found = self.lex.capital_units.match(tokens, at) or found  # "16C" is no money
        worth, end = found
        if joined and worth.kind is Kind.MULTIPLE and tokens.capital(at) and end == at + 1 and len(tokens.words[at]) == 1:
            return None  # the aeroplane "777X"
        if worth.unit == "hour" and tokens.word(at) == "ч" and tokens.words[end - 1] == "." and tokens.word(end).isdigit():
            return None  # «п. 2 ч. 3 ст. 228»
        if worth.close and (not joined or at > number.end):
            return None
        last = tokens.word(end - 1)
        if tokens.joined(end) and last.isalnum() and tokens.word(end)[0].isalnum():
            return None  # "5km2x", "8 thousand G3": letters that go on are no unit
        if not joined and not last.isalpha() and tokens.joined(end) and tokens.word(end)[:1].isdigit():
            return None  # "in 2014 $5"
        if worth.unit == "GBP" and self._weighs(at, end):
            return Worth(kind=Kind.MEASURE, unit="lb"), end
        if worth.unit == "°" and tokens.capitals(end) and (letter := self.lex.capital_units.match(tokens, end)) is not None:
            return letter  # "17° С"
        return worth, end

    def _describes_unit(self, number: Number, i: int) -> bool:
        """Whether an adjective stands between a number and its unit: "five long hours"; in "32 last year" the year stands apart."""
        word, sets = self.tokens.word(i), self.lex.sets
        if word in sets.unit_adjectives:
            return not sets.articles or number.value <= 1 or self.tokens.word(i + 1).endswith("s")
        if sets.articles or not word.endswith(("ых", "их")):
            return False
        unit = self.lex.units.match(self.tokens, i + 1)
        return unit is not None and unit[0].kind is Kind.DURATION and not unit[0].close  # «пять тяжелых лет»

    def fused(self, i: int) -> Amount | None:
        """The amount that one word states: "пятидневный", "полмиллиона рублей", "полчаса"."""
        if self.lex.units.word(self.words[i]) is not None:
            return None  # "десятилетие" is a unit
        compound = self.lex.compounds.read(self.words[i])
        if compound is None:
            at = self.hyphen(i + 1)  # "пол-литра"
            compound = self.lex.compounds.read(self.words[i] + self.words[at]) if at > i + 1 else None
            return None if compound is None or not compound.rest else self._half(compound, at + 1)
        number = Number(value=compound.value, end=i + 1, words=True)
        if compound.tail is not None:
            return self.tailed(number, compound.tail, i + 1)
        scale = self.lex.numbers.get(compound.rest)
        if scale is not None and scale.slot in ("scale", "dozen") and not scale.ordinal:
            number = Number(value=compound.value * scale.value, end=i + 1, words=True, scale=scale.value, place=scale.value / 10)
            return self._valued(number)
        return self._half(compound, i + 1)

    def _half(self, compound: Compound, end: int) -> Amount | None:
        """Half of a unit: "полчаса", "пол-литра"."""
        found = self.lex.units.word(compound.rest)
        if found is None:
            return None
        number = Number(value=compound.value, end=end, words=True)
        value = compound.value * found.factor
        return Amount(kind=found.kind, value=value, unit=found.unit, factor=found.factor, end=end, number=number)

    def _valued(self, number: Number) -> Amount:
        found = self.worth(number)
        if found is None:
            return Amount(kind=Kind.CARDINAL, value=number.value, end=number.end, number=number)
        worth, end = found
        value = number.value * worth.factor
        return Amount(kind=worth.kind, value=value, unit=worth.unit, factor=worth.factor, end=end, number=number)

    def unit_at(self, i: int) -> bool:
        """Whether a unit stands at `i` for a number that ends there."""
        found = self.lex.units.match(self.tokens, i)
        return found is not None and not (found[0].close and not self.tokens.joined(i))

    def _weighs(self, at: int, end: int) -> bool:
        """Whether pounds are a weight: "327 pounds of cocaine", "a 550-pound hog", "весом 20 фунтов"."""
        tokens, sets = self.tokens, self.lex.sets
        if tokens.word(at) not in sets.pound_words or end > at + 1:
            return False
        if not sets.heavy_words.isdisjoint(self.words[max(0, at - 6) : at]) or tokens.word(end) in sets.weighed_after:
            return True
        if tokens.word(at) in sets.pound_adjectives:
            return tokens.word(end).isalpha() and tokens.word(end) not in sets.paid_things
        return self.lex.grammar.governed(tokens, end)

    def _money_before(self, i: int) -> Amount | None:
        tokens = self.tokens
        negative = tokens.word(i) == "-" and tokens.joined(i + 1) and not tokens.joined(i)
        found = self.lex.signs.match(tokens, i + negative)
        if found is None or found[0].close:
            return None
        worth, after = found
        if after > i + negative + 1 and not tokens.joined(after - 1):
            return None  # "A $5m fine" is no Australian one
        number = self.money_number(after)
        if number is None or number.ordinal or number.plural or (number.words and not tokens.joined(after)):
            return None
        value, end = number.value * worth.factor, number.end
        tail = self.lex.compounds.tail(tokens.word(self.hyphen(end))) if self.hyphen(end) > end else None
        if tail is not None and tail.kind == "scale":  # "$7,5-миллионный"
            value, end = value * Fraction(tail.unit), end + 2
        behind = self.lex.units.match(tokens, end)  # "$5 million US dollars", "US$5 USD"
        if behind is not None and behind[0].kind is Kind.MONEY and behind[0].factor == 1:
            end = behind[1]
        return Amount(kind=Kind.MONEY, value=-value if negative else value, unit=worth.unit, factor=worth.factor, end=end, number=number)

    def _number_and_unit(self, i: int) -> Amount | None:
        number = self.number(i)
        if number is None:
            return None
        if number.ordinal or number.plural:
            return Amount(kind=Kind.CARDINAL, value=number.value, end=number.end, number=number)
        valued = self._valued(number)
        return valued if valued.factor is not None else self._with_tail(number) or valued

    def _with_tail(self, number: Number) -> Amount | None:
        """A number and the second half of a compound: "300-километровый", "4-х летний"."""
        at = self.hyphen(number.end)
        if at >= self.tokens.size or (at == number.end and number.digits is None and not number.suffix):
            return None
        tail = self.lex.compounds.tail(self.words[at]) or self._after_case(at)
        return None if tail is None else self.tailed(number, tail, at + 1)

    def _after_case(self, at: int) -> Tail | None:
        """A second half that the ending of the number is written on to: «175-тикилометровый»."""
        word = self.words[at]
        fused = (self.lex.compounds.tail(word[len(ending) :]) for ending in self.lex.sets.cardinal_suffixes if word.startswith(ending))
        return next((tail for tail in fused if tail is not None), None) if word.isalpha() else None

    def tailed(self, number: Number, tail: Tail, end: int) -> Amount:
        """The amount that a compound states."""
        kind, unit, factor = _TAIL_KINDS[tail.kind], tail.unit or None, Fraction(1)
        if tail.kind == "scale":
            factor, unit = Fraction(tail.unit), None
        elif tail.kind == "money-hundredth":
            factor = Fraction(1, 100)
        elif kind is Kind.PERCENT:
            unit = None
        elif kind in (Kind.AGE, Kind.DURATION) and unit in _AGE_UNITS and tail.kind != "age":
            kind = Kind.AGE if self.lex.grammar.counts_life(self.tokens, end) else Kind.DURATION
        counted = tail.stem if kind in (Kind.CARDINAL, Kind.ORDINAL) and tail.kind != "scale" else None
        return Amount(kind=kind, value=number.value * factor, unit=unit, factor=factor, end=end, number=number, counted=counted)


if TYPE_CHECKING:
    Rule = Callable[[Reader, int], Hit | None]
