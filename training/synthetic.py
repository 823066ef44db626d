"""Makes sentence pairs from templates and the figure renderer: dates, weekdays, scales, currencies, of which news text has too little."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svodka.figures import Case, CheckVerdict, Style, compare
from training.data import Pair
from training.slots import SLOTS, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from training.slots import Drawn

__all__ = ["make_pairs"]

ORIGIN = "synthetic"
_TEMPLATES = Path(__file__).with_name("templates.toml")
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_TRIES = 20
# «во вторник» is the only weekday or month that asks for it.
_EUPHONY = re.compile(r"\b([Вв]) (?=втор)")
# The side that is read is written in every manner, the side that is learnt in the press's own.
_STYLES = {
    "en": (Style.PRESS, Style.PRESS, Style.AMERICAN, Style.AMERICAN, Style.FULL),
    "ru": (Style.PRESS, Style.PRESS, Style.PRESS, Style.FULL, Style.COMPACT),
}
_PLACES = ("before", "behind", "behind", "none")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Templates:
    clauses: tuple[dict[str, Any], ...]
    times: tuple[dict[str, str], ...]
    vocabulary: Vocabulary


def make_pairs(count: int, *, seed: int) -> Iterator[Pair]:
    """As many different pairs, English to Russian and Russian to English by turns; each passes the figure check.

    Fewer come where the templates do not give so many.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    templates = _read_templates()
    seen: set[str] = set()
    for number in range(count):
        source, target = ("en", "ru") if number % 2 == 0 else ("ru", "en")
        for _ in range(_TRIES):
            pair = _make(templates, source, target, chance)
            if pair.source not in seen and _is_sound(pair):
                seen.add(pair.source)
                yield pair
                break


def _read_templates() -> _Templates:
    tables: dict[str, Any] = tomllib.loads(_TEMPLATES.read_text(encoding="utf-8"))
    return _Templates(
        clauses=tuple(tables["clauses"]),
        times=tuple(tables["times"]),
        vocabulary=Vocabulary(names=tables["names"], nouns=tables["nouns"], words=tables["words"]),
    )


def _is_sound(pair: Pair) -> bool:
    comparison = compare(pair.source, pair.target, source_lang=pair.source_lang, target_lang=pair.target_lang)
    return comparison.verdict is CheckVerdict.OK


def _make(templates: _Templates, source: str, target: str, chance: random.Random) -> Pair:
    clause = chance.choice(templates.clauses)
    time = chance.choice(templates.times)
    place = "none" if clause.get("timeless") else chance.choice(_PLACES)
    drawn: dict[tuple[str, int], Drawn] = {}
    shared: dict[str, str] = {}

    def draw(name: str, number: int) -> Drawn:
        if (name, number) not in drawn:
            drawn[name, number] = SLOTS[name](chance, templates.vocabulary, shared)
        return drawn[name, number]

    sides = {
        lang: _sentence(clause[lang], time[lang], place, lang, style, draw)
        for lang, style in ((source, chance.choice(_STYLES[source])), (target, Style.PRESS))
    }
    return Pair(source=sides[source], target=sides[target], source_lang=source, target_lang=target, origin=ORIGIN, figures=True)


def _sentence(clause: str, time: str, place: str, lang: str, style: Style, draw: Callable[[str, int], Drawn]) -> str:
    template = {"before": f"{time}{',' if lang == 'en' else ''} {clause}", "behind": f"{clause} {time}"}.get(place, clause)
    numbers: dict[str, int] = {}

    def fill(match: re.Match[str]) -> str:
        name, case = match.groups()
        numbers[name] = numbers.get(name, 0) + 1
        return draw(name, numbers[name])(lang, style, Case(case) if case else Case.NOMINATIVE)

    text = _SLOT.sub(fill, template)
    if lang == "ru":
        text = _EUPHONY.sub(r"\1о ", text)
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
