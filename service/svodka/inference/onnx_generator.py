"""Searches the answers of a decoder-only model with ONNX Runtime: prompts in, n-best continuations with scores out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from svodka.inference.beams import Beams
from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.cores import dealt
from svodka.inference.gemma_session import GemmaSession
from svodka.inference.groups import groups
from svodka.inference.joining import JoinedSearches, Wanted
from svodka.inference.prompts import Decoding, PromptTokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from svodka.inference.cores import Cores
    from svodka.inference.protocols import Hypothesis, Search

__all__ = ["OnnxGenerator"]

# When answers are scored: tokens that are read together, padding included, and tokens of an answer of which each has the probabilities of
# the whole vocabulary.
_READ_TOGETHER, _SCORED_TOGETHER = 256, 128


class OnnxGenerator:
    """A prepared model. Safe to call from several threads, whose answers are searched together."""

    def __init__(self, folder: Path, *, cores: Cores, decoding: Decoding | None = None) -> None:
        self._decoding = decoding or Decoding()
        self._tokenizer = PromptTokenizer(folder / TOKENIZER_FILE, end_tokens=self._decoding.end_tokens)
        self._cores = cores
        self._model = GemmaSession(folder, cores)
        self._searches = JoinedSearches(self._model, cores, room=self._decoding.batch_tokens)

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
        """See `Generator.generate`.

        Raises:
            ValueError: a prompt and its answer may have more tokens than the model has positions.
        """
        if not 1 <= search.n_best <= search.beam:
            raise ValueError(f"n_best must be from 1 to the beam {search.beam}, not {search.n_best}")
        begun, encoded = self._tokenizer.encode_begun(prompts, beginnings)
        sizes = [len(tokens) + limit for tokens, limit in zip(encoded, max_tokens, strict=True)]
        if max(sizes, default=0) > self._model.positions:
            raise ValueError(
                f"a prompt and its answer have {max(sizes)} tokens at most, and the model has {self._model.positions} positions"
            )
        language = search.direction.rpartition("-")[2]
        listed = self._model.listed(language)
        wanted = [
            Wanted(
                prompt=tokens,
                beams=self._begin(search, limit),
                language=language,
                more=() if listed is None else sorted(self._tokenizer.names(tokens) - listed),
                width=size * search.beam,
            )
            for tokens, limit, size in zip(encoded, max_tokens, sizes, strict=True)
        ]
        self._searches.search(wanted)
        return [
            self._tokenizer.hypotheses(
                [(answer.tokens, answer.mean) for answer in one.beams.best(search.n_best)], limit=limit, beginning=beginning
            )
            for one, limit, beginning in zip(wanted, max_tokens, begun, strict=True)
        ]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens. It waits for no search."""
        end = self._tokenizer.end(self._decoding.end_tokens[0])
        texts = [[*self._tokenizer.encode(prompt, answer), end] for prompt, answer in zip(prompts, answers, strict=True)]
        asked = [range(len(self._tokenizer.encode(prompt)), len(text)) for prompt, text in zip(prompts, texts, strict=True)]
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        shares = dealt(order, self._cores.threads)
        scores: dict[int, float] = {}
        for found in self._cores.all_of(lambda share: self._scores(share, texts, asked), shares) if shares else ():
            scores |= found
        self._model.let_go()
        return [scores[index] for index in range(len(texts))]

    def _scores(self, some: Sequence[int], texts: Sequence[Sequence[int]], asked: Sequence[range]) -> dict[int, float]:
        """The scores of some texts, by their numbers."""
        scores: dict[int, float] = {}
        for group in groups([len(texts[index]) for index in some], beam=1, budget=_READ_TOGETHER):
            together = [some[number] for number in group]
            told: dict[int, list[NDArray[np.float32]]] = {index: [] for index in together}
            for start in range(0, max(len(asked[index]) for index in together), _SCORED_TOGETHER):
                places = {index: part for index in together if (part := asked[index][start : start + _SCORED_TOGETHER])}
                found = self._model.log_probabilities([texts[index] for index in places], list(places.values()))
                for index, chances in zip(places, found, strict=True):
                    told[index].append(chances)
            scores |= {index: float(np.concatenate(parts).mean()) for index, parts in told.items()}
        return scores

    def _begin(self, search: Search, limit: int) -> Beams:
        return Beams(
            width=search.beam,
            ends=self._tokenizer.ends,
            limit=limit,
            length_penalty=self._decoding.length_penalty,
            no_repeat=search.no_repeat,
        )
