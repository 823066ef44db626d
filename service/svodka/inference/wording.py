"""How a sentence is put to a small translator: what it would make up stands there in the target's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.glossary import with_words_glossed
from svodka.names import with_names_transcribed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Wording"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The directions, as "en-ru", in which a model is asked for rare nouns and for names in the target language."""

    glossed: Collection[str] = ()
    transcribed: Collection[str] = ()

    def put(self, sentence: str, direction: str, is_common: Callable[[str], bool]) -> str:
        """A sentence as the model is asked for it; `is_common` tells the words that it has often read."""
        if direction in self.glossed:
            sentence = with_words_glossed(sentence)
        return with_names_transcribed(sentence, is_common) if direction in self.transcribed else sentence
