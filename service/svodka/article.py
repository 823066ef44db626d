"""The first steps together: a text as it came becomes an article with language, figures and sentences."""

from __future__ import annotations

import re
import unicodedata

from svodka import figures, language, segment
from svodka.errors import InvalidRequest
from svodka.types import Article

__all__ = ["read"]

# Line breaks and tabs are text; the other control characters are a sign of a wrong file or encoding.
_ALLOWED_CONTROLS = frozenset("\n\r\t\f\v\x85")
# Tags would stand in the summary, and "5&nbsp;million" would be five. An ampersand or an angle bracket alone is text.
_MARKUP = re.compile(
    r"</(?:a|article|b|body|div|em|h[1-6]|head|html|i|li|ol|p|script|section|span|strong|style|table|td|tr|ul)\s*>|<(?:br|p|div)\s*/?>"
    r"|&(?:amp|gt|laquo|ldquo|lt|mdash|nbsp|ndash|quot|raquo|rdquo|rsquo|thinsp|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)


def read(text: str, *, title: str = "", tag: str | None = None, field: str = "text", language_field: str = "language") -> Article:
    """Read an article. Figures are extracted from the whole text, before anything splits it.

    The text is kept as it came, character for character: every offset of the answer counts its code points.

    Raises:
        InvalidRequest: the text is empty, has control characters or markup, or `tag` is no language that Svodka reads.
        UnsupportedLanguage: the detected language is neither English nor Russian.
    """
    if not text.strip():
        raise InvalidRequest.field(field, "is empty; send the text of an article")
    for offset, character in enumerate(text):
        if unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS:
            raise InvalidRequest.field(field, f"has the control character U+{ord(character):04X} at offset {offset}; send plain text")
    if (markup := _MARKUP.search(text)) is not None:
        raise InvalidRequest.field(field, f"has the markup {markup[0]} at offset {markup.start()}; send plain text, not HTML")
    detected = language.resolve(tag, text, field=language_field, text_field=field)
    found = figures.extract(text, detected)
    return Article(title=title, text=text, language=detected, figures=found, sentences=segment.split(text, detected, found))
