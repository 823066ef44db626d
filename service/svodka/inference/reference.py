"""Runs models with transformers and PyTorch: on a CPU slower than CTranslate2, and the measure of what that must compute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    AutoModelForSeq2SeqLM,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    NoRepeatNGramLogitsProcessor,
)

from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.gemma import load_gemma
from svodka.inference.groups import groups
from svodka.inference.prompts import Decoding, PromptTokenizer
from svodka.inference.protocols import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from svodka.inference.protocols import AnswerShape, Search
    from svodka.inference.texts import TextTokenizer

__all__ = ["TorchGenerator", "TorchSequences"]

_SCORED_TOGETHER = 8  # answers: their logits take much memory
_BATCH_TOKENS = 4096  # of an input and its answer, times beams


class TorchSequences:
    """An encoder-decoder model as its checkpoint has it."""

    def __init__(self, folder: Path, tokenizer: TextTokenizer, *, dtype: str, threads: int, shape: AnswerShape) -> None:
        torch.set_num_threads(threads)
        self._tokenizer = tokenizer
        self._device = _device()
        model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder, dtype=getattr(torch, dtype), local_files_only=True, use_safetensors=True, trust_remote_code=False
        )
        self._model = model.to(self._device).eval()
        self._shape = shape
        # CTranslate2 takes the padding out of Marian's vocabulary: as likely as any word to a model, it is never said.
        self._never = [words[0] for words in self._model.generation_config.bad_words_ids or () if len(words) == 1]
        # What a checkpoint sets for its own demonstrations must not steer searches that are asked for here; what it may never say is kept.
        self._model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
            bos_token_id=self._model.config.bos_token_id,
            eos_token_id=tokenizer.end,
            pad_token_id=tokenizer.padding,
            decoder_start_token_id=self._model.config.decoder_start_token_id,
            bad_words_ids=self._model.generation_config.bad_words_ids,
            renormalize_logits=True,
        )

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, frame not counted."""
        return self._tokenizer.count(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        told = self._tokenizer
        sources = [told.source(prompt, search.direction) for prompt in prompts]
        start = told.start(search.direction)
        begun = [told.target(text.strip(), search.direction) for text in beginnings] or [[] for _ in prompts]
        answers: dict[int, list[Hypothesis]] = {}
        for length in {len(tokens) for tokens in begun}:  # answers of a batch begin with equally many tokens
            alike = [index for index, tokens in enumerate(begun) if len(tokens) == length]
            sizes = [len(sources[index]) + max_tokens[index] for index in alike]
            for group in groups(sizes, beam=search.beam, budget=_BATCH_TOKENS):
                batch = [alike[place] for place in group]
                prefixes = [[*start, *begun[index]] for index in batch]
                found = self._search([sources[index] for index in batch], prefixes, batch, search, max_tokens)
                for index, candidates in zip(batch, found, strict=True):
                    answers[index] = self._hypotheses(sources[index], candidates, start, length, max_tokens[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        told = self._tokenizer
        start = told.start(direction)
        wholes = [[*start, *told.target(answer, direction), told.end] for answer in answers]
        return self._means([told.source(prompt, direction) for prompt in prompts], wholes, len(start))

    def _search(
        self, sources: list[list[int]], prefixes: list[list[int]], batch: list[int], search: Search, max_tokens: Sequence[int]
    ) -> list[list[list[int]]]:
        ids, mask = self._padded(sources)
        limit = max(max_tokens[index] for index in batch)
        with torch.inference_mode():
            found = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                decoder_input_ids=torch.tensor(prefixes, device=self._device),
                num_return_sequences=search.n_best,
                no_repeat_ngram_size=search.no_repeat,
                min_new_tokens=min(self._shape.min_tokens, limit) or None,
                max_new_tokens=limit,
                **_beams(search, self._shape.length_penalty),
            )
        rows = found.tolist()
        return [rows[place * search.n_best : (place + 1) * search.n_best] for place in range(len(sources))]

    def _hypotheses(self, source: list[int], candidates: list[list[int]], start: list[int], begun: int, limit: int) -> list[Hypothesis]:
        end, given = frozenset({self._tokenizer.end}), len(start) + begun
        found = [_ended(candidate[given:], end) for candidate in candidates]
        kept = [own if own and own[-1] in end else own[:limit] for own in found]
        wholes = [[*candidate[:given], *own] for candidate, own in zip(candidates, kept, strict=True)]
        distinct: dict[str, Hypothesis] = {}
        for whole, own, score in zip(wholes, kept, self._means([source] * len(wholes), wholes, given), strict=True):
            text = self._tokenizer.text(whole[len(start) :])
            finished = len(own) <= limit and bool(own) and own[-1] in end and bool(text)
            distinct.setdefault(text, Hypothesis(text=text, score=score, finished=finished))
        return sorted(distinct.values(), key=lambda hypothesis: -hypothesis.score)

    def _means(self, sources: list[list[int]], wholes: list[list[int]], given: int) -> list[float]:
        """Mean log-probability of the tokens of each answer behind the first `given`."""
        means: list[float] = []
        for place in range(0, len(wholes), _SCORED_TOGETHER):
            some = wholes[place : place + _SCORED_TOGETHER]
            ids, mask = self._padded(sources[place : place + _SCORED_TOGETHER])
            before, _ = self._padded([whole[:-1] for whole in some])
            with torch.inference_mode():
                logits = self._model(input_ids=ids, attention_mask=mask, decoder_input_ids=before).logits
                logits[..., self._never] = -torch.inf
            means += [_mean(row[given - 1 : len(whole) - 1], whole[given:]) for row, whole in zip(logits, some, strict=True)]
        return means

    def _padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        return _padded(rows, self._tokenizer.padding, self._device)


class TorchGenerator:
    """A decoder-only model; prompts and answers are those of CTranslate2Generator."""

    def __init__(self, folder: Path, *, threads: int, decoding: Decoding | None = None) -> None:
        torch.set_num_threads(threads)
        self._decoding = decoding or Decoding()
        self._tokenizer = PromptTokenizer(folder / TOKENIZER_FILE, end_tokens=self._decoding.end_tokens)
        self._device = _device()
        self._model = load_gemma(folder).to(self._device).eval()
        ends, padding = sorted(self._tokenizer.ends), self._tokenizer.padding
        self._model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
            eos_token_id=ends, pad_token_id=padding, renormalize_logits=True
        )

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return self._tokenizer.count(text)

    def generate(
        self, prompts: Sequence[str], *, search: Search, max_tokens: Sequence[int], beginnings: Sequence[str] = ()
    ) -> list[list[Hypothesis]]:
        """See `Generator.generate`."""
        begun, encoded = self._tokenizer.encode_begun(prompts, beginnings)
        sizes = [len(tokens) + limit for tokens, limit in zip(encoded, max_tokens, strict=True)]
        answers: dict[int, list[Hypothesis]] = {}
        for group in groups(sizes, beam=search.beam, budget=self._decoding.batch_tokens):
            ids, mask = _padded([encoded[index] for index in group], self._tokenizer.padding, self._device, left=True)
            with torch.inference_mode():
                rows = self._model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    num_return_sequences=search.n_best,
                    logits_processor=LogitsProcessorList([_NoRepeat(search.no_repeat, ids.shape[1])] if search.no_repeat else []),
                    max_new_tokens=max(max_tokens[index] for index in group),
                    **_beams(search, self._decoding.length_penalty),
                )[:, ids.shape[1] :].tolist()
            for place, index in enumerate(group):
                added = [_ended(row, self._tokenizer.ends) for row in rows[place * search.n_best : (place + 1) * search.n_best]]
                found = zip(added, self._means([encoded[index]] * len(added), added), strict=True)
                answers[index] = self._tokenizer.hypotheses(found, limit=max_tokens[index], beginning=begun[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        end = self._tokenizer.end(self._decoding.end_tokens[0])
        asked = [self._tokenizer.encode(prompt) for prompt in prompts]
        whole = [self._tokenizer.encode(prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)]
        return self._means(asked, [[*tokens[len(prompt) :], end] for prompt, tokens in zip(asked, whole, strict=True)])

    def _means(self, prompts: list[list[int]], answers: list[list[int]]) -> list[float]:
        """Mean log-probability of the tokens of each answer."""
        means: list[float] = []
        for place in range(0, len(answers), _SCORED_TOGETHER):
            some = list(zip(prompts[place : place + _SCORED_TOGETHER], answers[place : place + _SCORED_TOGETHER], strict=True))
            ids, mask = _padded([[*prompt, *answer[:-1]] for prompt, answer in some], self._tokenizer.padding, self._device)
            with torch.inference_mode():
                logits = self._model(input_ids=ids, attention_mask=mask).logits
            ends = [len(prompt) + len(answer) - 1 for prompt, answer in some]
            means += [_mean(row[len(prompt) - 1 : end], answer) for row, (prompt, answer), end in zip(logits, some, ends, strict=True)]
        return means


class _NoRepeat(LogitsProcessor):
    """Forbids repetitions in an answer alone: what stands in its prompt, such as a name, may be said."""

    def __init__(self, tokens: int, prompt: int) -> None:
        self._processor: Any = NoRepeatNGramLogitsProcessor(tokens)
        self._prompt = prompt

    def __call__(self, input_ids: Any, scores: Any) -> Any:  # noqa: ANN401  transformers' own types
        return self._processor(input_ids[:, self._prompt :], scores)


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _beams(search: Search, length_penalty: float) -> dict[str, Any]:
    """The search as CTranslate2 does it: it ends with as many answers as beams."""
    if search.beam == 1:
        return {"do_sample": False}
    return {"do_sample": False, "num_beams": search.beam, "early_stopping": True, "length_penalty": length_penalty}


def _ended(row: list[int], ends: frozenset[int]) -> list[int]:
    """A row up to the token that ends it, padding cut off."""
    return next((row[: place + 1] for place, token in enumerate(row) if token in ends), row)


def _mean(logits: torch.Tensor, tokens: list[int]) -> float:
    """Mean log-probability of tokens, each by its row of logits; 0 of none."""
    if not tokens:
        return 0.0
    own = torch.tensor(tokens, device=logits.device)
    return float(torch.log_softmax(logits.float(), dim=-1).gather(1, own[:, None]).mean())


def _padded(rows: list[list[int]], padding: int, device: torch.device, *, left: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(row) for row in rows)

    def filled(row: list[int], filler: list[int]) -> list[int]:
        return filler + row if left else row + filler

    ids = torch.tensor([filled(row, [padding] * (width - len(row))) for row in rows], device=device)
    mask = torch.tensor([filled([1] * len(row), [0] * (width - len(row))) for row in rows], device=device)
    return ids, mask
