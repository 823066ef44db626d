"""The search by itself, told what a model would say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from svodka.inference.beams import Beams

if TYPE_CHECKING:
    from collections.abc import Sequence

END = 9


def begin(*, width: int, limit: int = 10, least: int = 0, length_penalty: float = 1.0, no_repeat: int = 0) -> Beams:
    return Beams(width=width, ends=frozenset({END}), limit=limit, least=least, length_penalty=length_penalty, no_repeat=no_repeat)


def advance(beams: Beams, *chances: dict[int, float]) -> list[int]:
    """Tell for each hypothesis the chances of its next tokens."""
    wide = max(len(row) for row in chances)
    rows: list[Sequence[tuple[int, float]]] = [[*row.items(), *[(0, 0.0)] * (wide - len(row))] for row in chances]
    tokens = np.array([[token for token, _ in row] for row in rows])
    with np.errstate(divide="ignore"):
        return beams.advance(tokens, np.log(np.array([[chance for _, chance in row] for row in rows])))


def test_the_likeliest_as_a_whole_go_on():
    beams = begin(width=2)
    assert advance(beams, {1: 0.6, 2: 0.4}) == [0, 0]
    assert advance(beams, {3: 0.5, 4: 0.5}, {5: 0.9, 6: 0.1}) == [1, 0]  # 0.36 and 0.3
    assert beams.hypotheses == [(2, 5), (1, 3)]


def test_a_search_is_over_when_as_many_as_its_width_have_ended():
    beams = begin(width=2)
    advance(beams, {1: 0.6, END: 0.4})
    assert not beams.over
    advance(beams, {END: 0.9, 1: 0.1})
    assert beams.over
    assert [found.tokens for found in beams.best(2)] == [(1, END), (END,)]
    assert beams.best(1)[0].mean == pytest.approx(math.log(0.6 * 0.9) / 2)


def test_an_end_that_is_not_among_the_first_does_not_count():
    beams = begin(width=1)
    advance(beams, {1: 0.6, END: 0.4})
    assert beams.hypotheses == [(1,)]
    assert beams.best(1) == []


def test_an_answer_does_not_end_before_its_least_tokens():
    beams = begin(width=1, least=2)
    advance(beams, {END: 0.9, 1: 0.1})
    advance(beams, {END: 0.9, 2: 0.1})
    assert beams.hypotheses == [(1, 2)]
    advance(beams, {END: 0.9, 3: 0.1})
    assert [found.tokens for found in beams.best(1)] == [(1, 2, END)]
    assert beams.best(1)[0].mean == pytest.approx(math.log(0.1 * 0.1 * 0.9) / 3)


def test_at_the_limit_answers_count_as_they_are():
    beams = begin(width=2, limit=2)
    advance(beams, {1: 0.6, 2: 0.4})
    advance(beams, {3: 0.9, 4: 0.1}, {5: 0.8, 6: 0.2})
    assert beams.over
    assert [found.tokens for found in beams.best(2)] == [(1, 3), (2, 5)]


@pytest.mark.parametrize(("length_penalty", "first"), [(0.0, (END,)), (2.0, (1, END))])
def test_the_length_penalty_orders_what_was_found(length_penalty: float, first: tuple[int, ...]):
    beams = begin(width=2, length_penalty=length_penalty)
    advance(beams, {END: 0.5, 1: 0.5})
    advance(beams, {END: 0.9, 2: 0.1})
    assert beams.best(2)[0].tokens == first


def test_a_run_of_tokens_is_not_said_twice():
    beams = begin(width=1, no_repeat=2)
    for token in (1, 2, 1):
        advance(beams, {token: 1.0})
    assert beams.asks == 3  # one token may be barred
    advance(beams, {2: 0.75, 3: 0.2, 4: 0.05})
    assert beams.hypotheses == [(1, 2, 1, 3)]
    advance(beams, {END: 1.0})
    assert beams.best(1)[0].mean == pytest.approx(math.log(0.2) / 5)


def test_a_search_that_has_nothing_to_go_on_with_is_over():
    beams = begin(width=2)
    advance(beams, {END: 1.0})
    assert beams.over
    assert [found.tokens for found in beams.best(2)] == [(END,)]
