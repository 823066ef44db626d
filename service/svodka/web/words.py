"""The words of the page in both languages, and the choice between them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from svodka.types import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["accepted", "words"]


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of the page in a language, by key."""
    text = resources.files("svodka.web").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def accepted(header: str) -> str:
    """The language of ours that a browser likes best, by its Accept-Language header (RFC 9110, 12.5.4); English where it likes none."""
    best, language = 0.0, LANGUAGES[0]
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().partition("-")[0].lower()
        weight = _weight(parameter)
        if primary in LANGUAGES and weight > best:
            best, language = weight, primary
    return language


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
