"""Fault injection: whatever a translator does to figures, no damaged one leaves as VERIFIED or REPAIRED, and the answer says why."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from fakes import FakeEncoder, TemplateTranslator, ladder
from svodka.errors import NotVerified
from svodka.figures import extract, value_text
from svodka.pipeline import Pipeline
from svodka.summarise import ExtractiveSummariser
from svodka.types import Answer, Length, Policy, SummaryOrder, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = {
    "The firm paid {} for {} ships on {}.": "Фирма заплатила {} за {} корабля {}.",
    "Profits rose by {} to {} in {}, the company said in its report.": "Прибыль выросла на {} до {} в {} году, сообщила компания в отчёте.",
    "About {} workers of {} companies joined the strike.": "К забастовке присоединились около {} рабочих из {} компаний.",
}
TEXTS = (
    "The firm paid $8 billion for 82 ships on 8 October.",
    "Profits rose by 12.5% to $340 million in 2019, the company said in its report.",
    "About 1,500 workers of 32 companies joined the strike.",
)


def _figures(text: str) -> list:
    return extract(text, "ru")


def _drop(text: str) -> str:
    first = _figures(text)[0]
    return f"{text[: first.start]}много{text[first.end :]}"


def _change(text: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)


def _add(text: str) -> str:
    return f"{text[:-1]} и ещё 47 процентов."


def _swap(text: str) -> str:
    first, second = _figures(text)[:2]
    return f"{text[: first.start]}{second.text}{text[first.end : second.start]}{first.text}{text[second.end :]}"


def _rescale(text: str) -> str:
    if "мл" in text:
        return re.sub(r"млрд|млн", lambda scale: "млн" if scale[0] == "млрд" else "млрд", text)
    first = _figures(text)[0]
    return f"{text[: first.end]} млн{text[first.end :]}"


def _loop(text: str) -> str:
    return text[:-1] + ", и так далее и так далее и так далее и так далее."


DAMAGES: dict[str, Callable[[str], str]] = {
    "drop": _drop,
    "change": _change,
    "add": _add,
    "rescale": _rescale,
    "loop": _loop,
    "empty": lambda _: "",
}


def _answer(text: str, damage: Callable[[str, int], str], policy: Policy) -> Answer:
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(TemplateTranslator(FRAMES, damage)))
    return pipeline.summarise(SummaryOrder(text=text, length=Length(max_sentences=1), policy=policy))


def _values(text: str, lang: str) -> Counter[str]:
    return Counter(value_text(figure.value) for figure in extract(text, lang))


@pytest.mark.parametrize("text", TEXTS)
def test_an_undamaged_translation_is_verified(text: str) -> None:
    answer = _answer(text, lambda whole, _: whole, Policy.REPAIR)
    assert answer.verdict is Verdict.VERIFIED
    assert _values(answer.summaries[1].text, "ru") == _values(text, "en")


@pytest.mark.parametrize("policy", [Policy.REPAIR, Policy.STRICT])
@pytest.mark.parametrize("lasting", [True, False], ids=["always", "once"])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_damaged_figure_never_passes(text: str, damage: str, lasting: bool, policy: Policy) -> None:
    harm = DAMAGES[damage]
    try:
        answer = _answer(text, lambda whole, count: harm(whole) if lasting or count == 0 else whole, policy)
    except NotVerified as refused:
        assert policy is Policy.STRICT
        assert refused.reasons
        return
    assert answer.repairs
    if answer.verdict is Verdict.UNVERIFIED:
        assert policy is Policy.REPAIR
        assert answer.reasons
    else:
        assert answer.verdict is Verdict.REPAIRED
        told, stated = _values(answer.summaries[1].text, "ru"), _values(text, "en")
        assert told == stated or answer.repairs[-1].rung in {"fallback", "drop"}
        assert not told - stated


@pytest.mark.parametrize("damage", ["drop", "change", "add", "rescale", "loop", "empty"])
@pytest.mark.parametrize("text", TEXTS)
def test_damage_that_happens_once_is_repaired(text: str, damage: str) -> None:
    answer = _answer(text, lambda whole, count: whole if count else DAMAGES[damage](whole), Policy.REPAIR)
    assert answer.verdict is Verdict.REPAIRED
    assert answer.reasons == ()


@pytest.mark.parametrize("lasting", [True, False], ids=["always", "once"])
def test_swapped_counts_never_pass_where_their_nouns_tell(lasting: bool) -> None:
    text = "About 1,500 workers of 32 companies joined the strike."
    answer = _answer(text, lambda whole, count: _swap(whole) if lasting or count == 0 else whole, Policy.REPAIR)
    assert answer.verdict is Verdict.UNVERIFIED or "1\xa0500 рабочих" in answer.summaries[1].text


@pytest.mark.parametrize("text", TEXTS)
def test_a_copied_source_is_never_verified(text: str) -> None:
    pipeline = Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(TemplateTranslator({})))
    answer = pipeline.summarise(SummaryOrder(text=text, length=Length(max_sentences=1)))
    assert answer.verdict is Verdict.UNVERIFIED
    assert any("not translated" in reason for reason in answer.reasons)
