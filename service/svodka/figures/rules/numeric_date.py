"""Dates in digits: "14.08.2023", "2023-08-14", "8/14/2023", "9/11"."""

from __future__ import annotations

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.types import Date, Kind

__all__ = ["numeric_date"]


def numeric_date(reader: Reader, i: int) -> Hit | None:
    """Three numbers joined by the same mark that are a possible date, or the two of "9/11"."""
    tokens = reader.tokens
    mark = tokens.word(i + 1)
    if mark not in (".", "/", "-") or not _joined(reader, i + 1) or not is_digits(tokens.word(i + 2) or "-"):
        return None
    if tokens.word(i + 3) != mark or not _joined(reader, i + 3) or not is_digits(tokens.word(i + 4) or "-"):
        return _attack(reader, i)
    if (
        _joined(reader, i + 5, step=1)
        and tokens.word(i + 5) in (mark, ".")
        and is_digits(tokens.word(i + 6) or "-")
        and tokens.joined(i + 6)
    ):
        return None
    first, second, third = (tokens.words[i + step] for step in (0, 2, 4))
    end = i + 5
    if tokens.word(end) in reader.lex.sets.year_abbreviations:
        end += 2 if tokens.word(end + 1) == "." else 1
    found = _date(first, second, third, mark, month_first=reader.lex.habits.month_first)
    if found is None:
        return None
    return Hit(start=i, end=end, kind=Kind.DATE, value=found[0], doubt=found[1])


def _joined(reader: Reader, i: int, step: int = 2) -> bool:
    return all(reader.tokens.joined(at) for at in range(i, i + step))


def _attack(reader: Reader, i: int) -> Hit | None:
    """The day that English knows as "9/11"."""
    if reader.tokens.slice(i, i + 3) != "9/11" or (reader.tokens.joined(i + 3) and reader.tokens.word(i + 3) == "/"):
        return None
    return Hit(start=i, end=i + 3, kind=Kind.IDENTIFIER, value="9/11")


def _date(first: str, second: str, third: str, mark: str, *, month_first: bool) -> tuple[Date, str | None] | None:
    if len(first) == 4 and len(second) == 2 and len(third) == 2:  # 2023-08-14
        return _checked(int(first), int(second), int(third), None)
    if len(first) > 2 or len(second) > 2 or len(third) not in (2, 4) or (len(third) == 2 and mark == "-"):
        return None
    year = int(third) if len(third) == 4 else (1900 if int(third) > 35 else 2000) + int(third)
    if not 1000 <= year <= 2100 or (len(third) == 2 and mark == "." and len(first + second) < 4):
        return None
    day, month = int(first), int(second)
    if not month_first or mark == ".":
        return _checked(year, month, day, None)
    if day <= 12 and month <= 12 and day != month:
        return _checked(year, day, month, f"{first}{mark}{second} may be day and month")
    return _checked(year, month, day, None) if day > 12 else _checked(year, day, month, None)


def _checked(year: int, month: int, day: int, doubt: str | None) -> tuple[Date, str | None] | None:
    return (Date(year=year, month=month, day=day), doubt) if 1 <= month <= 12 and 1 <= day <= 31 else None
