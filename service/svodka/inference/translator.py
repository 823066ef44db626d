"""Translates sentences with a generator, a prompt for each direction and the limits of the catalogue."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from svodka.errors import InvalidRequest, SentenceTooLong
from svodka.inference.protocols import DEFAULT_SEARCH, Generator, Hypothesis, Search, Translator
from svodka.inference.wording import AS_IT_IS, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svodka.inference.catalogue import Catalogue
    from svodka.inference.entries import Limits, ModelEntry

__all__ = ["CountingGenerator", "PromptTranslator", "RoutingTranslator", "translator_of"]

_SPARE_TOKENS = 16  # "Yes." may well become eight tokens: a bound by proportion alone is too tight for short sentences


class CountingGenerator(Generator, Protocol):
    """A generator that also tells how long a text is for it."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        ...


class PromptTranslator:
    """A translator by one model: one that continues a prompt, or one that is `told` the direction apart from the text."""

    def __init__(
        self,
        generator: CountingGenerator,
        *,
        prompts: Mapping[str, str],
        limits: Limits,
        told: bool = False,
        wording: Wording = AS_IT_IS,
        length_rewards: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self._generator = generator
        self._length_rewards = length_rewards
        self._wording = wording
        self._prompts = dict(prompts)
        self._limits = limits
        self._told = told

    @classmethod
    def of(cls, model: ModelEntry, generator: CountingGenerator) -> PromptTranslator:
        """The translator that the catalogue describes."""
        prompts = model.prompts or dict.fromkeys(model.directions, f"{model.prefix}{{sentence}}")
        return cls(
            generator,
            prompts=prompts,
            limits=model.limits,
            told=not model.prompts,
            wording=model.wording,
            length_rewards=model.length_rewards,
        )

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
        search = replace(search, direction=f"{source}-{target}")
        folded = [_folded(sentence) for sentence in sentences]
        asked = [index for index, sentence in enumerate(folded) if sentence]
        for index in asked:
            self._length(folded[index], folded[index])  # what is too long is refused before its names are looked for
        put = [self._put(folded[index], search.direction) for index in asked]
        lengths = [self._length(text, folded[index]) for index, text in zip(asked, put, strict=True)]
        answers = self._generator.generate(
            [prompt.replace("{sentence}", text) for text in put],
            search=search,
            beginnings=[beginnings[index] for index in asked] if beginnings else (),
            max_tokens=[math.ceil(length * self._limits.max_output_ratio) + _SPARE_TOKENS for length in lengths],
        )
        found = {index: self._rewarded(answer, search.direction) for index, answer in zip(asked, answers, strict=True)}
        return [found.get(index) or (Hypothesis(text=sentence, score=0.0, finished=True),) for index, sentence in enumerate(sentences)]

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """See `Translator.score`.

        Raises:
            InvalidRequest: the model does not translate in this direction.
        """
        prompt = self._prompt(source, target)
        prompts = [prompt.replace("{sentence}", self._put(_folded(sentence), f"{source}-{target}")) for sentence in sentences]
        answers = [_folded(translation) for translation in translations]
        return self._generator.score(prompts, answers, direction=f"{source}-{target}" if self._told else "")

    def _rewarded(self, answers: Sequence[Hypothesis], direction: str) -> tuple[Hypothesis, ...]:
        """Answers in the order of their scores and rewards: a small model would rather leave something out.

        The reward is that of W. He et al., 2016, "Improved neural machine translation with SMT features", by letters instead of words.
        """
        reward, longest = self._length_rewards.get(direction, 0.0), max((len(answer.text) for answer in answers), default=0)
        if not reward or not longest:
            return tuple(answers)
        return tuple(sorted(answers, key=lambda answer: -(answer.score + reward * len(answer.text) / longest)))

    def _put(self, sentence: str, direction: str) -> str:
        return self._wording.put(sentence, direction, self._is_common)

    def _is_common(self, word: str) -> bool:
        """Whether the model has the word as one token: one that it read often."""
        return self._generator.count_tokens(f" {word}") == 1

    def _prompt(self, source: str, target: str) -> str:
        prompt = self._prompts.get(f"{source}-{target}")
        if prompt is None:
            raise _no_way(source, target, self._prompts)
        return prompt

    def _length(self, text: str, sentence: str) -> int:
        """The tokens of what is asked for a sentence."""
        length = self._generator.count_tokens(text)
        if length > self._limits.max_input_tokens:
            raise SentenceTooLong(sentence, length, self._limits.max_input_tokens)
        return length


class RoutingTranslator:
    """Several translators, each for its directions."""

    def __init__(self, translators: Mapping[str, Translator]) -> None:
        self._translators = dict(translators)

    def translate(
        self,
        sentences: Sequence[str],
        *,
        source: str,
        target: str,
        search: Search = DEFAULT_SEARCH,
        beginnings: Sequence[str] = (),
    ) -> list[tuple[Hypothesis, ...]]:
        """See `Translator.translate`; errors are those of `PromptTranslator.translate`."""
        translator = self._translator(source, target)
        return translator.translate(sentences, source=source, target=target, search=search, beginnings=beginnings)

    def score(self, sentences: Sequence[str], translations: Sequence[str], *, source: str, target: str) -> list[float]:
        """See `Translator.score`; errors are those of `PromptTranslator.score`."""
        return self._translator(source, target).score(sentences, translations, source=source, target=target)

    def _translator(self, source: str, target: str) -> Translator:
        translator = self._translators.get(f"{source}-{target}")
        if translator is None:
            raise _no_way(source, target, self._translators)
        return translator


def translator_of(catalogue: Catalogue, profile: str, generators: Mapping[str, CountingGenerator]) -> Translator:
    """The translator of a profile, by the generators of its models."""
    models = catalogue.profile(profile).translators
    made = {identifier: PromptTranslator.of(catalogue.models[identifier], generators[identifier]) for identifier in set(models.values())}
    if len(made) == 1:
        return made.popitem()[1]
    return RoutingTranslator({direction: made[identifier] for direction, identifier in models.items()})


def _no_way(source: str, target: str, directions: Iterable[str]) -> InvalidRequest:
    return InvalidRequest.field("target_language", f"no translation from {source!r} to {target!r}; there is {', '.join(directions)}")


def _folded(sentence: str) -> str:
    return " ".join(sentence.split())
