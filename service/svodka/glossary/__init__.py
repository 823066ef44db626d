"""Russian for words that a small translator seldom read, put in before it is asked: it copies and inflects what it would else make up."""

from __future__ import annotations

import re
from functools import cache

from svodka.figures import extract
from svodka.figures.tables import table

__all__ = ["with_words_glossed"]

_WORD = re.compile(r"(?<![\w.'’-])[A-Za-z][a-z]{3,}(?![\w'’-]|\.\w)")
# After these a word is a verb, in its base form and in that with an s: "to file", "he smiles".
_BASE = re.compile(r"(?:\b(?:to|will|would|can|could|may|might|must|should|shall|not|I|you|we|they|who)|n['’]t)\s+$", re.IGNORECASE)
_WITH_S = re.compile(r"\b(?:he|she|it|who)\s+$", re.IGNORECASE)
_BEFORE = 16  # characters in which the word before stands
_HISSING = re.compile(r"(?:s|x|z|o|ch|sh)$")


def with_words_glossed(sentence: str) -> str:
    """An English sentence with the nouns of the glossary in Russian, in the nominative of their number.

    Words of figures stay, and so does what a capital makes a name.
    """
    figures = extract(sentence, "en")
    beginning = next((place for place, sign in enumerate(sentence) if sign.isalpha()), 0)

    def written(word: re.Match[str]) -> str:
        start, end = word.span()
        if word[0][0].isupper() and start != beginning:
            return word[0]
        gloss = _glossary().get(word[0].lower())
        verb = _WITH_S if word[0].endswith("s") else _BASE
        is_verb = verb.search(sentence, max(0, start - _BEFORE), start) is not None
        if gloss is None or is_verb or any(figure.start < end and start < figure.end for figure in figures):
            return word[0]
        return gloss.capitalize() if word[0][0].isupper() else gloss

    return _WORD.sub(written, sentence)


@cache
def _glossary() -> dict[str, str]:
    """English nouns, in the singular and in the plural, and the Russian of each."""
    forms: dict[str, str] = {}
    for singular, russian, plural in table("glossary.en-ru", "svodka.glossary"):
        for form in _plurals(singular):
            forms.setdefault(form, plural)
        forms[singular] = russian
    return forms


def _plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return (f"{noun[:-1]}ies",)
    return (f"{noun}s", f"{noun}es") if _HISSING.search(noun) else (f"{noun}s",)
