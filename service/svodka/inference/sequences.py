"""Runs an encoder-decoder model with CTranslate2: texts in, n-best answers with scores out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ctranslate2

from svodka.inference.groups import groups
from svodka.inference.protocols import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svodka.inference.protocols import AnswerShape, Search
    from svodka.inference.texts import TextTokenizer

__all__ = ["CTranslate2Sequences"]

_BATCH_TOKENS = 16_384  # of inputs and answers, times beams: a server asks for less at once


class CTranslate2Sequences:
    """A converted model. Safe to call from several threads: CTranslate2 queues the calls."""

    def __init__(self, folder: Path, tokenizer: TextTokenizer, *, threads: int, shape: AnswerShape, searches: int = 1) -> None:
        """Load it: so many calls are answered at once, by as many replicas, which share the weights and the threads."""
        self._tokenizer = tokenizer
        self._model = ctranslate2.Translator(str(folder), device="auto", inter_threads=searches, intra_threads=threads // searches)
        self._shape = shape

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, frame not counted."""
        return self._tokenizer.count(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        told = self._tokenizer
        sources = [told.source(prompt, search.direction) for prompt in prompts]
        start, given = self._start(search.direction)
        begun = [told.target(text.strip(), search.direction) for text in beginnings] or [[] for _ in prompts]
        answers: dict[int, list[Hypothesis]] = {}
        for length in {len(tokens) for tokens in begun}:  # answers of a batch begin with equally many tokens, and end at the same limit
            alike = [index for index, tokens in enumerate(begun) if len(tokens) == length]
            sizes = [len(sources[index]) + max_tokens[index] for index in alike]
            for group in groups(sizes, beam=search.beam, budget=_BATCH_TOKENS):
                batch = [alike[place] for place in group]
                limit = max(max_tokens[index] for index in batch)
                least = min(self._shape.min_tokens, limit)
                results = self._model.translate_batch(
                    [told.pieces(sources[index]) for index in batch],
                    target_prefix=[told.pieces([*start, *begun[index]]) for index in batch],
                    beam_size=search.beam,
                    num_hypotheses=search.n_best,
                    length_penalty=self._shape.length_penalty,
                    no_repeat_ngram_size=search.no_repeat,
                    min_decoding_length=least and length + given + least,
                    max_decoding_length=length + given + limit,
                    max_input_length=0,  # a limit of the catalogue refuses long texts; nothing is cut off here
                    return_scores=True,
                    return_end_token=True,
                )
                for index, result in zip(batch, results, strict=True):
                    answers[index] = self._hypotheses(result, given, length, max_tokens[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        told = self._tokenizer
        start, given = self._start(direction)
        results = self._model.score_batch(
            [told.pieces(told.source(prompt, direction)) for prompt in prompts],
            [told.pieces([*start, *told.target(answer, direction)]) for answer in answers],
            max_batch_size=_BATCH_TOKENS,
            batch_type="tokens",
            max_input_length=0,
        )
        scores = []
        for result in results:
            own = result.log_probs[given:]
            scores.append(sum(own) / len(own))
        return scores

    def _start(self, direction: str) -> tuple[list[int], int]:
        """What the decoder is given, and how much of that comes back before an answer.

        CTranslate2 puts a start token before it by itself, or takes the first of it where the model has none; that never comes back.
        """
        start = self._tokenizer.start(direction)
        return (start, len(start) - 1) if self._tokenizer.starts_with_language else (start[1:], len(start) - 1)

    def _hypotheses(self, result: ctranslate2.TranslationResult, given: int, begun: int, limit: int) -> list[Hypothesis]:
        distinct: dict[str, Hypothesis] = {}
        for pieces, score in zip(result.hypotheses, result.scores, strict=True):
            ids = self._tokenizer.ids(pieces)
            own = ids[given + begun :]
            finished = len(own) <= limit and bool(own) and own[-1] == self._tokenizer.end
            # CTranslate2 divides the sum by the length of all, what was given included; a score is the mean of the model's own tokens.
            mean = score * len(ids) ** self._shape.length_penalty / max(1, len(own))
            text = self._tokenizer.text(ids[given : given + begun + limit])
            distinct.setdefault(text, Hypothesis(text=text, score=mean, finished=finished and bool(text)))
        return sorted(distinct.values(), key=lambda hypothesis: -hypothesis.score)
