"""Translations of one text side by side: aligned with it, their figures checked, measured against it and against a reference."""

from svodka.compare.comparer import Comparer
from svodka.compare.table import Table, compare_table, read_table
from svodka.compare.types import Cell, Compared, Comparison, Passage, Rendition, Score, Totals

__all__ = [
    "Cell",
    "Compared",
    "Comparer",
    "Comparison",
    "Passage",
    "Rendition",
    "Score",
    "Table",
    "Totals",
    "compare_table",
    "read_table",
]
