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
                    answers[index] = self._hypotheses(sources[index], candidates, len(start), length, max_tokens[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        told = self._tokenizer
        start = told.start(direction)
        scores = []
        for prompt, answer in zip(prompts, answers, strict=True):
            whole = [*start, *told.target(answer, direction), told.end]
            scores.append(self._mean(told.source(prompt, direction), whole, len(start)))
        return scores

    def _search(
        self, sources: list[list[int]], prefixes: list[list[int]], batch: list[int], search: Search, max_tokens: Sequence[int]
    ) -> list[list[list[int]]]:
        ids, mask = self._padded(sources)
        with torch.inference_mode():
            found = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                decoder_input_ids=torch.tensor(prefixes, device=self._device),
                num_return_sequences=search.n_best,
                no_repeat_ngram_size=search.no_repeat,
                min_new_tokens=self._shape.min_tokens or None,
                max_new_tokens=max(max_tokens[index] for index in batch),
                **_beams(search, self._shape.length_penalty),
            )
        rows = found.tolist()
        return [rows[place * search.n_best : (place + 1) * search.n_best] for place in range(len(sources))]

    def _hypotheses(self, source: list[int], candidates: list[list[int]], given: int, begun: int, limit: int) -> list[Hypothesis]:
        ends = frozenset({self._tokenizer.end})
        distinct: dict[str, Hypothesis] = {}
        for candidate in candidates:
            own = _ended(candidate[given + begun :], ends)
            ended = bool(own) and own[-1] in ends
            own = own if ended else own[:limit]
            whole = [*candidate[: given + begun], *own]
            text = self._tokenizer.text(whole[given:])
            score = self._mean(source, whole, given + begun) if own else 0.0
            distinct.setdefault(text, Hypothesis(text=text, score=score, finished=ended and len(own) <= limit and bool(text)))
        return sorted(distinct.values(), key=lambda hypothesis: -hypothesis.score)

    def _mean(self, source: list[int], whole: list[int], given: int) -> float:
        ids, mask = self._padded([source])
        with torch.inference_mode():
            before = torch.tensor([whole[:-1]], device=self._device)
            logits = self._model(input_ids=ids, attention_mask=mask, decoder_input_ids=before).logits
            logits[..., self._never] = -torch.inf
        return _mean(logits[0, given - 1 :], whole[given:])

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
        begun = [beginning.strip() for beginning in beginnings] or [""] * len(prompts)
        encoded = [self._tokenizer.encode(prompt, beginning) for prompt, beginning in zip(prompts, begun, strict=True)]
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
                    repetition_penalty=self._decoding.repetition_penalty,
                    max_new_tokens=max(max_tokens[index] for index in group),
                    **_beams(search, self._decoding.length_penalty),
                )[:, ids.shape[1] :].tolist()
            for place, index in enumerate(group):
                added = [_ended(row, self._tokenizer.ends) for row in rows[place * search.n_best : (place + 1) * search.n_best]]
                found = [(row, self._mean(encoded[index], row)) for row in added]
                answers[index] = self._tokenizer.hypotheses(found, limit=max_tokens[index], beginning=begun[index])
        return [answers[index] for index in range(len(prompts))]

    def score(self, prompts: Sequence[str], answers: Sequence[str], *, direction: str = "") -> list[float]:  # noqa: ARG002  the prompt says it
        """See `Generator.score`; the token that ends an answer counts as one of its tokens."""
        end = self._tokenizer.end(self._decoding.end_tokens[0])
        scores = []
        for prompt, answer in zip(prompts, answers, strict=True):
            asked = self._tokenizer.encode(prompt)
            scores.append(self._mean(asked, [*self._tokenizer.encode(prompt, answer)[len(asked) :], end]))
        return scores

    def _mean(self, prompt: list[int], added: list[int]) -> float:
        if not added:
            return 0.0
        with torch.inference_mode():
            logits = self._model(input_ids=torch.tensor([[*prompt, *added[:-1]]], device=self._device)).logits
        return _mean(logits[0, len(prompt) - 1 :], added)


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
    """Mean log-probability of tokens, each by its row of logits."""
    own = torch.tensor(tokens, device=logits.device)
    return float(torch.log_softmax(logits.float(), dim=-1).gather(1, own[:, None]).mean())


def _padded(rows: list[list[int]], padding: int, device: torch.device, *, left: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(row) for row in rows)

    def filled(row: list[int], filler: list[int]) -> list[int]:
        return filler + row if left else row + filler

    ids = torch.tensor([filled(row, [padding] * (width - len(row))) for row in rows], device=device)
    mask = torch.tensor([filled([1] * len(row), [0] * (width - len(row))) for row in rows], device=device)
    return ids, mask
