"""Russian for words that a small translator seldom read, put in before it is asked: it copies and inflects what it would else make up."""

from svodka.glossary.asking import with_words_glossed

__all__ = ["with_words_glossed"]
