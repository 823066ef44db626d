"""Places and peoples by their Russian names, from the Unicode locale data (CLDR) and tables of ours: "Athens" is «Афины»."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from svodka.figures.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["is_of_a_people", "russian_name"]

_OF_A_PEOPLE = re.compile(r"(?:[ie]an|ese|ish)s?$")
_TABLES = ("written.en-ru", "peoples.en-ru", "press.en-ru", "places.en-ru")
_ENGLISH = re.compile(r"[A-Z][a-zß-ſ]+")
_RUSSIAN = re.compile(r"[А-ЯЁа-яё][а-яё]+(?:-[А-ЯЁа-яё][а-яё]+)*")  # «о-ва Кука» and abbreviations are no names to be inflected
# Cities by their zones' old or narrower names, and one who is a person first.
_OTHERS = frozenset({"Atikokan", "Comoro", "Davis"})


def is_of_a_people(word: str) -> bool:
    """Whether a word ends as those of peoples and countries, for which Russian has words of its own: "Hungarian", "Japanese"."""
    return _OF_A_PEOPLE.search(word) is not None


def russian_name(word: str) -> str | None:
    """How Russian calls a place ("Athens": «Афины») or what is of a people or its language ("Icelandic": «исландский»); None: not known."""
    return _names().get(word)


@cache
def _names() -> Mapping[str, str]:
    english, russian = Locale("en"), Locale("ru")
    both = [*_cities(english, russian), *_languages(english, russian)]
    both += [(name, russian.territories[code]) for code, name in english.territories.items() if code in russian.territories]
    known = {name: called for name, called in both if _ENGLISH.fullmatch(name) and _RUSSIAN.fullmatch(called) and name not in _OTHERS}
    return known | {name: called for listed in _TABLES for name, called in table(listed, "svodka.names")}


def _languages(english: Locale, russian: Locale) -> Iterator[tuple[str, str]]:
    """Only those that end as words of peoples do: "Delaware" is a state, "Pahlavi" a person, before it is a language."""
    for code, name in english.languages.items():
        if code in russian.languages and (is_of_a_people(name) or name.endswith("ic")):
            yield name, russian.languages[code]


def _cities(english: Locale, russian: Locale) -> Iterator[tuple[str, str]]:
    """The cities that time zones are named after."""
    for zone, names in russian.time_zones.items():
        if "city" in names:
            yield english.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "), names["city"]
