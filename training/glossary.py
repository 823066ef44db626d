"""Finds Russian for nouns that parallel text has seldom: too seldom for a small model to remember them, often enough to be sure."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from svodka.figures import extract
from svodka.figures.morphology import analyser
from training.alignment import Link, align_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from training.data import Pair

__all__ = ["Gloss", "glosses", "write_glossary"]

_ENGLISH = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_RUSSIAN = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_SHORTEST = 4  # letters: shorter words have too many senses
_SELDOM = 60  # sentences: what is there more often, a small model knows
_LEAST = 1.8  # expected links
# How likely a link must be, forth and back: of few sentences much goes to words that stand there by chance.
_SURE = ((0.4, 0.25), (0.25, 0.6))
_SURE_OF_MANY = ((0.5, 0.3),)
_MANY = 12  # sentences
_SMALL = 0.5  # share of a word's occurrences that begin with a small letter: else it is a name
_HISSING = re.compile(r"(?:s|x|z|o|ch|sh)$")
_HARDLY_EVER = 6  # plurals for a singular
_NO_PLURALS = ("ss", "us", "is", "os")
_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"})


class Gloss(NamedTuple):
    """An English noun in the singular, and the Russian one with its plural, in the nominative."""

    english: str
    russian: str
    plural: str


def glosses(pairs: Iterable[Pair]) -> list[Gloss]:
    """The nouns of English-Russian text of which the Russian is sure, by the alphabet."""
    sides = [(_ENGLISH.findall(pair.side("en")), _RUSSIAN.findall(pair.side("ru"))) for pair in pairs]
    forms = Counter(word.lower() for english, _ in sides for word in english)
    small = Counter(word for english, _ in sides for word in english if word[0].islower())
    folded = [([_singular(word, forms) for word in english], [_lemma(word.lower()) for word in russian]) for english, russian in sides]
    sentences = Counter(word for english, _ in folded for word in set(english))
    shown = {word for word, count in small.items() if count >= _SMALL * forms[word]}
    rare = {word for word, count in sentences.items() if len(word) >= _SHORTEST and count <= _SELDOM and word in shown} - _exceptions()
    best: dict[str, Link] = {}
    for link in align_words(folded):
        if link.source in rare and _is_sure(link, sentences[link.source]):
            best[link.source] = max(link, best.get(link.source, link), key=_weight)
    single = {stem for word in forms if (stem := _singular(word, forms)) != word}
    plural = _plurals(sides, {english: link.target for english, link in best.items() if english not in single})
    found = (_gloss(link, plural=link.source in plural) for link in best.values() if not extract(link.source, "en"))
    return sorted(itertools.chain.from_iterable(found))


def write_glossary(found: Iterable[Gloss], path: Path) -> None:
    """Write the table that `svodka.glossary` reads."""
    lines = ["# Russian for English nouns that a small translator seldom read: singular; Russian, in the nominative; its plural."]
    path.write_text("\n".join([*lines, *("\t".join(gloss) for gloss in found)]) + "\n", encoding="utf-8")


def _is_sure(link: Link, sentences: int) -> bool:
    bounds = _SURE_OF_MANY if sentences > _MANY else _SURE
    return link.count >= _LEAST and any(link.forth >= forth and link.back >= back for forth, back in bounds)


def _weight(link: Link) -> float:
    return link.forth * link.back


def _plurals(sides: Iterable[tuple[Sequence[str], Sequence[str]]], glossed: Mapping[str, str]) -> set[str]:
    """The English words without a plural that hardly ever stand for a Russian singular: "thieves", "criteria"."""
    numbers: Counter[tuple[str, str | None]] = Counter()
    for english, russian in sides:
        for word in glossed.keys() & {word.lower() for word in english}:
            numbers.update((word, number) for number in {_number(form.lower(), glossed[word]) for form in russian})
    return {word for word in glossed if numbers[word, "plur"] > _HARDLY_EVER * numbers[word, "sing"]}


@lru_cache(maxsize=200_000)
def _number(form: str, lemma: str) -> str | None:
    """The number of a noun; None where the form is of another, or may be of either number."""
    found = {str(parse.tag.number) for parse in _parses(form) if parse.tag.POS == "NOUN" and parse.normal_form == lemma}
    return found.pop() if len(found) == 1 else None


def _gloss(link: Link, *, plural: bool) -> Iterator[Gloss]:
    parse = next((parse for parse in _parses(link.target) if parse.tag.POS == "NOUN" and parse.normal_form == link.target), None)
    if parse is None or _NAMES & set(parse.tag.grammemes) or not analyser().word_is_known(link.target):
        return
    many = parse.inflect({"plur", "nomn"})
    several = many.word if many else link.target
    yield Gloss(link.source, several if plural else link.target, several)


def _singular(word: str, forms: Mapping[str, int]) -> str:
    """The word in small letters and, where the text has it so, in the singular."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        stem = word.removesuffix(ending) + singular
        if word.endswith(ending) and not word.endswith(_NO_PLURALS) and forms[stem] and (ending != "es" or _HISSING.search(stem)):
            return stem
    return word


@lru_cache(maxsize=200_000)
def _lemma(word: str) -> str:
    """The dictionary form; of a noun rather than of another word that has the form as likely."""
    parses = _parses(word)
    nouns = [parse for parse in parses if parse.tag.POS == "NOUN" and 2 * parse.score >= parses[0].score]
    return (nouns or parses)[0].normal_form


@cache
def _exceptions() -> frozenset[str]:
    lines = Path(__file__).with_suffix(".except.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _parses(word: str) -> list[Any]:
    return list(analyser().parse(word))
