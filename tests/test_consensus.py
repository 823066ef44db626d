"""The translation that the others agree with most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.consensus import agreement

OPENED = "Форум открылся у столицы в понедельник утром."
TEXTS = (
    "Форум прошёл далеко от столицы во вторник вечером.",
    OPENED,
    "Форум открылся в понедельник утром у столицы.",
    "Форум открылся у столицы в понедельник.",
)


def test_what_most_say_has_the_most_agreement() -> None:
    agreed = agreement(TEXTS)
    assert max(zip(agreed, TEXTS, strict=True))[1] == OPENED
    assert min(zip(agreed, TEXTS, strict=True))[1] == TEXTS[0]


@pytest.mark.parametrize("texts", [(), (OPENED,), TEXTS[:2]])
def test_fewer_than_three_have_nothing_to_agree_on(texts: tuple[str, ...]) -> None:
    assert agreement(texts) == [0.0] * len(texts)


@given(st.lists(st.text(max_size=30), min_size=3, max_size=6))
def test_agreement_is_bounded_and_goes_with_its_text(texts: list[str]) -> None:
    agreed = agreement(texts)
    assert all(0 <= value <= 100 + 1e-9 for value in agreed)
    assert agreement(texts[::-1]) == pytest.approx(agreed[::-1])


def test_all_alike_agree_in_full() -> None:
    assert agreement([OPENED] * 3) == pytest.approx([100.0] * 3)
