"""Finds names and their Russian spellings in parallel text: words that sound alike on both sides, in the nominative."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from svodka.names.dictionary import is_name, names_of
from svodka.names.gazetteer import is_of_a_people
from svodka.names.transcription import bare_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.data import Pair

__all__ = ["NamePair", "name_pairs"]

_ENGLISH = re.compile(r"(?<![\w.'-])[A-Z][a-zà-ÿ]{2,}(?![\w])")
_RUSSIAN = re.compile(r"(?<![\w-])[А-ЯЁ][а-яё]{2,}(?![\w])")
_SMALL = re.compile(r"(?<![\w-])[a-z]{3,}")
_SEEN_SMALL = 2  # times that a name may not be seen in small letters

# How letters sound, roughly: enough to find a name again, not to write it.
_SOUNDS = {
    "tch": "тч",
    "sch": "ш",
    "sh": "ш",
    "ch": "ч",
    "ph": "ф",
    "th": "т",
    "kh": "х",
    "zh": "ж",
    "qu": "кв",
    "ck": "к",
    "ee": "и",
    "oo": "у",
    "ou": "у",
    "ow": "оу",
    "aw": "о",
    "ew": "ью",
    "ya": "я",
    "yu": "ю",
    "yo": "йо",
    "ye": "е",
    "ai": "ай",
    "ei": "ей",
    "ay": "ей",
    "oy": "ой",
    "oi": "ой",
    "x": "кс",
    "j": "дж",
    "ce": "се",
    "ci": "си",
    "cy": "си",
    **dict(zip("abcdefghiklmnopqrstuvwyz", "абкдефгхиклмнопкрстуввиз", strict=True)),
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_VOWELS = frozenset("аеиоуыэюя")
_WEAK = _VOWELS | frozenset("ьйх")  # what comes and goes
_ALIKE = frozenset(
    frozenset(two)
    for row in ("кскцкчсзсшсц", "гжгхвувбджтс", "чшчкхкжзйхйи", "фвзцгдйжхг")
    for two in (row[at : at + 2] for at in range(0, len(row), 2))
)
_FARTHEST = 0.4  # a name and its spelling, in changes a letter
_LONGEST_ENDING = 3
_ENDINGS = ["ами", "ого", "ому", "ах", "ов", "ом", "ем", "ым", "ой", "ей", "а", "у", "е", "ы", "ю", "я", "и"]
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")
_USUAL = 0.3  # share of a name's sentences in which its spelling must be found


class NamePair(NamedTuple):
    """A name in small letters without accents, its Russian spelling, and in how many sentences it was found."""

    name: str
    spelling: str
    count: int


def name_pairs(pairs: Iterable[Pair]) -> list[NamePair]:
    """The names of parallel text, in the order of the alphabet."""
    texts = [(pair.side("en"), pair.side("ru")) for pair in pairs]
    small = Counter(word for english, _ in texts for word in _SMALL.findall(english))
    seen: Counter[str] = Counter()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for english, russian in texts:
        words = {folded for word in _RUSSIAN.findall(russian) if (folded := word.lower().replace("ё", "е"))}
        for name in sorted({bare_letters(word) for word in _ENGLISH.findall(english) if small[word.lower()] < _SEEN_SMALL}):
            seen[name] += 1
            if words and name.isascii():
                sound = _sound(name)
                away, word = min((_distance(sound, word), word) for word in words)
                if away <= _FARTHEST:
                    found[name][word] += 1
    usual = ((name, forms) for name, forms in sorted(found.items()) if forms.total() >= _USUAL * seen[name])
    return [NamePair(name, *spelled) for name, forms in usual if (spelled := _nominative(name, forms))]


@lru_cache(maxsize=100_000)
def _sound(name: str) -> str:
    if name[-2:] in ("ey", "ie"):
        name = f"{name[:-2]}i"
    elif len(name) > len("ane") and name[-1] == "e" and name[-2] in _CONSONANTS:
        name = name[:-1]
    return _SOUND.sub(lambda found: _SOUNDS[found[0]], name)


def _distances(sound: str, word: str) -> list[float]:
    """How far a sound is from each beginning of a word: a weighted edit distance."""
    row = [0.0]
    for letter in word:
        row.append(row[-1] + _cost(letter))
    for one in sound:
        before, row = row, [row[0] + _cost(one)]
        for at, other in enumerate(word, 1):
            row.append(min(before[at] + _cost(one), row[-1] + _cost(other), before[at - 1] + _change(one, other)))
    return row


def _cost(letter: str) -> float:
    return 0.5 if letter in _WEAK else 1.0


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return 0.4
    return 0.5 if frozenset((one, other)) in _ALIKE else 1.0


def _distance(sound: str, word: str) -> float:
    """Changes a letter, where a case ending costs little."""
    row = _distances(sound, word)
    shortest = max(_LONGEST_ENDING, len(word) - _LONGEST_ENDING)
    cut = [row[end] + 0.15 * (len(word) - end) for end in range(shortest, len(word) + 1)]
    return min(cut, default=row[-1]) / max(1, len(sound))


def _nominative(name: str, forms: Mapping[str, int]) -> tuple[str, int] | None:
    """Of all that the forms may be forms of, what is nearest to the name; None where that is a people's or a country's own word."""
    spellings: Counter[str] = Counter()
    for form, count in forms.items():
        for spelling in {form, *_without_ending(name, form), *names_of(form)}:
            spellings[spelling] += count
    sound, total = _sound(name), sum(forms.values())

    def fits(spelling: str) -> float:
        return -_distances(sound, spelling)[-1] / len(sound) + 0.12 * is_name(spelling) + 0.15 * spellings[spelling] / total

    best = max(sorted(spellings), key=fits)
    return None if is_of_a_people(name) and not is_name(best) else (best, spellings[best])


def _without_ending(name: str, form: str) -> Sequence[str]:
    endings = [ending for ending in _ENDINGS if form.endswith(ending) and len(form) - len(ending) >= _LONGEST_ENDING]
    if name[-1] in _CONSONANTS:
        return [form.removesuffix(ending) for ending in endings]
    return [f"{form.removesuffix(ending)}а" for ending in endings] if name[-1] == "a" else []
