"""Ages: "29-year-old", "aged 29", "at the age of five", "Smith, 29,", "в возрасте 29 лет", "29-летний"."""

from __future__ import annotations

from fractions import Fraction

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.range import amount_range
from svodka.figures.types import Kind, Range

__all__ = ["age", "age_after_name", "age_after_word", "age_range"]

_OLDEST = 150
_OLDEST_THING = 100_000


def _years(reader: Reader, i: int) -> tuple[Fraction, str, int, bool] | None:
    """A number of years or months at `i`: value, unit, end, and whether a unit is stated."""
    found = reader.amount(i)
    if (
        found is None
        or found.number.ordinal
        or found.number.plural
        or found.number.scale is not None
        or not 0 < found.value <= _OLDEST_THING
    ):
        return None
    if found.kind is Kind.CARDINAL and found.factor is None:
        return found.value, "year", found.end, False
    if found.kind in (Kind.DURATION, Kind.AGE) and found.unit in ("year", "month", "week", "day"):
        return found.value, found.unit, found.end, True
    return None


def _old(reader: Reader, end: int) -> int | None:
    """The end of "-old", "years old", "years of age" where it stands behind the unit."""
    found = reader.lex.ages.match(reader.tokens, reader.hyphen(end))
    return None if found is None else found[1]


def age(reader: Reader, i: int) -> Hit | None:
    """A number with a word that makes it an age: "29-year-old", "29 years of age", "29 лет от роду"."""
    years = _years(reader, i)
    if years is None:
        return None
    value, unit, end, stated = years
    old = _old(reader, end) if stated else None
    if old is not None:
        return Hit(start=i, end=old, kind=Kind.AGE, value=value, unit=unit, precision=Fraction(1, 2))
    found = reader.amount(i)
    if found is not None and found.kind is Kind.AGE:
        return Hit(start=i, end=end, kind=Kind.AGE, value=value, unit=unit, precision=Fraction(1, 2))
    if stated and value <= _OLDEST * 4 and (_told_before(reader, i, end) or _behind_name(reader, i, end)):
        return Hit(start=i, end=end, kind=Kind.AGE, value=value, unit=unit, precision=Fraction(1, 2))
    return None


def _told_before(reader: Reader, i: int, end: int) -> bool:
    start = i
    for _ in range(2):
        start -= reader.tokens.word(start - 1) in reader.lex.sets.age_links
    if reader.tokens.word(i - 1) in reader.lex.sets.age_bounds and reader.lex.grammar.living(reader.tokens, i - 2):
        return True  # "дети до 12 лет"
    if reader.tokens.word(end) in reader.lex.sets.sentences:
        return False  # «назначил ему 12 лет колонии»
    if _in_years(reader, i, end):
        return True
    return reader.lex.ages_before.before(reader.tokens, start) is not None or (
        reader.tokens.word(end - 1) in reader.lex.sets.age_forms and reader.lex.grammar.owns_age(reader.tokens, start)
    )


def _in_years(reader: Reader, i: int, end: int) -> bool:
    """Whether years are those somebody had then: «В 16 лет он бросил школу», «умер в 85 лет»."""
    tokens, sets = reader.tokens, reader.lex.sets
    if not sets.midlife or tokens.word(i - 1) != "в" or tokens.word(end - 1) not in sets.age_forms:
        return False
    before = tokens.word(i - 2)
    opens = not before or before in '.:;("—' or (before == "," and not reader.lex.grammar.governed(tokens, end))
    return before in sets.midlife or (opens and not reader.lex.grammar.governed(tokens, end))


def _behind_name(reader: Reader, i: int, end: int) -> bool:
    """Whether a number of years stands between commas behind a name: "Иванов, 52 года, преподает"."""
    tokens = reader.tokens
    return (
        tokens.word(i - 1) == ","
        and tokens.word(end) in (",", ")", "(", "", ".", ";")
        and tokens.capital(i - 2)
        and i >= 3
        and tokens.capital(i - 3)
    )


def age_after_word(reader: Reader, i: int) -> Hit | None:
    """ "aged 29", "age 29", "at the age of five", "в возрасте 29 лет", "aged 18 to 25"."""
    word = reader.lex.age_words.match(reader.tokens, i)
    if word is None:
        return None
    what, after = word
    sets, at = reader.lex.sets, after
    for _ in range(2):
        skipped = reader.lex.before.match(reader.tokens, at)
        if reader.tokens.word(at) in sets.openers_between or reader.tokens.word(at) in sets.openers_from:
            at += 1
        elif skipped is not None:
            at = skipped[1]
    ranged = age_range(reader, at, told=True)
    if ranged is not None:
        return Hit(
            start=i if what == "inside" and at == after else at,
            end=ranged.end,
            kind=ranged.kind,
            value=ranged.value,
            unit=ranged.unit or "year",
        )
    years = _years(reader, at)
    if years is None or not 0 < years[0] <= _OLDEST:
        return None
    if reader.tokens.word(i - 1) in sets.openers_between and reader.tokens.word(years[2]) in sets.range_and:
        return _two_ages(reader, at, years[2])
    value, unit, end, stated = years
    if reader.tokens.word(end) == "/" and reader.tokens.joined(end):
        return None  # "in the age of 24/7 television"
    end = (_old(reader, end) or end) if stated else end
    start = i if what == "inside" and at == after else at
    return Hit(start=start, end=end, kind=Kind.AGE, value=value, unit=unit, precision=Fraction(1, 2))


def _two_ages(reader: Reader, i: int, link: int) -> Hit | None:
    """ "between the ages of 15 and 25"."""
    low, high = _years(reader, i), _years(reader, link + 1)
    if low is None or high is None:
        return None
    value = Range(low=low[0], high=high[0], of=Kind.AGE)
    return Hit(start=i, end=high[2], kind=Kind.RANGE, value=value, unit=high[1])


def age_range(reader: Reader, i: int, *, told: bool = False) -> Hit | None:
    """Two ages: "18- to 25-year-olds", "5-7 years old", "aged 18 to 25"."""
    ranged = amount_range(reader, i)
    if ranged is None or not isinstance(ranged.value, Range) or not isinstance(ranged.value.high, Fraction):
        return None
    ages = ranged.value.of is Kind.AGE or (ranged.value.of is Kind.DURATION and ranged.unit in ("year", "month"))
    old = _old(reader, ranged.end) if ages else None
    if not ages and not (told and ranged.value.of is Kind.CARDINAL and ranged.value.high <= _OLDEST):
        return None
    if old is None and not told and ranged.value.of is not Kind.AGE:
        return None
    value = Range(low=ranged.value.low, high=ranged.value.high, of=Kind.AGE)
    return Hit(start=i, end=old or ranged.end, kind=Kind.RANGE, value=value, unit=ranged.unit or "year")


def age_after_name(reader: Reader, i: int) -> Hit | None:
    """The age between commas behind a name: "John Smith, 29, said"."""
    tokens = reader.tokens
    word = tokens.words[i]
    if not is_digits(word) or len(word) > 3 or not 1 <= int(word) <= _OLDEST:
        return None
    number = reader.number(i)
    if number is None or number.end != i + 1 or tokens.word(i + 1) not in (",", ")", ".", "") or not reader.lex.habits.month_first:
        return None
    if tokens.word(i - 1) not in (",", "(") or i < 2 or not tokens.words[i - 2].isalpha():
        return None
    if (tokens.word(i - 1) == "(") is not (tokens.word(i + 1) == ")") or reader.lex.calendar.word(tokens.words[i - 2]) is not None:
        return None
    closes = tokens.word(i + 1) in (".", "")  # "said the chief executive, Maud Verrin, 52."
    if (tokens.word(i - 1) == "(" or closes) and not tokens.capital(i - 2):
        return None
    if tokens.word(i + 1) == "." and not (tokens.capital(i - 3) and i >= 3 and (i + 2 == tokens.size or not tokens.joined(i + 2))):
        return None
    following = tokens.word(i + 2)
    if is_digits(following or "-") or (tokens.word(i + 1) == "," and not (following.isalpha() or following == '"')):
        return None
    return Hit(start=i, end=i + 1, kind=Kind.AGE, value=number.value, unit="year", precision=Fraction(1, 2))
