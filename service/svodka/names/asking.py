"""Names of an English sentence, written as in Russian before a small translator is asked: it copies what it would else make up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svodka.figures import extract
from svodka.names.gazetteer import is_of_a_people, russian_name
from svodka.names.pinyin import by_palladius
from svodka.names.transcription import transcribe

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["with_names_transcribed"]

_CAPITALISED = re.compile(r"(?<![\w.-])[A-Z][a-zß-ſ]{3,}(?![\w-])")
# The country or the state, of Arabia or of its people: the sentence tells which.
_LEFT_TO_THE_SENTENCE = frozenset({"Georgia", "Saudi"})


def with_names_transcribed(sentence: str, is_common: Callable[[str], bool]) -> str:
    """An English sentence with its names in Cyrillic letters.

    Words of figures stay ("on Wednesday"), and those that `is_common` knows in small letters.
    """
    figures = extract(sentence, "en")

    def written(word: re.Match[str]) -> str:
        start, end = word.span()
        of_figure = any(figure.start < end and start < figure.end for figure in figures)
        if of_figure or word[0] in _LEFT_TO_THE_SENTENCE or is_common(word[0].lower()) or (is_of_a_people(word[0]) and is_common(word[0])):
            return word[0]
        return russian_name(word[0]) or by_palladius(word[0]) or transcribe(word[0]) or word[0]

    return _CAPITALISED.sub(written, sentence)
