"""Triggers: at which words which rules are tried. Asked once for every word; most words start no figure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svodka.figures.chars import is_digits
from svodka.figures.lexicon import lexicon
from svodka.figures.numerals import fraction_sign
from svodka.figures.rules import RULES
from svodka.figures.tables import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures.lexicon import Lexicon
    from svodka.figures.phrases import Phrases
    from svodka.figures.rules.base import Rule

__all__ = ["Index", "index"]

_LARGEST = 200_000


class Index(dict[str, "tuple[Rule, ...]"]):
    """The rules to try at each word, in their order; none for a word that starts no figure."""

    __slots__ = ("_lex", "_sorts", "followers")

    def __init__(self, lex: Lexicon) -> None:
        super().__init__()
        self._lex = lex
        self._sorts = _sorts(lex)
        self.followers: dict[str, frozenset[str]] = {}
        """For a word that starts figures only together with the next one ("a million", «в первую очередь»): what may come next."""

    def __missing__(self, word: str) -> tuple[Rule, ...]:
        sorts = {sort for sort, starts in self._sorts.items() if starts(word)}
        rules = tuple(rule for sort, rule in RULES if sort in sorts)
        if len(self) < _LARGEST:
            self[word] = rules
            if rules and (following := _followers(word, sorts, self._lex)) is not None:
                self.followers[word] = following
        return rules


@lru_cache(maxsize=len(LANGUAGES))
def index(lang: str) -> Index:
    """The index of a language."""
    return Index(lexicon(lang))


def _tables(lex: Lexicon) -> dict[str, Phrases[Any]]:
    """The tables whose phrases start figures, by their sort in `RULES`."""
    return {
        "idiom": lex.idioms,
        "name": lex.named,
        "clock word": lex.clock,
        "near hour": lex.nearly_hours,
        "calendar": lex.calendar,
        "age word": lex.age_words,
        "fold": lex.folds,
        "fixed": lex.fixed,
        "decade word": lex.decades,
        "era": lex.eras,
    }


def _followers(word: str, sorts: set[str], lex: Lexicon) -> frozenset[str] | None:
    """What may follow a word that starts no figure alone; None where it may stand alone."""
    tables, article = _tables(lex), word in lex.sets.articles
    following: set[str] = set()
    if article:
        following.update(lex.numbers, *(table.firsts() for table in (lex.parts,)))
    elif not sorts <= tables.keys() | {"amount"} or (lex.signs.word(word) is not None) or word in lex.numbers:
        return None
    for table in (*(tables[sort] for sort in sorts & tables.keys()), lex.signs):
        if table.word(word) is not None:
            return None
        following.update(table.seconds(word))
    return frozenset(following)


def _sorts(lex: Lexicon) -> dict[str, Callable[[str], bool]]:
    """For each sort of start in `RULES` whether a word is one."""
    sets = lex.sets
    words = {*lex.numbers, *sets.minus, *sets.articles, *lex.parts.firsts(), "+"}
    # Words whose number may be a small one, and those that may begin an ordinal: "двадцать третьего", "fourteenth".
    small = {word for word, number in lex.numbers.items() if number.slot in ("unit", "teen", "ten") and number.value < 60}
    orders = {word for word, number in lex.numbers.items() if number.ordinal or number.slot == "ten"}
    return {
        "digits": is_digits,
        "number": lambda word: is_digits(word) or word in words or fraction_sign(word) is not None,
        "amount": lambda word: is_digits(word) or word in words or word in lex.signs or fraction_sign(word) is not None,
        "day": lambda word: _whole(word, 31) or word in orders,
        "year": lambda word: is_digits(word) and len(word) == 4,
        "any year": lambda word: (is_digits(word) and len(word) <= 4) or word in lex.numbers,
        "hour": lambda word: _whole(word, 24) or (is_digits(word) and len(word) == 4) or word in small or word in sets.lone_hours,
        "century": lambda word: _whole(word, 30) or word in orders or word.removesuffix("th") in lex.romans,
        "decade": lambda word: (is_digits(word) and word[-1] == "0" and len(word) in (2, 4)) or word == "'",
        "points": lambda word: _whole(word, 300),
        "short year": lambda word: (is_digits(word) and len(word) == 2) or word == "'" or word in orders,
        "phone": lambda word: is_digits(word) or word == "+",
        "small word": small.__contains__,
        "lone": lambda word: is_digits(word) and len(word) <= 3,
        "roman": lex.romans.__contains__,
        "sign of number": sets.number_signs.__contains__,
        "fiscal": sets.fiscal_words.__contains__,
        "each": sets.each_words.__contains__,
        "one": sets.one_words.__contains__,
        "plus": sets.plus_words.__contains__,
        "part": lambda word: word in lex.parts or word in sets.articles,
        "compound": lex.compounds.starts,
        **{sort: table.__contains__ for sort, table in _tables(lex).items()},
    }


def _whole(word: str, largest: int) -> bool:
    return is_digits(word) and len(word) <= 3 and int(word) <= largest
