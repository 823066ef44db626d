"""Numbers as written: digits with separators, signs, fractions and scales, spelled-out numbers, mixtures ("2 млн 300 тысяч")."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.digits import Run, read_digits
from svodka.figures.types import Kind
from svodka.figures.words import read_words

if TYPE_CHECKING:
    from svodka.figures.lexicon import Lexicon
    from svodka.figures.tokens import Tokens

__all__ = ["Number", "read_number"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A number as it stands in the text: `end` is the token after it, `place` the size of the last place stated.

    `digits` is the run of digits where it is nothing but that ("2019"), a suffix apart; `suffix` are the letters of "16th" and "80-х";
    `scale` the last scale applied; `ordinal` is true of "third" and "16th", `plural` of "1980s" and "80-х"; `words` of a spelled-out one.
    """

    value: Fraction
    end: int
    place: Fraction = Fraction(1)
    digits: str | None = None
    suffix: str = ""
    scale: Fraction | None = None
    ordinal: bool = False
    plural: bool = False
    words: bool = False
    doubt: str | None = None

    @property
    def whole(self) -> int | None:
        """The value where it is a whole number."""
        return self.value.numerator if self.value.denominator == 1 else None

    @property
    def precision(self) -> Fraction:
        """Half a unit of the last stated place."""
        return self.place / 2


def read_number(tokens: Tokens, i: int, lex: Lexicon, *, money: bool = False) -> Number | None:
    """The number that starts at token `i`, with its scale; `money` says that a currency stands before it ("$5m")."""
    if i >= tokens.size:
        return None
    word = tokens.words[i]
    if is_digits(word):
        return _in_digits(tokens, i, lex, money=money)
    if word in lex.sets.minus or word == "+":
        return _signed(tokens, i, lex, money=money)
    if not word.isalpha():
        part = fraction_sign(word)
        return None if part is None else _scaled(tokens, Number(value=part, end=i + 1, place=part), lex, money=money)
    return _part_of_scale(tokens, i, lex) or _spelled(tokens, i, lex)


def fraction_sign(char: str) -> Fraction | None:
    """The value of "½" and its like."""
    if not char or unicodedata.category(char[0]) != "No":
        return None
    parts = unicodedata.normalize("NFKD", char).split("⁄")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return Fraction(int(parts[0]), int(parts[1]))


_BEFORE_SIGN = frozenset('(["….')  # a sign may touch these: "−3…−5 °C"


def _signed(tokens: Tokens, i: int, lex: Lexicon, *, money: bool) -> Number | None:
    sign = tokens.words[i]
    if sign in "-+" and ((tokens.joined(i) and tokens.word(i - 1) not in _BEFORE_SIGN) or not tokens.joined(i + 1)):
        return None  # "2013-14", "F-16", "- 5"
    number = None if tokens.word(i + 1) in ("-", "+") else read_number(tokens, i + 1, lex, money=money)
    if number is None or number.ordinal:
        return None
    return replace(number, value=number.value if sign == "+" else -number.value, digits=None)


def _in_digits(tokens: Tokens, i: int, lex: Lexicon, *, money: bool) -> Number | None:
    run = read_digits(tokens, i, lex.habits.decimal)
    if run is None:
        return None
    if run.otherwise is not None:
        run = _settled(tokens, run, lex)
    number = Number(value=run.value, end=run.end, place=run.place, digits=run.digits, doubt=run.doubt)
    if number.digits is not None or number.value.denominator == 1:
        suffixed = _with_suffix(tokens, number, lex)
        if suffixed is not None:
            return suffixed if suffixed.ordinal or suffixed.plural else _scaled(tokens, suffixed, lex, money=money)
        number = _with_fraction(tokens, number) if number.digits is not None else number
    return _scaled(tokens, _with_addition(tokens, number, lex), lex, money=money)


_THOUSAND = 1000
_MEASURED = frozenset({Kind.PERCENT, Kind.PERCENTAGE_POINT, Kind.MEASURE, Kind.DURATION})


def _settled(tokens: Tokens, run: Run, lex: Lexicon) -> Run:
    """Decides by what follows whether "12,027" is a decimal in Russian: with a scale or a measure it is, of things it is thousands."""
    if lex.habits.decimal == "." or run.otherwise is None:
        return run
    unit = lex.units.match(tokens, run.end)
    scaled = _scale(tokens, Number(value=run.value, end=run.end), lex, money=False) is not None
    decimal = scaled or (unit is not None and unit[0].kind in _MEASURED)
    value = min(run.value, run.otherwise) if decimal else max(run.value, run.otherwise)
    return replace(run, value=value, doubt=None if decimal else run.doubt, place=Fraction(1, 1000) if decimal else Fraction(1))


def _with_suffix(tokens: Tokens, number: Number, lex: Lexicon) -> Number | None:
    """Letters of grammar after digits: "16th", "6-го", "1980s", "4-х"."""
    end, digits = number.end, number.digits or "000"
    at = end + 1 if tokens.word(end) in ("-", "'", '"') and tokens.joined(end) else end
    suffix = tokens.word(at)
    if not suffix or not tokens.joined(at):
        return None
    if suffix in lex.sets.plural_suffixes and digits[-1] == "0" and len(digits) in (2, 4) and at + 1 and not _goes_on(tokens, at + 1):
        return replace(number, end=at + 1, suffix=suffix, plural=True)
    if suffix in lex.sets.cardinal_suffixes and not _goes_on(tokens, at + 1) and not (suffix == "х" and digits[-1] not in "234"):
        return replace(number, end=at + 1, suffix=suffix)
    if suffix in lex.sets.instrumental_suffixes and tokens.word(at + 1).endswith("ми"):
        return replace(number, end=at + 1, suffix=suffix)  # "17-ю процентами"
    if (
        suffix in lex.sets.ordinal_suffixes
        and (at > end or lex.habits.month_first or len(suffix) > 1 or suffix == "й")
        and not _goes_on(tokens, at + 1)
    ):
        return replace(number, end=at + 1, suffix=suffix, ordinal=True)
    return None


def _goes_on(tokens: Tokens, i: int) -> bool:
    return tokens.joined(i) and tokens.word(i).isalnum()


def _with_fraction(tokens: Tokens, number: Number) -> Number:
    """Adds a fraction that follows a whole number: "2½", "2 1/2"."""
    end = number.end
    part = fraction_sign(tokens.word(end))
    if part is not None:
        return replace(number, value=number.value + part, end=end + 1, place=part, digits=None)
    written = tokens.words[end : end + 3]
    if len(written) == 3 and written[1] == "/" and all(is_digits(word) and len(word) == 1 for word in (written[0], written[2])):
        below = int(written[2])
        if not tokens.joined(end) and tokens.joined(end + 1) and tokens.joined(end + 2) and int(written[0]) < below:
            part = Fraction(int(written[0]), below)
            return replace(number, value=number.value + part, end=end + 3, place=part, digits=None)
    return number


def _with_addition(tokens: Tokens, number: Number, lex: Lexicon, whole: Fraction | None = None) -> Number:
    """Adds a part told in words: "two and a half", "4 с половиной"; it is a part of `whole`: "a dozen and a half"."""
    found = lex.additions.match(tokens, number.end)
    if found is None or number.value.denominator != 1:
        return number
    whole = whole or number.scale or Fraction(1)
    return replace(number, value=number.value + found[0] * whole, place=Fraction(1, 10) * whole, end=found[1], digits=None)


def _scaled(tokens: Tokens, number: Number, lex: Lexicon, *, money: bool) -> Number:
    """Applies the scales that follow: "1.2bn", "5 тыс.", "2 млн 300 тысяч"."""
    found = _scale(tokens, number, lex, money=money)
    if found is None:
        return number
    scale, end = found
    result = replace(number, value=number.value * scale, place=number.place * scale, end=end, digits=None, scale=scale, suffix="")
    while is_digits(tokens.word(end) or "-") and number.value.denominator == 1:  # "2 млн 300 тысяч"
        run = read_digits(tokens, end, lex.habits.decimal)
        if run is None or run.value.denominator != 1:
            break
        lower = _scale(tokens, Number(value=run.value, end=run.end), lex, money=money)
        if lower is None and scale == _THOUSAND and run.digits is not None and len(run.digits) == len("500"):  # "3 тыс. 500 рублей"
            return replace(result, value=result.value + run.value, place=Fraction(1), end=run.end)
        if lower is None or run.value * lower[0] >= scale:
            break
        scale, end = lower
        result = replace(result, value=result.value + run.value * scale, place=scale, end=end, scale=scale)
    return _with_addition(tokens, result, lex)


def _scale(tokens: Tokens, number: Number, lex: Lexicon, *, money: bool) -> tuple[Fraction, int] | None:
    i = number.end
    if i >= tokens.size:
        return None
    hyphen = 1 if tokens.words[i] == "-" and tokens.joined(i) and tokens.joined(i + 1) else 0
    word = lex.numbers.get(tokens.word(i + hyphen))
    if word is not None and not word.ordinal and word.slot in ("scale", "dozen", "times-hundred"):
        end = i + hyphen + 1
        higher = lex.numbers.get(tokens.word(end))  # "5 hundred thousand", "2 тысячи миллиардов"
        if higher is not None and not higher.ordinal and higher.slot == "scale" and higher.value > word.value:
            return word.value * higher.value, end + 1
        return word.value, end
    if hyphen:  # "$70-million" left in a Russian text
        found = lex.scales.match(tokens, i + 1)
        return None if found is None or _goes_on(tokens, found[1]) else found
    found = lex.money_scales.match(tokens, i) if money else None
    if found is None:
        found = (lex.attached_scales if tokens.joined(i) else lex.scales).match(tokens, i)
    if found is None and tokens.joined(i) and tokens.words[i] == "m" and _counts_millions(tokens, number, lex):
        return Fraction(1_000_000), i + 1
    return None if found is None or _goes_on(tokens, found[1]) else found


def _counts_millions(tokens: Tokens, number: Number, lex: Lexicon) -> bool:
    """Whether the letter of "5m" means million rather than metres: "1.2m people", not "the 100m final"."""
    if not lex.sets.metre_after:
        return False
    following = tokens.word(number.end + 1)
    if tokens.word(number.end - 2) in ("x", "×", "х"):
        return False  # "4 x 400m"
    if following in lex.sets.metre_after or following in "-x/" or not following:
        return False
    if tokens.word(number.end + 1)[:1].isalpha() and following.endswith("s") and following not in lex.sets.plural_exceptions:
        return True
    if lex.units.match(tokens, number.end + 1) is not None:
        return True  # "5m euros"
    if following == "people":
        return True
    return number.place != Fraction(1, 100) and (number.value < 20 or number.value.denominator != 1)  # "a jump of 8.20m"


def _part_of_scale(tokens: Tokens, i: int, lex: Lexicon) -> Number | None:
    """A part of a scale: "half a million", "a quarter of a million", "четверть миллиарда"."""
    at = i + 1 if tokens.words[i] in lex.sets.articles else i
    part = lex.parts.match(tokens, at)
    if part is None:
        return None
    end = part[1]
    end += _joined_on(tokens, end)  # "half-a-billion"
    if tokens.word(end) in lex.sets.of_words:
        end += 1
    if tokens.word(end) in lex.sets.articles:
        end += 1
    end += _joined_on(tokens, end)
    word = lex.numbers.get(tokens.word(end))
    if word is None or word.ordinal or word.slot not in ("scale", "dozen") or word.form == "plural":
        return None
    return Number(value=part[0] * word.value, end=end + 1, place=word.value / 10, scale=word.value, words=True)


def _spelled(tokens: Tokens, i: int, lex: Lexicon) -> Number | None:
    article = tokens.words[i] in lex.sets.articles
    spelled = read_words(tokens, i + article, lex, article=article or _asks_genitive(tokens, i, lex))
    if spelled is None:
        return None
    small = spelled.place == 1 and spelled.value < 100  # "a hundred and fifty" is none
    if article and (spelled.ordinal or small or _joined_on(tokens, spelled.end)):
        return None  # "a second", "a million-dollar idea"
    number = Number(
        value=spelled.value,
        end=spelled.end,
        place=spelled.place,
        ordinal=spelled.ordinal,
        words=True,
        scale=spelled.place if spelled.place >= 1000 else None,
    )
    if number.ordinal:
        return number
    whole = spelled.last.value if spelled.last.slot == "dozen" else None
    number = _with_addition(tokens, _with_decimals(tokens, number, lex), lex, whole)
    return number if number.scale is not None else _scaled(tokens, number, lex, money=False)


def _with_decimals(tokens: Tokens, number: Number, lex: Lexicon) -> Number:
    """Decimals in words: "two point five", "две целых пять десятых"."""
    if tokens.word(number.end) not in lex.sets.decimal_words:
        return number
    after = number.end + 1
    part = read_words(tokens, after, lex)
    if part is None or part.ordinal or part.value >= 1000:
        return number
    named = lex.parts.match(tokens, part.end)
    if named is not None:
        return replace(number, value=number.value + part.value * named[0], end=named[1], place=named[0])
    if not lex.sets.articles:
        return number
    digits, end = "", after
    while (digit := read_words(tokens, end, lex)) is not None and digit.value < 10 and not digit.ordinal and len(digits) < 12:
        digits, end = digits + str(digit.value), digit.end
    if not digits:
        return number
    unit = Fraction(1, 10 ** len(digits))
    return replace(number, value=number.value + int(digits) * unit, end=end, place=unit)


def _joined_on(tokens: Tokens, i: int) -> bool:
    return tokens.word(i) == "-" and tokens.joined(i) and tokens.joined(i + 1)


def _asks_genitive(tokens: Tokens, i: int, lex: Lexicon) -> bool:
    """Whether a word before `i` makes a lone "тысячи" mean one thousand: "более тысячи человек"."""
    word = lex.numbers.get(tokens.words[i])
    return word is not None and word.form == "genitive" and tokens.word(i - 1) in lex.sets.governors
