"""A translation that is there already: line by line where that fits, aligned and told where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes import FakeEncoder
from svodka.compare import given
from svodka.errors import InvalidRequest
from svodka.figures.types import CheckVerdict, Relation

if TYPE_CHECKING:
    from svodka.compare.types import Bead

SENTENCES = ["The firm paid $8 billion.", "It has 82 ships.", "The talks ended on 8 October."]
RIGHT = "Фирма заплатила 8 млрд долларов.\nУ неё 82 корабля.\nПереговоры завершились 8 октября."


KNOWN = {"фирма": "firm", "заплатила": "paid", "корабля": "ships", "переговоры": "talks", "завершились": "ended", "октября": "october"}


class Concepts:
    """Words that say the same point in the same direction."""

    def encode(self, texts: list[str]) -> object:
        return FakeEncoder(1024).encode(
            [" ".join(KNOWN.get(word, word) for word in text.casefold().replace(".", " ").split()) for text in texts]
        )


def _read(text: str, sentences: list[str] = SENTENCES) -> tuple[list[Bead], tuple[str, ...]]:
    return given.read(text, sentences, source_lang="en", target_lang="ru", encoder=Concepts(), field="translators[0].given")


def _relations(bead: Bead) -> list[Relation]:
    return [pair.relation for pair in bead.pairs]


def test_a_line_for_each_sentence_is_taken_as_it_stands() -> None:
    beads, notes = _read(RIGHT)
    assert notes == ()
    assert [(bead.sources, bead.text) for bead in beads] == [((at,), line) for at, line in enumerate(RIGHT.split("\n"))]
    assert {bead.verdict for bead in beads} == {CheckVerdict.OK}
    for bead in beads:
        assert [RIGHT[target.start : target.end] for target in bead.targets] == [bead.text]


@pytest.mark.parametrize("text", [f"\n\n{RIGHT}\n\n".replace("\n", "\n\n"), RIGHT.replace("\n", "\r\n"), RIGHT.replace("\n", "  \n  ")])
def test_empty_lines_and_space_around_lines_do_not_count(text: str) -> None:
    beads, notes = _read(text)
    assert notes == ()
    assert [bead.text for bead in beads] == RIGHT.split("\n")
    for bead in beads:
        assert [text[target.start : target.end] for target in bead.targets] == [bead.text]


def test_an_empty_line_in_the_place_of_a_sentence_is_a_lost_one() -> None:
    beads, notes = _read(RIGHT.replace("У неё 82 корабля.", ""))
    assert notes == ()
    assert beads[1].text == ""
    assert beads[1].faults == (given.LOST,)
    assert beads[1].verdict is CheckVerdict.MISMATCH
    assert _relations(beads[1]) == [Relation.MISSING]


def test_a_wrong_figure_is_told_like_any_other() -> None:
    beads, _ = _read(RIGHT.replace("млрд", "млн"))
    assert beads[0].verdict is CheckVerdict.MISMATCH
    assert _relations(beads[0]) == [Relation.CHANGED]


def test_running_text_is_split_aligned_and_told() -> None:
    beads, (note,) = _read("Фирма заплатила 8 млрд долларов. Переговоры завершились 8 октября.")
    assert [(bead.sources, bead.text) for bead in beads] == [
        ((0,), "Фирма заплатила 8 млрд долларов."),
        ((1,), ""),
        ((2,), "Переговоры завершились 8 октября."),
    ]
    assert (
        note == "1 lines for 3 sentences: split into 2 sentences, and aligned with the text by meaning; 1 of the text are answered by none"
    )
    assert [bead.faults for bead in beads] == [(), (given.LOST,), ()]


def test_what_the_text_does_not_have_is_told() -> None:
    beads, _ = _read(RIGHT.replace("\n", " ") + " Погода стояла прекрасная.")
    assert beads[-1].sources == ()
    assert beads[-1].faults == (given.ADDED,)


def test_more_than_can_be_aligned_is_refused() -> None:
    many = [f"Number {at}." for at in range(given.MAX_ALIGNED + 1)]
    with pytest.raises(InvalidRequest, match=r"translators\[0\]\.given: has 1 lines for 401 sentences; give a line for each"):
        _read("Один.", many)
    beads, notes = _read("\n".join(f"Номер {at}." for at in range(len(many))), many)
    assert len(beads) == len(many)
    assert notes == ()
