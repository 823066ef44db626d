"""How a name sounds, whatever alphabet it is written in."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["consonants"]

# Consonants that survive transliteration: "Johnson" and «Джонсоном» both begin JNS.
_RUSSIAN = dict(zip("бвгджзклмнпрстфхцчшщ", "bvgdjsklmnprstfgscss", strict=True)) | {"дж": "j", "кс": "ks"}
_ENGLISH = dict(zip("bcdfghjklmnpqrstvwz", "bkdfggjklmnpkrstvvs", strict=True)) | {"x": "ks", "ce": "s", "ci": "s", "ck": "k"}
_ENGLISH |= {"sch": "s", "sh": "s", "ch": "c", "ph": "f", "th": "t"}
_SOUNDS = _RUSSIAN | _ENGLISH
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))


@lru_cache(maxsize=4096)
def consonants(word: str) -> str:
    """The first three consonants of a word, the same in either alphabet."""
    sounds = "".join(_SOUNDS[match[0]] for match in _SOUND.finditer(word.lower()))
    return re.sub(r"(.)\1+", r"\1", sounds)[:3]
