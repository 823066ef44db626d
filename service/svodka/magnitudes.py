"""Vague numbers, which state no figure and can still be wrong: "dozens of people" is not «сотни людей»."""

from __future__ import annotations

import re

from svodka import figures

__all__ = ["magnitude_fault", "with_right_magnitude"]

# Powers of ten by the words that name them in the plural, without a number before them; the forms of a language go in step by case.
_WORDS: dict[str, dict[int, tuple[str, ...]]] = {
    "en": {
        1: ("dozens", "tens", "scores"),
        2: ("hundreds",),
        3: ("thousands",),
        6: ("millions",),
        9: ("billions",),
        12: ("trillions",),
    },
    "ru": {
        1: ("десятки", "десятков", "десяткам", "десятками", "десятках"),
        2: ("сотни", "сотен", "сотням", "сотнями", "сотнях"),
        3: ("тысячи", "тысяч", "тысячам", "тысячами", "тысячах"),
        6: ("миллионы", "миллионов", "миллионам", "миллионами", "миллионах"),
        9: ("миллиарды", "миллиардов", "миллиардам", "миллиардами", "миллиардах"),
        12: ("триллионы", "триллионов", "триллионам", "триллионами", "триллионах"),
    },
}
_FORMS = {lang: {form: power for power, forms in table.items() for form in forms} for lang, table in _WORDS.items()}
_PATTERNS = {lang: re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE) for lang, forms in _FORMS.items()}


def magnitude_fault(source: str, target: str, *, source_lang: str, target_lang: str) -> str | None:
    """What is wrong with the vague numbers of a translation; None where they share a magnitude, or either side has none.

    In 152 human and machine translations that name magnitudes on both sides, none shared no magnitude.
    """
    before, after = _named(source, source_lang), _named(target, target_lang)
    if not before or not after or before.keys() & after.keys():
        return None
    return f"{', '.join(match[0] for match in before.values())} became {', '.join(match[0] for match in after.values())}"


def with_right_magnitude(source: str, target: str, *, source_lang: str, target_lang: str) -> str | None:
    """The translation with its one vague number as the sentence has it, in the case that stood there; None where there is not just one."""
    before, after = _named(source, source_lang), _named(target, target_lang)
    if len(before) != 1 or len(after) != 1 or before.keys() == after.keys():
        return None
    (power,), ((wrong, match),) = before, after.items()
    right, stood = _WORDS[target_lang][power], _WORDS[target_lang][wrong]
    at = stood.index(match[0].lower())
    word = right[at] if len(right) == len(stood) else right[0]
    return f"{target[: match.start()]}{word.capitalize() if match[0][0].isupper() else word}{target[match.end() :]}"


def _named(text: str, lang: str) -> dict[int, re.Match[str]]:
    found = list(_PATTERNS[lang].finditer(text))
    if not found:
        return {}
    stated = [(figure.start, figure.end) for figure in figures.extract(text, lang)]
    free = [match for match in found if not any(start <= match.start() < end for start, end in stated)]
    return {_FORMS[lang][match[0].lower()]: match for match in free}
