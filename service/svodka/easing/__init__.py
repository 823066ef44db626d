"""Figures that a small translator takes for others, as it seldom does: what it makes of words it does not make of digits."""

from __future__ import annotations

from svodka.easing.english import easy_english
from svodka.easing.russian import easy_russian
from svodka.figures import extract

__all__ = ["with_figures_eased"]

_EASIER = {"en": easy_english, "ru": easy_russian}


def with_figures_eased(sentence: str, lang: str) -> str:
    """A sentence of language `lang` with such figures in digits: "the 12th victim", "increased 3 times", «1,5 года»."""
    for figure in reversed(extract(sentence, lang)):
        easy = _EASIER[lang](figure, sentence)
        if easy is not None:
            sentence = f"{sentence[: figure.start]}{easy}{sentence[figure.end :]}"
    return sentence
