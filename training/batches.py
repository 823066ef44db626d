"""The order in which training sees its examples: by seed and pass alone, so that a resumed run goes on exactly where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from training.examples import Examples

__all__ = ["Batch", "collate", "endless", "even_batches", "pass_batches"]

# Batches are cut from so many examples sorted by length: enough for little padding, few enough for each batch to be a mixture.
_POOL = 2048


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Padded ids, the flat places whose next token belongs to an answer, which of the answer ids that token is, and whose it is.

    `tokens` are all that are no padding, the rivals' included.
    """

    ids: torch.Tensor
    places: torch.Tensor
    answers: torch.Tensor
    rows: torch.Tensor
    tokens: int
    rivals: Batch | None = None

    def __len__(self) -> int:
        """How many examples it has."""
        return len(self.ids)

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(
            ids=self.ids.to(device),
            places=self.places.to(device),
            answers=self.answers.to(device),
            rows=self.rows.to(device),
            tokens=self.tokens,
            rivals=self.rivals and self.rivals.to(device),
        )


def pass_batches(examples: Examples, *, batch_tokens: int, seed: int, number: int) -> list[NDArray[np.int64]]:
    """The batches of one pass over the data, as indices: each example as often as its weight says, fractions by chance."""
    chance = np.random.default_rng((seed, number))
    copies = np.floor(examples.weights + chance.random(len(examples))).astype(np.int64)
    order = np.repeat(np.arange(len(examples)), copies)
    chance.shuffle(order)
    batches: list[NDArray[np.int64]] = []
    for start in range(0, len(order), _POOL):
        cut = even_batches(examples, order[start : start + _POOL], batch_tokens)
        chance.shuffle(cut)
        batches += cut
    return batches


def even_batches(examples: Examples, indices: NDArray[np.int64], batch_tokens: int) -> list[NDArray[np.int64]]:
    """Cut examples into batches of like lengths, padding counted; one that is longer than a batch has its own."""
    lengths = examples.lengths
    by_length = indices[np.argsort(lengths[indices], kind="stable")]
    batches: list[NDArray[np.int64]] = []
    start = 0
    for end in range(1, len(by_length) + 1):
        if end == len(by_length) or lengths[by_length[end]] * (end + 1 - start) > batch_tokens:
            batches.append(by_length[start:end])
            start = end
    return batches


def collate(examples: Examples, indices: Sequence[int] | NDArray[np.int64], answer_ids: NDArray[np.int64]) -> Batch:
    """Pad examples on the right, where no token that counts can see it."""
    rivals = None if examples.rivals is None else collate(examples.rivals, indices, answer_ids)
    rows = [examples.example(int(index)) for index in indices]
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), dtype=np.int64)
    places: list[NDArray[np.int64]] = []
    answers: list[NDArray[np.int64]] = []
    owners: list[NDArray[np.int64]] = []
    for number, (row, index) in enumerate(zip(rows, indices, strict=True)):
        ids[number, : len(row)] = row
        first = int(examples.prompts[int(index)])
        places.append(number * width + np.arange(first - 1, len(row) - 1))
        answers.append(np.searchsorted(answer_ids, row[first:]))
        owners.append(np.full(len(row) - first, number))
    return Batch(
        ids=torch.from_numpy(ids),
        places=torch.from_numpy(np.concatenate(places)),
        answers=torch.from_numpy(np.concatenate(answers)),
        rows=torch.from_numpy(np.concatenate(owners)),
        tokens=sum(map(len, rows)) + (rivals.tokens if rivals else 0),
        rivals=rivals,
    )


def endless(
    examples: Examples, *, batch_tokens: int, seed: int, position: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], NDArray[np.int64]]]:
    """Batches pass after pass from a position (pass, batch) on, each with the position behind it."""
    number, done = position
    while True:
        batches = pass_batches(examples, batch_tokens=batch_tokens, seed=seed, number=number)
        for index in range(done, len(batches)):
            yield (number, index + 1), batches[index]
        number, done = number + 1, 0
