"""What the Russian dictionary knows of names."""

from __future__ import annotations

from typing import Any

from svodka.figures.morphology import analyser

__all__ = ["is_name", "names_of"]

_NAMES = {"Name", "Surn", "Geox"}  # OpenCorpora's marks of first names, surnames and places


def is_name(spelling: str) -> bool:
    """Whether the dictionary has a word as a name in the nominative."""
    return any({"nomn", "sing"} <= parse.tag.grammemes for parse in _as_names(spelling))


def names_of(form: str) -> set[str]:
    """The names that a word may be a form of: «ларсена» of «ларсен»."""
    return {str(parse.normal_form) for parse in _as_names(form)}


def _as_names(word: str) -> list[Any]:
    """What a word is as a name; guesses at unknown words are left out."""
    if not analyser().word_is_known(word):
        return []
    return [parse for parse in analyser().parse(word) if parse.is_known and _NAMES & parse.tag.grammemes]
