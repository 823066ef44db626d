"""Whole files of systems' outputs: a table with a source and what each system made of it in every line. Nothing is translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka.compare.given import bead
from svodka.compare.measure import measure
from svodka.compare.types import Comparison, Rendition
from svodka.errors import FieldViolation, InvalidRequest
from svodka.types import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svodka.inference.protocols import Encoder

__all__ = ["MAX_ROWS", "MAX_SYSTEMS", "Table", "compare_table", "read_table"]

# What fits a reader's patience and a browser.
MAX_ROWS, MAX_SYSTEMS, MAX_CHARACTERS = 20_000, 12, 50_000_000
_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Columns of equal length: the sources, each system's translations by its name, and references where there are some."""

    sources: tuple[str, ...]
    systems: dict[str, tuple[str, ...]]
    references: tuple[str, ...] | None = None


def read_table(text: str, *, name: str, reference_column: str | None = None) -> Table:
    """Read tab-separated lines: a header, the source in the first column, a system in each other one.

    Raises:
        InvalidRequest: a line has more or fewer columns than the header, or there is too much or too little; `name` is that of the file.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidRequest.field(name, f"has {len(text)} characters; the limit is {MAX_CHARACTERS}")
    lines = [line.removesuffix("\r").split("\t") for line in text.split("\n")]
    while lines and lines[-1] == [""]:
        lines.pop()
    if len(lines) < 2 or len(lines) - 1 > MAX_ROWS:
        raise InvalidRequest.field(name, f"has {max(0, len(lines) - 1)} lines after the header; give 1 to {MAX_ROWS}")
    header, *body = lines
    _require_columns(name, header, body)
    columns = {title: tuple(row[at].strip() for row in body) for at, title in enumerate(header)}
    sources = columns.pop(header[0])
    references = None
    if reference_column is not None:
        if reference_column not in columns:
            raise InvalidRequest.field("--reference-column", f"no column {reference_column!r}; there is {', '.join(columns)}")
        references = columns.pop(reference_column)
    if not 1 <= len(columns) <= MAX_SYSTEMS:
        raise InvalidRequest.field(name, f"has {len(columns)} systems; give 1 to {MAX_SYSTEMS}, each in a column after the source")
    return Table(sources=sources, systems=columns, references=references)


def compare_table(
    table: Table,
    *,
    source_lang: str,
    target_lang: str,
    encoder: Encoder | None,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> Comparison:
    """Check and measure every system's translation of every line; `watch` is told how many texts of how many have been embedded."""

    def rendition(name: str, texts: Sequence[str]) -> Rendition:
        places = _places(texts)
        beads = [
            bead((at,), (place,) if place.text else (), [source], source_lang=source_lang, target_lang=target_lang)
            for at, (source, place) in enumerate(zip(table.sources, places, strict=True))
        ]
        return Rendition(name=name, text="\n".join(texts), beads=tuple(beads))

    reference = rendition("reference", table.references) if table.references is not None else None
    passages, translations = measure(
        table.sources,
        [rendition(name, texts) for name, texts in table.systems.items()],
        languages=(source_lang, target_lang),
        encoder=encoder,
        reference=reference,
        watch=watch,
    )
    return Comparison(
        source_language=source_lang,
        target_language=target_lang,
        sentences=_places(table.sources),
        passages=passages,
        translations=translations,
    )


def _require_columns(name: str, header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    if len(set(header)) < len(header) or not all(title.strip() for title in header):
        raise InvalidRequest.field(f"{name}, line 1", "must have a different name for each column")
    ragged = [number for number, row in enumerate(body, start=2) if len(row) != len(header)]
    if ragged:
        raise InvalidRequest(
            *(
                FieldViolation(
                    field=f"{name}, line {number}", description=f"has {len(body[number - 2])} columns; the header has {len(header)}"
                )
                for number in ragged[:_SHOWN]
            )
        )


def _places(texts: Sequence[str]) -> tuple[Sentence, ...]:
    """Where texts stand in the whole that they make, one a line."""
    places, start = [], 0
    for text in texts:
        places.append(Sentence(start=start, end=start + len(text), text=text))
        start += len(text) + 1
    return tuple(places)
