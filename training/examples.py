"""Pairs as token ids: a prompt and its answer, kept in compact arrays that load without pickle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from svodka.asking import easily_put
from svodka.errors import SvodkaError
from svodka.inference.wording import AS_IT_IS, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import sentencepiece
    from numpy.typing import NDArray

    from training.data import Pair

__all__ = ["HELD_OUT_FILE", "TRAIN_FILE", "Encoder", "Examples", "rivals_file"]

TRAIN_FILE, HELD_OUT_FILE = "train.npz", "held_out.npz"


class Encoder:
    """Turns pairs into token ids, as the translator does.

    A source is put as it will be asked for, but without the glossary where the target contradicts it.
    """

    def __init__(self, tokenizer: sentencepiece.SentencePieceProcessor, prompts: Mapping[str, str], wording: Wording = AS_IT_IS) -> None:
        self._tokenizer = tokenizer
        self._prompts = prompts
        self._wording = wording

    def encode(self, pair: Pair) -> tuple[list[int], list[int]]:
        """Return the ids of a pair's prompt and of its answer, which a line break ends."""
        direction = f"{pair.source_lang}-{pair.target_lang}"
        wording = replace(self._wording, glossed=()) if pair.glossary == "contradicted" else self._wording
        source = wording.put(easily_put(pair.source, pair.source_lang), direction, self._is_common)
        prompt = self._prompts[direction].replace("{sentence}", source)
        answer = f" {pair.target}\n"
        return [self._tokenizer.bos_id(), *self._tokenizer.encode(prompt)], self._tokenizer.encode(answer)

    def _is_common(self, word: str) -> bool:
        return len(self._tokenizer.encode(f" {word}")) == 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """Examples one after another in one row of ids: example i is `ids[starts[i]:starts[i + 1]]`, its first `prompts[i]` ids the prompt.

    `weights` tell how often a pass shows an example; `directions` index `names`. `rivals` are worse answers to the same prompts, in the
    same order, where training is to tell better from worse.
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int64]
    prompts: NDArray[np.int32]
    weights: NDArray[np.float32]
    directions: NDArray[np.int8]
    names: tuple[str, ...]
    rivals: Examples | None = None

    def __len__(self) -> int:
        return len(self.prompts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each example, its rival's included."""
        own = np.diff(self.starts)
        return own if self.rivals is None else own + self.rivals.lengths

    def example(self, index: int) -> NDArray[np.int32]:
        """All ids of an example."""
        return self.ids[self.starts[index] : self.starts[index + 1]]

    def answer_ids(self) -> NDArray[np.int64]:
        """Which ids stand in any answer, sorted."""
        lengths = np.diff(self.starts)
        places = np.arange(len(self.ids)) - np.repeat(self.starts[:-1], lengths)
        own = np.unique(self.ids[places >= np.repeat(self.prompts, lengths)]).astype(np.int64)
        return own if self.rivals is None else np.union1d(own, self.rivals.answer_ids())

    @classmethod
    def build(cls, pairs: Sequence[Pair], weights: Sequence[float], encoder: Encoder, *, max_tokens: int) -> tuple[Self, list[Pair]]:
        """Encode pairs; those with more tokens are returned beside the examples."""
        names = tuple(sorted({f"{pair.source_lang}-{pair.target_lang}" for pair in pairs}))
        rows: list[list[int]] = []
        prompts: list[int] = []
        kept: list[int] = []
        too_long: list[Pair] = []
        for index, pair in enumerate(pairs):
            prompt, answer = encoder.encode(pair)
            if len(prompt) + len(answer) > max_tokens:
                too_long.append(pair)
                continue
            rows.append(prompt + answer)
            prompts.append(len(prompt))
            kept.append(index)
        examples = cls(
            ids=np.fromiter((token for row in rows for token in row), dtype=np.int32),
            starts=np.cumsum([0, *map(len, rows)], dtype=np.int64),
            prompts=np.array(prompts, dtype=np.int32),
            weights=np.array([weights[index] for index in kept], dtype=np.float32),
            directions=np.array([names.index(f"{pairs[index].source_lang}-{pairs[index].target_lang}") for index in kept], dtype=np.int8),
            names=names,
        )
        return examples, too_long

    def save(self, path: Path) -> None:
        """Write the arrays; those of the rivals into a file beside."""
        if self.rivals is None:
            rivals_file(path).unlink(missing_ok=True)
        else:
            self.rivals.save(rivals_file(path))
        np.savez_compressed(
            path,
            ids=self.ids,
            starts=self.starts,
            prompts=self.prompts,
            weights=self.weights,
            directions=self.directions,
            names=np.array(self.names, dtype=np.str_),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            SvodkaError: there is no such file.
        """
        if not path.is_file():
            raise SvodkaError(f"{path} is missing; run: python -m training prepare")
        with np.load(path, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in ("ids", "starts", "prompts", "weights", "directions")}
            names = tuple(str(name) for name in arrays["names"])
        rivals = rivals_file(path)
        return cls(**values, names=names, rivals=cls.load(rivals) if rivals.is_file() else None)


def rivals_file(path: Path) -> Path:
    """Where the rivals of the examples in a file are."""
    return path.with_suffix(".rivals.npz")
