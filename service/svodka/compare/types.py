"""The values of a comparison of translations, in step with the contract's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svodka.figures.types import CheckVerdict, Pair, Relation
    from svodka.types import Repair, Sentence, Verdict

__all__ = ["Bead", "Cell", "Compared", "Comparison", "Passage", "Rendition", "Score", "Totals"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bead:
    """Sentences of the text, by index, and those of a translation that say the same, as an alignment pairs them; one side may be empty.

    `pairs` have offsets into `source` and `text`, which are the sentences of either side joined by single spaces.
    """

    sources: tuple[int, ...]
    targets: tuple[Sentence, ...]
    source: str
    text: str
    verdict: CheckVerdict
    pairs: tuple[Pair, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendition:
    """One whole translation, checked bead by bead; every sentence of the text is in exactly one bead."""

    name: str
    text: str
    beads: tuple[Bead, ...]
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What is compared at once: one sentence of the text, or several that some translation does not keep apart."""

    sentences: tuple[int, ...]
    text: str
    reference: str | None = None  # None: there is no reference


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A passage in one translation; `pairs` have offsets into the passage's text and this one."""

    text: str
    targets: tuple[Sentence, ...]
    verdict: CheckVerdict
    pairs: tuple[Pair, ...]
    faults: tuple[str, ...]
    similarity: float | None = None
    chrf: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A score of a whole translation, and its 95% interval where there are passages enough to tell one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """A whole translation in numbers: passages by what the check says, figures by relation, scores."""

    passages: int
    wrong: int
    uncertain: int
    faulty: int
    relations: Mapping[Relation, int]
    wrong_share: Score
    similarity: Score | None = None
    chrf: Score | None = None
    bleu: Score | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One translation of a comparison: a cell for each passage, and the whole."""

    rendition: Rendition
    cells: tuple[Cell, ...]
    totals: Totals
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One text in several translations. `sentences` are those of the text, with their places in it."""

    source_language: str
    target_language: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    translations: tuple[Compared, ...]
    reference_notes: tuple[str, ...] = field(default=())
    summary_repairs: tuple[Repair, ...] = ()
    summary_reasons: tuple[str, ...] = ()
