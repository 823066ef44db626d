"""Whether a text has a client's term: as it is, or in Russian in any of its cases."""

from __future__ import annotations

import re
from functools import lru_cache

from svodka.figures.agreement import normal_forms

__all__ = ["holds"]

_WORD = re.compile(r"\w+(?:-\w+)*")


def holds(text: str, term: str, lang: str) -> bool:
    """Whether `text` of language `lang` has `term`: «Единого рынка» has «Единый рынок»."""
    if term in text:
        return True
    if lang != "ru":
        return False
    wanted = [_forms(word) for word in _WORD.findall(term)]
    words = [_forms(word) for word in _WORD.findall(text)]
    return any(
        all(word & part for word, part in zip(words[at : at + len(wanted)], wanted, strict=True))
        for at in range(len(words) - len(wanted) + 1)
    )


@lru_cache(maxsize=5000)
def _forms(word: str) -> frozenset[str]:
    return normal_forms(word)
