"""Translates sentences with a generator, a prompt for each direction and the limits of the catalogue."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from svodka.errors import InvalidRequest, SentenceTooLong
from svodka.inference.protocols import DEFAULT_SEARCH, Generator, Hypothesis, Search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svodka.inference.catalogue import Limits

__all__ = ["CountingGenerator", "PromptTranslator"]

_SPARE_TOKENS = 16  # "Yes." may well become eight tokens: a bound by proportion alone is too tight for short sentences


class CountingGenerator(Generator, Protocol):
    """A generator that also tells how long a text is for it."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        ...


class PromptTranslator:
    """A translator that asks a language model to continue a prompt."""

    def __init__(self, generator: CountingGenerator, *, prompts: Mapping[str, str], limits: Limits) -> None:
        self._generator = generator
        self._prompts = dict(prompts)
        self._limits = limits

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        """See `Translator.translate`.

        A sentence that is empty or all spaces comes back as it is; line breaks inside a sentence count as spaces.

        Raises:
            InvalidRequest: the model does not translate in this direction.
            SentenceTooLong: a sentence has more tokens than the model takes.
        """
        prompt = self._prompt(source, target)
        folded = [_folded(sentence) for sentence in sentences]
        asked = [index for index, sentence in enumerate(folded) if sentence]
        lengths = [self._length(folded[index]) for index in asked]
        answers = self._generator.generate(
            [prompt.replace("{sentence}", folded[index]) for index in asked],
            search=search,
            beginnings=[beginnings[index] for index in asked] if beginnings else (),
            max_tokens=[math.ceil(length * self._limits.max_output_ratio) + _SPARE_TOKENS for length in lengths],
        )
        found = {index: tuple(answer) for index, answer in zip(asked, answers, strict=True)}
        return [found.get(index) or (Hypothesis(text=sentence, score=0.0, finished=True),) for index, sentence in enumerate(sentences)]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """See `Translator.score`.

        Raises:
            InvalidRequest: the model does not translate in this direction.
        """
        prompt = self._prompt(source, target)
        return self._generator.score([prompt.replace("{sentence}", _folded(sentence)) for sentence in sentences], translations)

    def _prompt(self, source: str, target: str) -> str:
        prompt = self._prompts.get(f"{source}-{target}")
        if prompt is None:
            raise InvalidRequest.field(
                "target_language", f"no translation from {source!r} to {target!r}; there is {', '.join(self._prompts)}"
            )
        return prompt

    def _length(self, sentence: str) -> int:
        length = self._generator.count_tokens(sentence)
        if length > self._limits.max_input_tokens:
            raise SentenceTooLong(sentence, length, self._limits.max_input_tokens)
        return length


def _folded(sentence: str) -> str:
    return " ".join(sentence.split())
