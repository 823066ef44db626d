"""Chinese names, which Russian writes by a system of its own: "Zhangjiakou" is «Чжанцзякоу».

The system is that of P. I. Kafarov (Palladius), «Китайско-русский словарь», 1888, which Russian maps and papers keep to.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from svodka.figures.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["by_palladius"]

_TABLE = "pinyin.ru"
# Few other languages have such syllables; of words without them, such as "Manila", syllables tell nothing.
_CHINESE = re.compile(r"zh(?!a$).+|x(?!ie?$|u$).+|q(?!ue?$).+|jin|jing|.+[iu]ang|.+iao|[^y]+eng")
_CHINESE_FIRST = re.compile(r"zh.+|x.+")
_MOST_SYLLABLES = 3
_VOWELS = "аеиоуыэюя"


def by_palladius(name: str) -> str | None:
    """Return a Chinese name, written in Pinyin without its tones, as Russian writes it; None for what is not surely one."""
    letters = name.lower()
    syllables = _syllable().findall(letters)
    if "".join(syllables) != letters or not 1 <= len(syllables) <= _MOST_SYLLABLES:
        return None
    if not (any(map(_CHINESE.fullmatch, syllables)) or _CHINESE_FIRST.fullmatch(syllables[0])):
        return None
    spelled = ""
    for syllable in syllables:
        cyrillic = _syllables()[syllable]
        # A hard «н» is held apart from a vowel: «Чанъань».
        spelled += "ъ" + cyrillic if spelled.endswith("н") and cyrillic[0] in _VOWELS else cyrillic
    return spelled.capitalize()


@cache
def _syllables() -> Mapping[str, str]:
    return {latin: cyrillic for latin, cyrillic in table(_TABLE, "svodka.names")}  # noqa: C416  rows are lists, which `dict` is not typed for


@cache
def _syllable() -> re.Pattern[str]:
    """One syllable: the longest behind which another can begin, which is never a vowel's without an apostrophe."""
    longest_first = sorted(_syllables(), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(longest_first)})(?![aeiouü])")
