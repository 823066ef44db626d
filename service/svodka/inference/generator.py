"""Runs a decoder-only model with CTranslate2: prompts in, n-best continuations with scores out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ctranslate2

from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.groups import groups
from svodka.inference.prompts import Decoding, PromptTokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svodka.inference.protocols import Hypothesis, Search

__all__ = ["CTranslate2Generator"]

_SCORED_TOGETHER = 1  # CTranslate2 4.8 refuses to score several answers of a model with an attention window at once


class CTranslate2Generator:
    """A prepared model. Safe to call from several threads: CTranslate2 queues the calls."""

    def __init__(self, folder: Path, *, threads: int, searches: int = 1, decoding: Decoding | None = None) -> None:
        """Load it: so many calls are answered at once, by as many replicas, which share the weights and the threads."""
        self._decoding = decoding or Decoding()
        self._tokenizer = PromptTokenizer(folder / TOKENIZER_FILE, end_tokens=self._decoding.end_tokens)
        self._generator = ctranslate2.Generator(str(folder), device="auto", inter_threads=searches, intra_threads=threads // searches)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return self._tokenizer.count(text)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        search: Search,
        max_tokens: Sequence[int],
        beginnings: Sequence[str] = (),
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        if not 1 <= search.n_best <= search.beam:
            raise ValueError(f"n_best must be from 1 to the beam {search.beam}, not {search.n_best}")
        begun, encoded = self._tokenizer.encode_begun(prompts, beginnings)
        sizes = [len(tokens) + limit for tokens, limit in zip(encoded, max_tokens, strict=True)]
        answers: dict[int, list[Hypothesis]] = {}
        for group in groups(sizes, beam=search.beam, budget=self._decoding.batch_tokens):
            results = self._generator.generate_batch(
                [self._tokenizer.pieces(encoded[index]) for index in group],
                beam_size=search.beam,
                num_hypotheses=search.n_best,
                max_length=max(max_tokens[index] for index in group),
                include_prompt_in_result=False,
                return_scores=True,
                return_end_token=True,
                end_token=list(self._decoding.end_tokens),
                length_penalty=self._decoding.length_penalty,
                no_repeat_ngram_size=search.no_repeat,
            )
            for index, result in zip(group, results, strict=True):
                # The search has divided each sum by a power of its length; a score is the mean.
                power = self._decoding.length_penalty - 1
                means = [score * len(ids) ** power for ids, score in zip(result.sequences_ids, result.scores, strict=True)]
                found = zip(result.sequences_ids, means, strict=True)
                answers[index] = self._tokenizer.hypotheses(found, limit=max_tokens[index], beginning=begun[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        asked = [len(self._tokenizer.encode(prompt)) for prompt in prompts]
        whole = [
            [*self._tokenizer.pieces(self._tokenizer.encode(prompt, answer)), self._decoding.end_tokens[0]]
            for prompt, answer in zip(prompts, answers, strict=True)
        ]
        scores: list[float] = []
        for result, length in zip(self._generator.score_batch(whole, max_batch_size=_SCORED_TOGETHER), asked, strict=True):
            told = result.log_probs[length - 1 :]  # the first token of all has no probability
            scores.append(sum(told) / len(told))
        return scores
