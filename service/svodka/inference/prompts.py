"""The tokens of a model that continues prompts: prompts in, answers of one line out."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sentencepiece

from svodka.inference.protocols import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["BATCH_TOKENS", "Decoding", "PromptTokenizer"]

BATCH_TOKENS = 8_192  # more costs memory and is hardly faster

_WORD_MARK = "▁"  # SentencePiece's, before the first piece of a word


_SHORTEST_COMMON = 4  # letters: "de", "van" and "bin" are parts of names
_MARKS = string.punctuation + "«»“”„‘’…–—"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoding:
    """How answers are searched."""

    end_tokens: tuple[str, ...] = ("\n", "\n\n", "<eos>")  # a newline ends an answer; the base model may also write an empty line at once
    length_penalty: float = 1.0  # as in `AnswerShape`; the more, the longer the answers that are found
    batch_tokens: int = BATCH_TOKENS  # of prompts and answers, times beams, that are decoded together


class PromptTokenizer:
    """A SentencePiece model, and the tokens that end an answer."""

    def __init__(self, model_file: Path, *, end_tokens: Sequence[str]) -> None:
        self._tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(model_file))
        self._ends = frozenset(self._tokenizer.piece_to_id(token) for token in end_tokens)
        self.padding: int = self._tokenizer.pad_id()

    @property
    def ends(self) -> frozenset[int]:
        """The tokens that end an answer."""
        return self._ends

    def end(self, token: str) -> int:
        """The number of a token by its spelling."""
        number: int = self._tokenizer.piece_to_id(token)
        return number

    def count(self, text: str) -> int:
        """Return how many tokens a text has, begin and end not counted."""
        return len(self._tokenizer.encode(text))

    def encode(self, prompt: str, answer: str = "") -> list[int]:
        """Return a prompt and the answer or beginning behind it, as the model reads them."""
        return [self._tokenizer.bos_id(), *self._tokenizer.encode(f"{prompt} {answer}" if answer else prompt)]

    def encode_begun(self, prompts: Sequence[str], beginnings: Sequence[str]) -> tuple[list[str], list[list[int]]]:
        """Return the beginnings, empty where none are given, and each prompt with its own behind it, as the model reads them."""
        begun = [beginning.strip() for beginning in beginnings] or [""] * len(prompts)
        return begun, [self.encode(prompt, beginning) for prompt, beginning in zip(prompts, begun, strict=True)]

    def names(self, ids: Sequence[int]) -> set[int]:
        """The tokens of all words of a text but common ones, and the same behind a space and without one: a name may get quotation marks.

        What is common has small letters alone: an answer in another language has a word of its own for it.
        """
        named: set[int] = set()
        word: list[tuple[int, str]] = []
        for token, piece in [*zip(ids, self.pieces(ids), strict=True), (self._tokenizer.unk_id(), _WORD_MARK)]:
            if piece.startswith((_WORD_MARK, "\n")):
                if not _is_common("".join(spelled for _, spelled in word)):
                    named.update(of_word for of_word, _ in word)
                word = []
            word.append((token, piece))
        twins = (
            piece.removeprefix(_WORD_MARK) if piece.startswith(_WORD_MARK) else f"{_WORD_MARK}{piece}" for piece in self.pieces(list(named))
        )
        return named | {self._tokenizer.piece_to_id(twin) for twin in twins} - {self._tokenizer.unk_id()}

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return tokens by their spelling."""
        spelled: list[str] = self._tokenizer.id_to_piece(list(ids))
        return spelled

    def hypotheses(self, found: Iterable[tuple[Sequence[int], float]], *, limit: int, beginning: str) -> list[Hypothesis]:
        """What a search found, tokens and score each, as different texts, best first; of two alike the first counts.

        Args:
            found: what the model added.
            limit: tokens that it may add.
            beginning: what it went on from.
        """
        distinct: dict[str, Hypothesis] = {}
        for ids, score in found:
            ended = len(ids) <= limit and bool(ids) and ids[-1] in self._ends
            # A batch runs to the limit of its longest, so what did not end is cut here to its own.
            text = self._tokenizer.decode(list(ids[:-1] if ended else ids[:limit])).rstrip()
            # An answer is one line; the model knows tokens of several line breaks and of marks with one.
            text, line_break, _ = text.lstrip("\n").partition("\n")
            ended = ended or bool(line_break)
            if beginning:
                # A tokenizer that marks the begin of words drops the mark when it decodes.
                opens = bool(text) and self._tokenizer.id_to_piece(ids[0]).startswith(_WORD_MARK)
                text = f"{beginning}{' ' if opens else ''}{text.lstrip()}"
            text = text.strip()
            # Two ways to cut the same text into tokens are one answer; the better one comes first.
            distinct.setdefault(text, Hypothesis(text=text, score=score, finished=ended and bool(text)))
        return list(distinct.values())


def _is_common(word: str) -> bool:
    bare = word.strip(_WORD_MARK).strip(_MARKS)
    return (
        len(bare) >= _SHORTEST_COMMON
        and bare.islower()
        and all(part.isalpha() for part in bare.replace("’", "-").replace("'", "-").split("-") if part)
    )
