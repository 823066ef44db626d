"""The rows of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.compare.given import bead
from svodka.compare.passages import cells, rows
from svodka.types import Sentence

if TYPE_CHECKING:
    from svodka.compare.types import Bead

SENTENCES = ["It cost $8.", "It has 82 ships.", "It left on 9 May."]


def _bead(sources: tuple[int, ...], *texts: str) -> Bead:
    targets = tuple(Sentence(start=0, end=len(text), text=text) for text in texts)
    return bead(sources, targets, [SENTENCES[at] for at in sources], source_lang="en", target_lang="ru")


ONE_BY_ONE = [_bead((0,), "Это стоило 8 долларов."), _bead((1,), "У него 82 корабля."), _bead((2,), "Он ушёл 9 мая.")]
JOINED = [_bead((0,), "Это стоило 8 долларов."), _bead((1, 2), "У него 83 корабля, и он ушёл 9 мая."), _bead((), "Было 5 часов.")]


def test_a_row_is_as_long_as_the_longest_bead_needs() -> None:
    assert rows(3, [ONE_BY_ONE]) == [(0,), (1,), (2,)]
    assert rows(3, [ONE_BY_ONE, JOINED]) == [(0,), (1, 2)]
    assert rows(3, [[_bead((0, 1), "а")], [_bead((1, 2), "б")]]) == [(0, 1, 2)]
    assert rows(0, []) == []


def test_a_cell_has_all_that_answers_its_row_and_its_figures_where_they_stand() -> None:
    passages = rows(3, [ONE_BY_ONE, JOINED])
    for beads in (ONE_BY_ONE, JOINED):
        made = cells(passages, beads, SENTENCES)
        for passage, cell in zip(passages, made, strict=True):
            source = " ".join(SENTENCES[at] for at in passage)
            assert cell.pairs
            for pair in cell.pairs:
                if pair.source:
                    assert source[pair.source.start : pair.source.end] == pair.source.text
                if pair.target:
                    assert cell.text[pair.target.start : pair.target.end] == pair.target.text
    assert cells(passages, ONE_BY_ONE, SENTENCES)[1].text == "У него 82 корабля. Он ушёл 9 мая."
    assert cells(passages, JOINED, SENTENCES)[1].text == "У него 83 корабля, и он ушёл 9 мая. Было 5 часов."
    assert [cell.verdict for cell in cells(passages, JOINED, SENTENCES)] == ["ok", "mismatch"]
