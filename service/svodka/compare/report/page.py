"""A sheet as one HTML file that needs nothing beside it: no network, no other file."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from svodka.compare.report.sheet import SYMBOLS, WRONG

if TYPE_CHECKING:
    from svodka.compare.report.sheet import Estimate, Mark, Row, Sheet

__all__ = ["LEGEND", "page"]

_PACKAGE = "svodka.compare.report"
LEGEND = {
    "PRESERVED": "the same value",
    "REFORMATTED": "the same value, written otherwise",
    "ROUNDED": "agrees within the stated precision",
    "CONVERTED": "another unit, a consistent value",
    "CHANGED": "another value or unit",
    "MISSING": "not in the translation",
    "UNSUPPORTED": "not in the source",
    "UNCERTAIN": "could not be told",
}
# What could end a script element, or the JSON in it, is written as JSON's own escapes.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page(sheet: Sheet, *, title: str) -> str:
    """The report. Every text is escaped; rows stand in it as JSON, and the page makes as many of them as are looked at."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "."), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters["share"] = _share
    environment.filters["score"] = _score
    return environment.get_template("page.html.j2").render(
        title=title,
        sheet=sheet,
        symbols=SYMBOLS,
        wrong=WRONG,
        legend=LEGEND,
        relations=[name for name in SYMBOLS if any(column.relations.get(name) for column in sheet.columns)],
        has_similarity=any(column.similarity for column in sheet.columns),
        has_seconds=any(column.seconds is not None for column in sheet.columns),
        has_reference=any(row.reference is not None for row in sheet.rows),
        style=Markup(_file("page.css")),  # noqa: S704 (our own file)
        script=Markup(_file("page.js")),  # noqa: S704 (our own file)
        data=Markup(_json(_data(sheet))),  # noqa: S704 (escaped by _json)
    )


def _file(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "source": sheet.source_language,
        "target": sheet.target_language,
        "columns": [column.name for column in sheet.columns],
        "symbols": SYMBOLS,
        "legend": LEGEND,
        "rows": [_row(row) for row in sheet.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    cells = [
        {
            "text": cell.text,
            "failures": cell.failures,
            "verdict": cell.verdict,
            "marks": [_mark(mark) for mark in cell.marks],
            "faults": cell.faults,
            "similarity": _rounded(cell.similarity, 3),
            "chrf": _rounded(cell.chrf, 1),
        }
        for cell in row.cells
    ]
    return {"number": row.number, "text": row.text, "reference": row.reference, "cells": cells}


def _mark(mark: Mark) -> list[Any]:
    return [mark.source, mark.target, mark.source_text, mark.target_text, mark.relation, mark.reason, mark.minor]


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _share(estimate: Estimate) -> str:
    """In percent."""
    interval = f" ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})" if estimate.low is not None and estimate.high is not None else ""
    return f"{100 * estimate.value:.1f}%{interval}"


def _score(estimate: Estimate | None, places: int) -> str:
    if estimate is None:
        return "–"
    interval = f" ({estimate.low:.{places}f}–{estimate.high:.{places}f})" if estimate.low is not None and estimate.high is not None else ""
    return f"{estimate.value:.{places}f}{interval}"
