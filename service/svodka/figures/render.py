"""The writer: a figure as the press of a language writes it, so that the reader reads the same figure back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.figures.agreement import Case
from svodka.figures.writing import english, russian
from svodka.figures.writing.numbers import Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.figures.types import Figure

__all__ = ["Case", "Style", "render"]

_WRITERS: dict[str, Callable[[Figure, Style, Case], str]] = {english.LANGUAGE: english.write, russian.LANGUAGE: russian.write}


def render(figure: Figure, lang: str, style: Style = Style.PRESS, *, case: Case = Case.NOMINATIVE) -> str:
    """Writes a figure as running text, qualifier included, in the case that the sentence asks for; nothing of its value is rounded.

    Only kind, value, unit, qualifier and precision matter; where the figure once stood does not. Raises `ValueError` for a language
    that is not written.
    """
    writer = _WRITERS.get(lang)
    if writer is None:
        raise ValueError(f"no figures are written in language {lang!r}: known are {', '.join(sorted(_WRITERS))}")
    return writer(figure, style, case)
