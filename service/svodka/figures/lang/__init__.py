"""What a table cannot say of a language: how its nouns are found and brought to their dictionary form."""

from __future__ import annotations

from svodka.figures.lang import en, ru
from svodka.figures.lang.grammar import Grammar

__all__ = ["GRAMMARS", "Grammar"]

GRAMMARS = {"en": en.GRAMMAR, "ru": ru.GRAMMAR}
