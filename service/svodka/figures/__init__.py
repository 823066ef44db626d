"""The figure engine: reads the figures of English and Russian news and compares them. It knows nothing of models or servers."""

from svodka.figures.compare import check_summary, compare, evidence
from svodka.figures.extract import explain, extract
from svodka.figures.key import key_figures
from svodka.figures.render import Case, Style, render
from svodka.figures.summary import Evidence
from svodka.figures.types import (
    CheckVerdict,
    Clock,
    Comparison,
    Date,
    Figure,
    Kind,
    Mode,
    Pair,
    Qualifier,
    Range,
    Relation,
    Score,
    Value,
    value_text,
)
from svodka.figures.typography import as_printed

__all__ = [
    "Case",
    "CheckVerdict",
    "Clock",
    "Comparison",
    "Date",
    "Evidence",
    "Figure",
    "Kind",
    "Mode",
    "Pair",
    "Qualifier",
    "Range",
    "Relation",
    "Score",
    "Style",
    "Value",
    "as_printed",
    "check_summary",
    "compare",
    "evidence",
    "explain",
    "extract",
    "key_figures",
    "render",
    "value_text",
]
