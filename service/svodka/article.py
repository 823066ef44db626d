"""The first steps together: a text as it came becomes an article with language, figures and sentences."""

from __future__ import annotations

import unicodedata

from svodka import figures, language, segment
from svodka.errors import InvalidRequest
from svodka.types import Article

__all__ = ["read"]

# Line breaks and tabs are text; the other control characters are a sign of a wrong file or encoding.
_ALLOWED_CONTROLS = frozenset("\n\r\t\f\v\x85")


def read(text: str, *, title: str = "", tag: str | None = None, field: str = "text", language_field: str = "language") -> Article:
    """Read an article. Figures are extracted from the whole text, before anything splits it.

    The text is kept as it came, character for character: every offset of the answer counts its code points.

    Raises:
        InvalidRequest: the text is empty or has control characters, or `tag` is no language that Svodka reads.
        UnsupportedLanguage: the detected language is neither English nor Russian.
    """
    if not text.strip():
        raise InvalidRequest.field(field, "is empty; send the text of an article")
    for offset, character in enumerate(text):
        if unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS:
            raise InvalidRequest.field(field, f"has the control character U+{ord(character):04X} at offset {offset}; send plain text")
    detected = language.resolve(tag, text, field=language_field, text_field=field)
    found = figures.extract(text, detected)
    return Article(title=title, text=text, language=detected, figures=found, sentences=segment.split(text, detected, found))
