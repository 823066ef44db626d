"""The figure engine: reads the figures of English and Russian news into exact values. It knows nothing of models or servers."""

from svodka.figures.extract import explain, extract
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

__all__ = [
    "CheckVerdict",
    "Clock",
    "Comparison",
    "Date",
    "Figure",
    "Kind",
    "Mode",
    "Pair",
    "Qualifier",
    "Range",
    "Relation",
    "Score",
    "Value",
    "explain",
    "extract",
    "value_text",
]
