"""A comparison for readers: what is shown of it, and the report in one HTML file."""

from svodka.compare.report.page import page
from svodka.compare.report.sheet import SYMBOLS, WRONG, Column, Estimate, Mark, Row, Sheet, SheetCell

__all__ = ["SYMBOLS", "WRONG", "Column", "Estimate", "Mark", "Row", "Sheet", "SheetCell", "page"]
