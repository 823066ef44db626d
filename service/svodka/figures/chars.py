"""Characters: the first step of reading. Folds a text into plain small characters, as long as it was, so that every span holds."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "is_digits"]

# Characters that newspapers use for one another, each folded into one character.
_ALIKE = {
    "ё": "е",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "″": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‐": "-",
    "‑": "-",  # the no-break hyphen of "29‑летний"
    "‒": "-",
    "–": "-",
    "—": "—",  # the em dash is kept: it joins ranges ("5—7 лет") but also parts of a sentence
    "―": "—",
    "−": "-",
    "﹣": "-",
    "－": "-",
    "﹪": "%",
    "％": "%",
    "⁄": "/",
    "∕": "/",
    "：": ":",
    "．": ".",
    "，": ",",
    "＄": "$",
    "£": "£",
    "º": "°",
    "˚": "°",
    "µ": "μ",
}
_ODD = re.compile(f"[^\\x00-\\x7fа-я°€£№½¼¾—]|[{''.join(_ALIKE)}]")


def fold(text: str) -> str:
    """The text in small letters, with look-alike marks, digits of other scripts and the various spaces made plain; as long as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two characters: fold one by one
        lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return lowered if lowered.isascii() else _ODD.sub(_plain, lowered)


def _plain(match: re.Match[str]) -> str:
    char = match[0]
    known = _ALIKE.get(char)
    if known is not None:
        return known
    if char.isspace():
        return " "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    # Full-width letters and signs ("Ａ", "＋") have a plain twin of one character.
    twin = unicodedata.normalize("NFKC", char)
    return twin.lower() if len(twin) == 1 and len(twin.lower()) == 1 and not char.isnumeric() else char


def is_digits(word: str) -> bool:
    """Whether a folded token is a run of decimal digits."""
    return "0" <= word[0] <= "9"
