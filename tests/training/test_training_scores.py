"""What evaluation says of translations that are known beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from svodka.errors import SettingsError
from svodka.inference import Hypothesis
from training.data import Pair
from training.evaluate import Given, Scores, evaluate, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Search

CASES = [
    ("They sold 20 cars in May.", "Они продали 20 машин в мае.", "Они продали 20 машин в мае.", True),
    ("They sold 30 cars in June.", "Они продали 30 машин в июне.", "Они продали 50 машин в июне.", True),
    ("The print was indivisible for all.", "Печать была неделимой для всех.", "Печать была indivдибельной для всех.", True),
    ("The leopard slept in the grass.", "Леопард спал в траве.", "Леопард спал в grass.", True),
    ("Nokia is closing its plant in Samara.", "Nokia закрывает свой завод в Самаре.", "Nokia закрывает завод в Самаре.", True),
    ("Something went wrong yet again.", "Что-то опять пошло не так.", "Что то, что то, что то, что то", False),
]


class Scripted:
    """A translator that has learnt its answers by heart."""

    def translate(self, sentences: Sequence[str], *, source: str, target: str, search: Search) -> list[tuple[Hypothesis, ...]]:
        answers = {line: (answer, finished) for line, _, answer, finished in CASES}
        return [(Hypothesis(text=answers[line][0], score=-1.0, finished=answers[line][1]),) for line in sentences]


@pytest.fixture
def scores() -> Scores:
    pairs = [Pair(source=source, target=target, source_lang="en", target_lang="ru", origin="dev") for source, target, _, _ in CASES]
    found, judged = evaluate(Scripted(), pairs, beam=1)
    assert [one.text for one in judged] == [answer for _, _, answer, _ in CASES]
    return found


def test_faults_are_counted(scores: Scores) -> None:
    assert (scores.direction, scores.sentences, scores.with_figures) == ("en-ru", 6, 2)
    assert scores.figures_intact == 0.5
    assert scores.mixed_or_untranslated == pytest.approx(2 / 6, abs=1e-4)
    assert scores.loops == pytest.approx(1 / 6, abs=1e-4)
    assert 20 < scores.bleu < 90
    assert 30 < scores.chrf < 95


def test_what_is_translated_by_another_word_is_not_untranslated() -> None:
    pair = Pair(source="They left the north.", target="Они покинули север.", source_lang="en", target_lang="ru", origin="dev")
    found, _ = evaluate(Given([replace(pair, target="Они покинули юг.")]), [pair], beam=1)
    assert (found.mixed_or_untranslated, found.misworded) == (0, 1)


def test_other_words_beside_figures_leave_these_intact() -> None:
    pair = Pair(
        source="In the north winds reached 105 mph.",
        target="На севере ветер достиг 105 миль в час.",
        source_lang="en",
        target_lang="ru",
        origin="dev",
    )
    found, _ = evaluate(Given([replace(pair, target="На юге ветер достиг 105 миль в час.")]), [pair], beam=1)
    assert (found.with_figures, found.figures_intact, found.misworded) == (1, 1, 1)


def test_the_table_has_a_line_a_direction(scores: Scores) -> None:
    head, _, line = table([scores]).splitlines()
    assert head.startswith("| direction | sentences | bleu | chrf |")
    assert line.startswith("| en-ru | 6 |")
    assert "50.0%" in line


def test_translations_of_another_system_are_measured_alike(scores: Scores) -> None:
    pairs = [Pair(source=source, target=target, source_lang="en", target_lang="ru", origin="dev") for source, target, _, _ in CASES]
    given = Given(Pair(source=s, target=answer, source_lang="en", target_lang="ru", origin="other") for s, _, answer, _ in CASES)
    found, _ = evaluate(given, pairs, beam=1)
    assert (found.bleu, found.figures_intact) == (scores.bleu, scores.figures_intact)
    with pytest.raises(SettingsError, match=r"no translation is given for 'They sold 20 cars in May\.'"):
        evaluate(Given([]), pairs, beam=1)
