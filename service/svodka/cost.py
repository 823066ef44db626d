"""How much work a call will be, in tokens to translate: known before any of it is done, and good enough to bound a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svodka.types import ComparisonOrder, SummaryOrder, TranslationOrder

__all__ = ["article_tokens", "comparison_tokens", "text_tokens", "translation_tokens"]

# Characters of a token: of news, English has 4.6 and Russian 3.9 with the embedded tokenizer.
_CHARACTERS = 4
# Tokens of a sentence of news, about.
_SENTENCE = 45
# Reading and embedding a sentence of the article takes about this share of the time that translating one does.
_READING = 1 / 40


def article_tokens(order: SummaryOrder) -> int:
    """Of a summary: the sentences that are translated, and a little for every one that is read."""
    whole = text_tokens(order.text)
    return min(whole, order.length.max_sentences * _SENTENCE) + int(whole * _READING)


def translation_tokens(order: TranslationOrder) -> int:
    """Of a translation: all of the text."""
    return text_tokens(order.text)


def comparison_tokens(order: ComparisonOrder) -> int:
    """Of a comparison: what is translated, once for each contender that has to, and a little for all that is read."""
    whole = text_tokens(order.text)
    translated = whole if order.length is None else min(whole, order.length.max_sentences * _SENTENCE)
    read = text_tokens(order.text, order.reference, *(contender.given or "" for contender in order.contenders))
    return max(1, translated * sum(1 for contender in order.contenders if contender.given is None) + int(read * _READING))


def text_tokens(*texts: str) -> int:
    """Of texts whose figures are read, at least one."""
    return max(1, sum(map(len, texts)) // _CHARACTERS)
