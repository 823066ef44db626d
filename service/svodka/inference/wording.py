"""How a sentence is put to a small translator: what it would make up stands there in the target's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.easing import with_figures_eased
from svodka.glossary import with_words_glossed
from svodka.names import with_listed_names, with_names_transcribed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["AS_IT_IS", "Wording"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The directions, as "en-ru", in which a model is asked for figures in digits, for rare words and names in the target language."""

    eased: Collection[str] = ()
    glossed: Collection[str] = ()
    transcribed: Collection[str] = ()

    def put(self, sentence: str, direction: str, is_common: Callable[[str], bool]) -> str:
        """A sentence as the model is asked for it; `is_common` tells the words that it has often read."""
        if direction in self.eased:
            sentence = with_figures_eased(sentence, direction.partition("-")[0])
        if direction in self.transcribed:
            sentence = with_listed_names(sentence)
        if direction in self.glossed:
            sentence = with_words_glossed(sentence)
        return with_names_transcribed(sentence, is_common) if direction in self.transcribed else sentence


AS_IT_IS = Wording()
