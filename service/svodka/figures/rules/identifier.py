"""Identifiers: letters and digits that name a thing ("F-16", "COVID-19", "№ 109", "+7 495 123-45-67"), compared as they are written."""

from __future__ import annotations

import re
from fractions import Fraction

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Date, Kind

__all__ = ["code", "code_after_digits", "named_thing", "numbered", "phone", "product", "verse", "version"]

_QUARTERS = ("1", "2", "3", "4")
_LONGEST_PHONE = 15  # digits
_LONGEST = 8  # tokens of one identifier


def _identifier(reader: Reader, start: int, end: int, value: str | None = None) -> Hit:
    text = reader.tokens.slice(start, end) if value is None else value
    return Hit(start=start, end=end, kind=Kind.IDENTIFIER, value=_plain(text))


# "Il-76s" are several of one type.
_PLURAL = re.compile(r"(?<=[A-Za-z]-)(\d+)s$")


def _plain(text: str) -> str:
    """An identifier with plain hyphens and spaces, in the singular."""
    for dash in "‐‑‒–—−":
        text = text.replace(dash, "-")
    return _PLURAL.sub(r"\1", " ".join(text.split()))


def _tail(reader: Reader, end: int) -> int:
    """The end of the letters, digits and hyphens that go on without a space: "H1N1", "A320-200"."""
    tokens = reader.tokens
    for _ in range(_LONGEST):
        if tokens.joined(end) and tokens.word(end).isalnum():
            end += 1
        elif tokens.joined(end) and tokens.joined(end + 1) and tokens.word(end) in "-/" and is_digits(tokens.word(end + 1) or "-"):
            end += 2
        else:
            break
    return end


def _goes_on(reader: Reader, i: int) -> bool:
    return reader.tokens.joined(i) and reader.tokens.word(i).isalnum()


def code(reader: Reader, i: int) -> Hit | None:
    """Letters, then digits: "CO2", "F-16", "МиГ-29", "Q3" (which is a quarter)."""
    tokens = reader.tokens
    if not tokens.joined(i):
        return None
    hyphen = tokens.words[i - 1] == "-"
    at = i - 2 if hyphen else i - 1
    letters = tokens.word(at)
    if not letters.isalpha() or (hyphen and not tokens.joined(i - 1)):
        return None
    if hyphen:
        return _hyphenated(reader, i, at)
    if tokens.joined(at) and tokens.word(at - 1) in ("@", "#"):
        return None
    if letters == "q" and tokens.words[i] in _QUARTERS and not tokens.joined(at) and not _goes_on(reader, i + 1):
        return Hit(start=at, end=i + 1, kind=Kind.ORDINAL, value=Fraction(int(tokens.words[i])), counted="quarter")
    start = (
        at - 2 if at >= 2 and tokens.joined(at) and tokens.words[at - 1] == "-" and tokens.joined(at - 1) and tokens.capital(at - 2) else at
    )
    return _identifier(reader, start, _points(reader, i + 1) if letters == "v" else _tail(reader, i + 1))


def _points(reader: Reader, end: int) -> int:
    """The end of the further numbers of a version: "v1.2"."""
    tokens = reader.tokens
    for _ in range(_LONGEST):
        if tokens.word(end) != "." or not tokens.joined(end) or not tokens.joined(end + 1) or not is_digits(tokens.word(end + 1) or "-"):
            break
        end += 2
    return _tail(reader, end)


def _hyphenated(reader: Reader, i: int, at: int) -> Hit | None:
    """ "F-16" names a thing; "Сочи-2014" a year; "топ-10" and "mid-1990s" count."""
    tokens, digits = reader.tokens, reader.words[i]
    letters = tokens.words[at]
    if not tokens.capital(at) or letters in reader.lex.sets.counting_prefixes or reader.lex.numbers.get(letters) is not None:
        return None
    number = reader.number(i)
    if number is not None and (number.plural or number.ordinal):
        return None
    quoted = any(tokens.words[n] == '"' and tokens.joined(n + 1) for n in range(max(0, at - 4), at))
    if (
        not quoted
        and not reader.lex.habits.month_first
        and len(digits) == 4
        and 1900 <= int(digits) <= 2100
        and (number is None or number.end == i + 1)
    ):
        return Hit(start=i, end=i + 1, kind=Kind.DATE, value=Date(year=int(digits)))
    if reader.lex.calendar.word(letters) is not None:
        return None
    end = _tail(reader, i + 1)
    return _identifier(reader, at, end)


def code_after_digits(reader: Reader, i: int) -> Hit | None:
    """Digits, then letters that are no unit: "5G", "3D", "4x4"."""
    tokens = reader.tokens
    letters = tokens.word(i + 1)
    if not letters.isalpha() or not tokens.joined(i + 1):
        return None
    known = tokens.capitals(i + 1) and tokens.words[i] + letters in reader.lex.codes
    if letters == "q" and tokens.words[i] in _QUARTERS and not _goes_on(reader, i + 2):
        return Hit(start=i, end=i + 2, kind=Kind.ORDINAL, value=Fraction(int(tokens.words[i])), counted="quarter")
    if known:
        return _identifier(reader, i, _tail(reader, i + 2))
    number = reader.number(i)
    if number is None or number.digits is None or number.suffix or number.end != i + 1:
        return None
    found = reader.amount(i)
    if found is not None and (found.factor is not None or found.end > i + 1):
        return None
    return _identifier(reader, i, _tail(reader, i + 1))


def numbered(reader: Reader, i: int) -> Hit | None:
    """A number behind a sign that says so: "№ 109", "No. 5", "#12", "number 10"."""
    tokens = reader.tokens
    at = i + 1
    if tokens.words[i] in ("no", "nos"):
        if tokens.word(at) != "." or (not tokens.capital(i) and not is_digits(tokens.word(at + 1) or "-")):
            return None
        at += 1
    elif tokens.words[i] in reader.lex.sets.version_words:
        return _numbered_version(reader, at)
    elif tokens.word(at) == "." and tokens.words[i] not in ("number",):
        at += 1
    word = tokens.word(at)
    if not word or not is_digits(word):
        return None
    end = _tail(reader, at + 1)
    if tokens.word(end) == "-" and tokens.joined(end) and tokens.joined(end + 1) and tokens.capitals(end + 1):
        end += 2  # "No. 44-FZ"
    number = reader.number(at)
    if number is not None and number.scale is not None:
        return None  # "the number 6 thousand"
    if number is not None and number.end > end:
        end = number.end
    return _identifier(reader, i, end, tokens.slice(at, end))


def _numbered_version(reader: Reader, at: int) -> Hit | None:
    """The number behind "version", where it has a point: "2.0"."""
    number = reader.number(at)
    if number is None or number.scale is not None or number.end != at + 3 or reader.tokens.words[at + 1] != ".":
        return None
    if reader.tokens.joined(at + 4):
        return None  # "version 0.85.x": longer ones tell by themselves
    return _identifier(reader, at, at + 3)


def product(reader: Reader, i: int) -> Hit | None:
    """A number that is part of a name: "Boeing 737", "Route 66", "статья 228"."""
    tokens = reader.tokens
    before = tokens.word(i - 1)
    if before not in reader.lex.sets.products or tokens.joined(i) or not is_digits(tokens.words[i]):
        return None
    if reader.lex.habits.month_first and tokens.slice(i - 1, i) == before:
        return None
    found = reader.amount(i)
    if found is None or found.factor is not None or found.number.scale is not None or found.number.digits is None or found.number.ordinal:
        return None
    if tokens.word(found.end) == "." and tokens.joined(found.end + 1) and is_digits(tokens.word(found.end + 1) or "-"):
        return _identifier(reader, i - 1, found.end + 2)
    return _identifier(reader, i - 1, _tail(reader, found.end))


def phone(reader: Reader, i: int) -> Hit | None:
    """A telephone number: "+7 495 123-45-67", "8 (800) 555-35-35", "212-555-1234"."""
    tokens, at, digits = reader.tokens, i, ""
    plus = tokens.words[i] == "+"
    if plus:
        at += 1
    groups = marks = 0
    end = at
    for _ in range(16):
        word = tokens.word(at)
        if word and is_digits(word) and len(word) <= (_LONGEST_PHONE if plus else 11):
            digits, groups, at = digits + word, groups + 1, at + 1
            end = at
        elif word and word in "-()" and groups and (plus or word != "-" or (tokens.joined(at) and tokens.joined(at + 1))):
            marks, at = marks + 1, at + 1
        elif word == "(" and plus:
            at += 1
        else:
            break
        if at < tokens.size and len(tokens.gap(at)) > 1:
            break
    spaced = plus and len(digits) >= 10
    dashed = groups >= 3 and marks >= 2 and len(digits) in (7, 10, 11) and all(2 <= len(word) <= 4 for word in _dashed(reader, i, end))
    if not (spaced or dashed) or len(digits) > _LONGEST_PHONE or reader.unit_at(end):
        return None  # "+40 200 000 000 руб."
    return _identifier(reader, i, end, ("+" if plus else "") + digits)


def _dashed(reader: Reader, i: int, end: int) -> list[str]:
    groups = [word for word in reader.words[i:end] if is_digits(word)]
    return groups[1:] if len(groups[0]) == 1 else groups


def version(reader: Reader, i: int) -> Hit | None:
    """A version: "0.85.x", "2.0.1"."""
    tokens, end, points = reader.tokens, i + 1, 0
    if not is_digits(tokens.words[i]):
        return None
    for _ in range(_LONGEST):
        if tokens.word(end) != "." or not tokens.joined(end) or not tokens.joined(end + 1):
            break
        word = tokens.word(end + 1)
        if not is_digits(word) and word != "x":
            break
        end, points = end + 2, points + 1
    if points < 2:
        return None
    number = reader.number(i)
    if number is not None and number.end >= end:
        return None  # "1.234.567"
    return _identifier(reader, i, _tail(reader, end))


def verse(reader: Reader, i: int) -> Hit | None:
    """Chapter and verse: "John 3:16", "Ин. 3:16"."""
    tokens = reader.tokens
    book = i - 2 if tokens.word(i - 1) == "." else i - 1
    if tokens.word(book) not in reader.lex.sets.books or not tokens.capital(book) or tokens.word(i + 1) != ":":
        return None
    if not tokens.joined(i + 1) or not tokens.joined(i + 2) or not is_digits(tokens.word(i + 2) or "-"):
        return None
    end = i + 3
    if tokens.word(end) == "-" and tokens.joined(end) and tokens.joined(end + 1) and is_digits(tokens.word(end + 1) or "-"):
        end += 2
    return _identifier(reader, i, end)


def named_thing(reader: Reader, i: int) -> Hit | None:
    """A name with a number in it that either language may spell out: "Group of Seven", «Большой семерки»."""
    found = reader.lex.named.match(reader.tokens, i)
    if found is None:
        return None
    if found[0].startswith("@"):
        return Hit(start=i, end=found[1], kind=Kind.ORDINAL, value=Fraction(found[0][1:]))
    return _identifier(reader, i, found[1], found[0])
