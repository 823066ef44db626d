"""What a comparison shows to a reader, in a terminal or a browser: words, numbers and places, nothing to compute with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SYMBOLS", "WRONG", "Column", "Estimate", "Mark", "Row", "Sheet", "SheetCell"]

# A relation is never told by colour alone.
SYMBOLS = {
    "PRESERVED": "=",
    "REFORMATTED": "≡",
    "ROUNDED": "≈",
    "CONVERTED": "⇄",
    "CHANGED": "≠",
    "MISSING": "−",
    "UNSUPPORTED": "+",
    "UNCERTAIN": "?",
}
WRONG = ("CHANGED", "MISSING", "UNSUPPORTED", "UNCERTAIN")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A figure of a row: its places [start, end) in the source and in the translation, None where it is not there; code points."""

    source: tuple[int, int] | None
    target: tuple[int, int] | None
    source_text: str
    target_text: str
    relation: str
    reason: str
    minor: bool

    @property
    def wrong(self) -> bool:
        """Whether it speaks against the translation."""
        return self.relation in WRONG and not self.minor


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetCell:
    """A row in one translation. The verdict is "ok", "mismatch" or "uncertain"; chrF goes from 0 to 100."""

    text: str
    verdict: str
    marks: tuple[Mark, ...]
    faults: tuple[str, ...]
    similarity: float | None
    chrf: float | None

    @property
    def failures(self) -> int:
        """Figures that speak against it."""
        return sum(1 for mark in self.marks if mark.wrong)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A passage of the text in every translation, in the order of the columns; `reference` is None where there is none."""

    number: int
    text: str
    reference: str | None
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A score and its 95% interval, where one can be told."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A translation as a whole. `seconds` is None where nothing was translated."""

    name: str
    wrong: int
    uncertain: int
    faulty: int
    relations: Mapping[str, int]
    wrong_share: Estimate
    similarity: Estimate | None
    chrf: Estimate | None
    bleu: Estimate | None
    seconds: float | None
    notes: tuple[str, ...]
    repaired: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The whole. Languages are BCP-47 tags."""

    source_language: str
    target_language: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    reference_notes: tuple[str, ...] = ()
    summary_notes: tuple[str, ...] = ()
