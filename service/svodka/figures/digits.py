"""Runs of digits with separators, in the conventions of either language: "1,234.56", "1 234,56", "1.234,56", "12,34,567"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures.chars import is_digits

if TYPE_CHECKING:
    from svodka.figures.tokens import Tokens

__all__ = ["Run", "read_digits"]

_LONGEST_RUN = 40  # more digits than any quantity has: what is longer is no number
_LONGEST_CHAIN = 14  # groups of digits joined by separators


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A number in digits: `place` is the size of its last place; `digits` is set where it is one plain run.

    `otherwise` is what it is if the mark groups digits and does not start decimals, or the other way round.
    """

    value: Fraction
    end: int
    place: Fraction = Fraction(1)
    digits: str | None = None
    doubt: str | None = None
    otherwise: Fraction | None = None


def read_digits(tokens: Tokens, i: int, decimal: str) -> Run | None:
    """The longest number in digits that starts at token `i`; `decimal` is the mark that the language writes before decimals."""
    if len(tokens.words[i]) > _LONGEST_RUN:
        return None
    if tokens.leading_point(i):
        return _decimal("0", tokens.words[i], i + 1)
    end = _chain(tokens, i)
    run = _grouped(tokens, i, end, decimal) if end > i + 1 else None
    return run or Run(value=Fraction(int(tokens.words[i])), end=i + 1, digits=tokens.words[i])


def _chain(tokens: Tokens, i: int) -> int:
    """The end of the run of digit groups that separators join, starting at `i`."""
    words, end = tokens.words, i + 1
    for _ in range(_LONGEST_CHAIN):
        if end >= tokens.size:
            break
        if words[end] in ",.'·" and end + 1 < tokens.size and is_digits(words[end + 1]) and tokens.joined(end) and tokens.joined(end + 1):
            end += 2
        elif len(words[end]) == 3 and is_digits(words[end]) and len(tokens.gap(end)) == 1 and tokens.gap(end) != "\n":
            end += 1
        else:
            break
    return end


def _grouped(tokens: Tokens, i: int, end: int, decimal: str) -> Run | None:
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
    if sum(map(len, groups)) > _LONGEST_RUN:
        return None
    changes = [n for n, mark in enumerate(marks) if mark != marks[0]]
    if not changes:
        return _one_mark(groups, marks[0], ends, decimal)
    first = changes[0]
    if marks[first] in ",.·" and len(changes) == 1 and first == len(marks) - 1 and _thousands(groups[:-1]):
        return _decimal("".join(groups[:-1]), groups[-1], ends[-1])  # "1,234.56", "1 234,56", "1.234,56"
    if marks[0] in ",.·" and marks[first] == " ":
        return _one_mark(groups[: first + 1], marks[0], ends[: first + 1], decimal)  # "2.5 000" is no number: "2.5"
    return _one_mark(groups[: first + 1], marks[0], ends[: first + 1], decimal) if marks[first] == "," else None


def _thousands(groups: list[str]) -> bool:
    """Whether digit groups are those of one number: "1,234,567", and the Indian "12,34,567"."""
    if len(groups) == 1:
        return True
    head, *middle = groups
    if not 1 <= len(head) <= 3 or head.startswith("0") or len(groups[-1]) != 3:
        return False
    return all(len(group) == 3 for group in middle) or (len(head) <= 2 and all(len(group) == 2 for group in middle[:-1]))


def _one_mark(groups: list[str], mark: str, ends: list[int], decimal: str) -> Run | None:
    whole = Run(value=Fraction(int("".join(groups))), end=ends[-1]) if _thousands(groups) else None
    if len(groups) > 2 or mark in " '":
        return whole
    head, tail = groups
    if mark == "·":
        return _decimal(head, tail, ends[-1])
    if whole is None:
        return _decimal(head, tail, ends[-1])
    part = _decimal(head, tail, ends[-1])
    if mark != decimal or tail == "000":
        # "200,000 человек": a Russian text that kept the English comma.
        sure = mark == "," or tail == "000"
        return whole if sure else replace(whole, doubt=f"{head}{mark}{tail} may be a decimal", otherwise=part.value)
    return replace(part, doubt=f"{head}{mark}{tail} may be {head}{tail}", otherwise=whole.value)


def _decimal(head: str, tail: str, end: int) -> Run:
    unit = Fraction(1, 10 ** len(tail))
    return Run(value=int(head + tail) * unit, end=end, place=unit)
