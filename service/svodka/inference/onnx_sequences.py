"""Searches the answers of an encoder-decoder model with ONNX Runtime: texts in, n-best answers with scores out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.inference.bart_session import BartSession
from svodka.inference.beams import Beams
from svodka.inference.groups import groups
from svodka.inference.protocols import Hypothesis
from svodka.inference.together import asked, search_together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svodka.inference.beams import Found
    from svodka.inference.cores import Cores
    from svodka.inference.protocols import AnswerShape, Search
    from svodka.inference.texts import TextTokenizer

__all__ = ["OnnxSequences"]

_BATCH_TOKENS = 16_384  # of inputs and answers, times beams: a server asks for less at once
# When answers are scored: tokens that are read together, padding included. Each has the probabilities of the whole vocabulary.
_SCORED_TOGETHER = 128


class OnnxSequences:
    """A prepared model. Safe to call from several threads; computes in the one that calls."""

    def __init__(self, folder: Path, tokenizer: TextTokenizer, *, cores: Cores, shape: AnswerShape) -> None:
        self._tokenizer = tokenizer
        self._model = BartSession(folder, cores)
        self._shape = shape

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, frame not counted."""
        return self._tokenizer.count(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`.

        Raises:
            ValueError: a text, or an answer, may have more tokens than the model has positions.
        """
        told = self._tokenizer
        sources = [told.source(prompt, search.direction) for prompt in prompts]
        start = told.start(search.direction)
        begun = [told.target(text.strip(), search.direction) for text in beginnings] or [[] for _ in prompts]
        self._check(sources, [len(start) + len(own) + limit for own, limit in zip(begun, max_tokens, strict=True)])
        sizes = [len(source) + limit for source, limit in zip(sources, max_tokens, strict=True)]
        answers: dict[int, list[Hypothesis]] = {}
        for group in groups(sizes, beam=search.beam, budget=_BATCH_TOKENS):
            searches = [self._begin(search, max_tokens[index]) for index in group]
            prefixes = [[*start, *begun[index]] for index in group]
            memory, following = self._model.read([sources[index] for index in group], prefixes, count=asked(searches))
            search_together(searches, self._model, memory, following)
            for index, beams in zip(group, searches, strict=True):
                answers[index] = self._hypotheses(beams.best(search.n_best), begun[index])
        self._model.let_go()
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`; the token that ends an answer counts as one of its tokens.

        Raises:
            ValueError: as `generate`.
        """
        told = self._tokenizer
        start = told.start(direction)
        sources = [told.source(prompt, direction) for prompt in prompts]
        wholes = [[*start, *told.target(answer, direction), told.end] for answer in answers]
        self._check(sources, [len(whole) for whole in wholes])
        scores: dict[int, float] = {}
        for group in groups([len(whole) for whole in wholes], beam=1, budget=_SCORED_TOGETHER):
            read = [sources[index] for index in group]
            found = self._model.log_probabilities(read, [wholes[index] for index in group], begun=len(start))
            scores |= {index: float(chances.mean()) for index, chances in zip(group, found, strict=True)}
        self._model.let_go()
        return [scores[index] for index in range(len(prompts))]

    def _check(self, sources: Sequence[Sequence[int]], lengths: Sequence[int]) -> None:
        most = max([*map(len, sources), *lengths], default=0)
        if most > self._model.positions:
            raise ValueError(f"a text or an answer has {most} tokens at most, and the model has {self._model.positions} positions")

    def _begin(self, search: Search, limit: int) -> Beams:
        return Beams(
            width=search.beam,
            ends=frozenset({self._tokenizer.end}),
            limit=limit,
            least=min(self._shape.min_tokens, limit),
            length_penalty=self._shape.length_penalty,
            no_repeat=search.no_repeat,
        )

    def _hypotheses(self, found: Sequence[Found], begun: Sequence[int]) -> list[Hypothesis]:
        distinct: dict[str, Hypothesis] = {}
        for answer in found:
            text = self._tokenizer.text([*begun, *answer.tokens])
            finished = answer.tokens[-1] == self._tokenizer.end and bool(text)
            distinct.setdefault(text, Hypothesis(text=text, score=answer.mean, finished=finished))
        return sorted(distinct.values(), key=lambda hypothesis: -hypothesis.score)
