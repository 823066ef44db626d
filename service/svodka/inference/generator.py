"""Runs a decoder-only model with CTranslate2: prompts in, n-best continuations with scores out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ctranslate2
import sentencepiece

from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.protocols import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from svodka.inference.protocols import Search

__all__ = ["CTranslate2Generator", "Decoding"]

_WORD_MARK = "▁"  # SentencePiece's, before the first piece of a word
_SCORED_TOGETHER = 1  # CTranslate2 4.8 refuses to score several answers of a model with an attention window at once


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoding:
    """How answers are searched."""

    end_tokens: tuple[str, ...] = ("\n", "\n\n", "<eos>")  # a newline ends an answer; the base model may also write an empty line at once
    length_penalty: float = 1.0  # 1: the score is the mean log-probability of a token
    repetition_penalty: float = 1.0
    batch_tokens: int = 2048  # prompt and answer tokens, times beams, that are decoded together; more costs memory and is hardly faster


class CTranslate2Generator:
    """A prepared model. Safe to call from several threads: CTranslate2 queues the calls."""

    def __init__(self, folder: Path, *, threads: int, decoding: Decoding | None = None) -> None:
        self._tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))
        self._generator = ctranslate2.Generator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        self._decoding = decoding or Decoding()
        self._begin: str = self._tokenizer.id_to_piece(self._tokenizer.bos_id())

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return len(self._tokenizer.encode(text))

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
        begun = [beginning.strip() for beginning in beginnings] or [""] * len(prompts)
        encoded = [self._encode(prompt, beginning) for prompt, beginning in zip(prompts, begun, strict=True)]
        answers: dict[int, list[Hypothesis]] = {}
        for batch in self._batches(encoded, max_tokens, search.beam):
            results = self._generator.generate_batch(
                [encoded[index] for index in batch],
                beam_size=search.beam,
                num_hypotheses=search.n_best,
                max_length=max(max_tokens[index] for index in batch),
                include_prompt_in_result=False,
                return_scores=True,
                return_end_token=True,
                end_token=list(self._decoding.end_tokens),
                length_penalty=self._decoding.length_penalty,
                repetition_penalty=self._decoding.repetition_penalty,
                no_repeat_ngram_size=search.no_repeat,
            )
            for index, result in zip(batch, results, strict=True):
                answers[index] = self._hypotheses(result, max_tokens[index], begun[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        asked = [len(self._encode(prompt)) for prompt in prompts]
        whole = [[*self._encode(prompt, answer), self._decoding.end_tokens[0]] for prompt, answer in zip(prompts, answers, strict=True)]
        scores: list[float] = []
        for result, length in zip(self._generator.score_batch(whole, max_batch_size=_SCORED_TOGETHER), asked, strict=True):
            told = result.log_probs[length - 1 :]  # the first token of all has no probability
            scores.append(sum(told) / len(told))
        return scores

    def _encode(self, prompt: str, answer: str = "") -> list[str]:
        return [self._begin, *self._tokenizer.encode(f"{prompt} {answer}" if answer else prompt, out_type=str)]

    def _batches(self, encoded: list[list[str]], max_tokens: Sequence[int], beam: int) -> Iterator[list[int]]:
        """Group prompts of like lengths, so that little is spent on padding, within the token budget."""
        batch: list[int] = []
        longest = 0
        for index in sorted(range(len(encoded)), key=lambda index: len(encoded[index])):
            size = len(encoded[index]) + max_tokens[index]
            if batch and max(longest, size) * (len(batch) + 1) * beam > self._decoding.batch_tokens:
                yield batch
                batch, longest = [], 0
            batch.append(index)
            longest = max(longest, size)
        if batch:
            yield batch

    def _hypotheses(self, result: ctranslate2.GenerationResult, limit: int, beginning: str) -> list[Hypothesis]:
        distinct: dict[str, Hypothesis] = {}
        for tokens, ids, score in zip(result.sequences, result.sequences_ids, result.scores, strict=True):
            ended = len(tokens) <= limit and bool(tokens) and tokens[-1] in self._decoding.end_tokens
            # A batch runs to the limit of its longest, so what did not end is cut here to its own.
            text = self._tokenizer.decode(ids[:-1] if ended else ids[:limit]).rstrip()
            # An answer is one line; the model knows tokens of several line breaks and of marks with one.
            text, line_break, _ = text.lstrip("\n").partition("\n")
            ended = ended or bool(line_break)
            if beginning:
                # A tokenizer that marks the begin of words drops the mark when it decodes.
                opens = bool(text) and tokens[0].startswith(_WORD_MARK)
                text = f"{beginning}{' ' if opens else ''}{text.lstrip()}"
            text = text.strip()
            # Two ways to cut the same text into tokens are one answer; the better one comes first.
            distinct.setdefault(text, Hypothesis(text=text, score=score, finished=ended and bool(text)))
        return list(distinct.values())
