"""What is searched together: inputs of like lengths, so that little is spent on padding, within a budget of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["groups"]


def groups(sizes: Sequence[int], *, beam: int, budget: int) -> Iterator[list[int]]:
    """Yield the indices of inputs that are searched together, short ones first.

    Args:
        sizes: tokens of each input and its answer.
        beam: hypotheses of each.
        budget: tokens, padding and beams included, of a group; a single input may have more.
    """
    group: list[int] = []
    for index in sorted(range(len(sizes)), key=lambda index: sizes[index]):
        if group and sizes[index] * (len(group) + 1) * beam > budget:
            yield group
            group = []
        group.append(index)
    if group:
        yield group
