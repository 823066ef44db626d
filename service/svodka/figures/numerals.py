"""Numbers as written: digits with separators, signs, fractions and scales, spelled-out numbers, and mixtures of them ("2 млн 300 тысяч")."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits
from svodka.figures.words import read_words

if TYPE_CHECKING:
    from svodka.figures.lexicon import Lexicon
    from svodka.figures.tokens import Tokens

__all__ = ["Number", "read_number"]

_LONGEST_RUN = 40  # more digits than any quantity has: what is longer is no number
_LONGEST_CHAIN = 14  # groups of digits joined by separators
_HALF = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A number as it stands in the text: `end` is the token after it, `place` the size of the last place stated.

    `digits` is the run of digits where it is nothing but that ("2019"); `mantissa` the value without its scale; `ordinal` is true of
    "third" and "двадцатого".
    """

    value: Fraction
    end: int
    place: Fraction = Fraction(1)
    digits: str | None = None
    scale: Fraction | None = None
    ordinal: bool = False
    words: bool = False
    doubt: str | None = None

    @property
    def mantissa(self) -> Fraction:
        """The value before its scale is applied: 1.2 of "1.2bn"."""
        return self.value / self.scale if self.scale else self.value

    @property
    def precision(self) -> Fraction:
        """Half a unit of the last stated place."""
        return self.place / 2


def read_number(tokens: Tokens, i: int, lex: Lexicon, *, money: bool = False) -> Number | None:
    """The number that starts at token `i`, with its scale; `money` says that a currency stands before it ("$5m")."""
    if i >= tokens.size:
        return None
    word = tokens.words[i]
    if word in lex.minus or word == "+":
        return _signed(tokens, i, lex, money=money)
    if is_digits(word):
        plain = _digits(tokens, i, lex)
        return None if plain is None else _scaled(tokens, plain, lex, money=money)
    if unicodedata.category(word[0]) == "No":
        part = _fraction_sign(word)
        return None if part is None else _scaled(tokens, Number(value=part, end=i + 1, place=part), lex, money=money)
    return _spelled(tokens, i, lex)


def _signed(tokens: Tokens, i: int, lex: Lexicon, *, money: bool) -> Number | None:
    if tokens.words[i] in "-+" and (tokens.joined(i) and (tokens.word(i - 1).isalnum()) or not tokens.joined(i + 1)):
        return None  # "2013-14", "F-16", "- 5"
    number = read_number(tokens, i + 1, lex, money=money) if tokens.word(i + 1) not in ("-", "+") else None
    if number is None or number.ordinal:
        return None
    sign = 1 if tokens.words[i] == "+" else -1
    return replace(number, value=sign * number.value, digits=None)


def _fraction_sign(char: str) -> Fraction | None:
    parts = unicodedata.normalize("NFKD", char).split("⁄")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return Fraction(int(parts[0]), int(parts[1]))


def _digits(tokens: Tokens, i: int, lex: Lexicon) -> Number | None:
    """A number in digits, separators and a fraction included, without its scale."""
    words = tokens.words
    if len(words[i]) > _LONGEST_RUN:
        return None
    end = _chain(tokens, i)
    number = _grouped(tokens, i, end, lex) if end > i + 1 else None
    if number is None:
        number = Number(value=Fraction(int(words[i])), end=i + 1, digits=words[i])
    return _with_fraction(tokens, number)


def _chain(tokens: Tokens, i: int) -> int:
    """The end of the run of digit groups that separators join, starting at `i`."""
    words, end = tokens.words, i + 1
    for _ in range(_LONGEST_CHAIN):
        if end + 1 < tokens.size and words[end] in ",.'" and tokens.joined(end) and tokens.joined(end + 1) and is_digits(words[end + 1]):
            end += 2
        elif end < tokens.size and len(words[end]) == 3 and is_digits(words[end]) and len(tokens.gap(end)) == 1:
            end += 1
        else:
            break
    return end


def _grouped(tokens: Tokens, i: int, end: int, lex: Lexicon) -> Number | None:
    """Reads groups of digits from `i` on; takes as many of them as make one number."""
    groups, marks, ends = [tokens.words[i]], [], [i + 1]
    j = i + 1
    while j < end:
        if is_digits(tokens.words[j]):
            marks.append(" ")
        else:
            marks.append(tokens.words[j])
            j += 1
        groups.append(tokens.words[j])
        j += 1
        ends.append(j)
    kind = set(marks)
    if len(kind) == 1:
        return _one_mark(groups, marks[0], ends, lex)
    if len(kind) == 2 and marks.count(marks[-1]) == 1 and marks[-1] in ",." and _thousands(groups[:-1]):
        return _decimal("".join(groups[:-1]), groups[-1], ends[-1])  # "1,234.56", "1 234,56", "1.234,56"
    # "12 500, 300": the part before the marks change
    first = next(n for n, mark in enumerate(marks) if mark != marks[0])
    return _one_mark(groups[: first + 1], marks[0], ends[: first + 1], lex)


def _thousands(groups: list[str]) -> bool:
    """Whether digit groups are those of one number: "1,234,567", and the Indian "12,34,567"."""
    if len(groups) == 1:
        return True
    head, *middle = groups
    if not (1 <= len(head) <= 3) or head.startswith("0") or len(groups[-1]) != 3:
        return False
    return all(len(group) == 3 for group in middle) or (len(head) <= 2 and all(len(group) == 2 for group in middle[:-1]))


def _one_mark(groups: list[str], mark: str, ends: list[int], lex: Lexicon) -> Number | None:
    if mark == " ":
        return _whole(groups, ends) if _thousands(groups) else None
    if len(groups) > 2:
        return _whole(groups, ends) if _thousands(groups) and mark != lex.decimal or _all_threes(groups) else None
    head, tail = groups
    if mark == "'":
        return _whole(groups, ends) if _thousands(groups) else None
    if mark == lex.decimal:
        if _thousands(groups) and tail == "000":
            return _whole(groups, ends)  # "200,000 человек" in a Russian text that kept the English comma
        number = _decimal(head, tail, ends[-1])
        if _thousands(groups) and len(tail) == 3:
            return replace(number, doubt=f"{head}{mark}{tail} may be {head}{tail}")
        return number
    if _thousands(groups):
        return _whole(groups, ends)
    return _decimal(head, tail, ends[-1])


def _all_threes(groups: list[str]) -> bool:
    return _thousands(groups) and all(len(group) == 3 for group in groups[1:])


def _whole(groups: list[str], ends: list[int]) -> Number:
    return Number(value=Fraction(int("".join(groups))), end=ends[-1])


def _decimal(head: str, tail: str, end: int) -> Number:
    unit = Fraction(1, 10 ** len(tail))
    return Number(value=int(head + tail) * unit, end=end, place=unit)


def _with_fraction(tokens: Tokens, number: Number) -> Number:
    """Adds a fraction that follows a whole number: "2½", "2 1/2"."""
    end = number.end
    word = tokens.word(end)
    if word and number.digits is not None and unicodedata.category(word[0]) == "No":
        part = _fraction_sign(word)
        if part is not None:
            return replace(number, value=number.value + part, end=end + 1, place=part, digits=None)
    return number


def _scaled(tokens: Tokens, number: Number, lex: Lexicon, *, money: bool) -> Number:
    """Applies the scales that follow: "1.2bn", "5 тыс.", "2 млн 300 тысяч"."""
    found = _scale(tokens, number.end, lex, money=money)
    if found is None:
        return number
    scale, end = found
    result = replace(number, value=number.value * scale, place=number.place * scale, end=end, digits=None, scale=scale)
    while scale > 1 and is_digits(tokens.word(end) or "-") and number.place >= 1:  # "2 млн 300 тысяч"
        more = _digits(tokens, end, lex)
        if more is None or more.place < 1:
            break
        lower = _scale(tokens, more.end, lex, money=money)
        if lower is None or more.value * lower[0] >= scale:
            break
        scale, end = lower
        result = replace(result, value=result.value + more.value * scale, place=scale, end=end, scale=None)
    return result


def _scale(tokens: Tokens, i: int, lex: Lexicon, *, money: bool) -> tuple[Fraction, int] | None:
    if i >= tokens.size:
        return None
    hyphen = 1 if tokens.words[i] == "-" and tokens.joined(i) and tokens.joined(i + 1) else 0
    word = lex.numbers.get(tokens.word(i + hyphen))
    if word is not None and not word.ordinal and word.slot in ("scale", "dozen", "times-hundred"):
        scale, end = word.value, i + hyphen + 1
        higher = lex.numbers.get(tokens.word(end))  # "5 hundred thousand", "2 тысячи миллиардов"
        if higher is not None and not higher.ordinal and higher.slot == "scale" and higher.value > scale:
            return scale * higher.value, end + 1
        return scale, end
    if hyphen:
        return None
    if money and (found := lex.money_scales.match(tokens, i)) is not None:
        return found
    return (lex.attached_scales if tokens.joined(i) else lex.scales).match(tokens, i)


def _spelled(tokens: Tokens, i: int, lex: Lexicon) -> Number | None:
    article = tokens.word(i) in lex.articles
    spelled = read_words(tokens, i + article, lex, article=article or _asks_genitive(tokens, i, lex))
    if spelled is None or (article and spelled.ordinal):
        return None
    number = Number(
        value=spelled.value,
        end=spelled.end,
        place=spelled.place,
        ordinal=spelled.ordinal,
        words=True,
        scale=spelled.place if spelled.place > 1 else None,
    )
    if number.ordinal or number.scale is not None:
        return number
    found = lex.scales.match(tokens, number.end)  # "пять млн"
    if found is None:
        return number
    return replace(number, value=number.value * found[0], place=found[0], end=found[1], scale=found[0])


def _asks_genitive(tokens: Tokens, i: int, lex: Lexicon) -> bool:
    """Whether a word before `i` makes a lone "тысячи" mean one thousand: "более тысячи человек"."""
    word = lex.numbers.get(tokens.words[i])
    return word is not None and word.form == "genitive" and tokens.word(i - 1) in lex.genitive_governors
