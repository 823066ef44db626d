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
    from collections.abc import Callable, Iterable

    from svodka.figures.lexicon import Lexicon
    from svodka.figures.phrases import Phrases
    from svodka.figures.rules.base import Rule

__all__ = ["Index", "index"]

_LARGEST = 200_000


class Index(dict[str, "tuple[Rule, ...]"]):
    """The rules to try at each word, in their order; none for a word that starts no figure."""

    __slots__ = ("_lex", "_listed", "followers")

    def __init__(self, lex: Lexicon) -> None:
        super().__init__()
        self._lex = lex
        self._listed = _listed(lex)
        self.followers: dict[str, frozenset[str]] = {}
        """For a word that starts figures only together with the next one ("a million", «в первую очередь»): what may come next."""

    def __missing__(self, word: str) -> tuple[Rule, ...]:
        sorts = self._listed.get(word, frozenset()) | _written(word)
        if self._lex.compounds.starts(word):
            sorts |= {"compound"}
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


def _followers(word: str, sorts: frozenset[str], lex: Lexicon) -> frozenset[str] | None:
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


def _listed(lex: Lexicon) -> dict[str, frozenset[str]]:
    """The words that the language has for starts, with the sorts in `RULES` of each; compounds are too many to be listed."""
    sets = lex.sets
    numbers = {*lex.numbers, *sets.minus, *sets.articles, *lex.parts.firsts(), "+"}
    # Words whose number may be a small one, and those that may begin an ordinal: "двадцать третьего", "fourteenth".
    small = {word for word, number in lex.numbers.items() if number.slot in ("unit", "teen", "ten") and number.value < 60}
    orders = {word for word, number in lex.numbers.items() if number.ordinal or number.slot == "ten"}
    words: dict[str, Iterable[str]] = {
        "number": numbers,
        "amount": numbers.union(lex.signs.firsts()),
        "day": orders,
        "any year": lex.numbers,
        "hour": small.union(sets.lone_hours),
        "century": orders.union(lex.romans, (f"{roman}th" for roman in lex.romans)),
        "decade": ("'",),
        "short year": orders.union("'"),
        "phone": ("+",),
        "small word": small,
        "roman": lex.romans,
        "sign of number": sets.number_signs,
        "fiscal": sets.fiscal_words,
        "each": sets.each_words,
        "one": sets.one_words,
        "plus": sets.plus_words,
        "part": {*lex.parts.firsts(), *sets.articles},
        **{sort: phrases.firsts() for sort, phrases in _tables(lex).items()},
    }
    sorts: dict[str, frozenset[str]] = {}
    alike: dict[frozenset[str], frozenset[str]] = {}  # many words are of the same sorts
    for sort, listed in words.items():
        for word in listed:
            told = sorts.get(word, frozenset()) | {sort}
            sorts[word] = alike.setdefault(told, told)
    return sorts


def _written(word: str) -> frozenset[str]:
    """The sorts in `RULES` of a start in digits, by how many and how large they are, or of a sign for a fraction."""
    if fraction_sign(word) is not None:
        return frozenset({"number", "amount"})
    return frozenset(sort for sort, has in _IN_DIGITS.items() if has(word)) if is_digits(word) else frozenset()


_IN_DIGITS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("digits", "number", "amount", "phone"), lambda _: True),
    "day": lambda word: _up_to(word, 31),
    "year": lambda word: len(word) == 4,
    "any year": lambda word: len(word) <= 4,
    "hour": lambda word: len(word) == 4 or _up_to(word, 24),
    "century": lambda word: _up_to(word, 30),
    "decade": lambda word: word[-1] == "0" and len(word) in (2, 4),
    "points": lambda word: _up_to(word, 300),
    "short year": lambda word: len(word) == 2,
    "lone": lambda word: len(word) <= 3,
}


def _up_to(word: str, largest: int) -> bool:
    return len(word) <= 3 and int(word) <= largest
