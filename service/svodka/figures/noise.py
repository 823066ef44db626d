"""What is no running text: web addresses, e-mail addresses, handles, HTML entities. Blanked before reading, so that no rule meets it."""

from __future__ import annotations

import re

__all__ = ["blank"]

_STARTS = ("http://", "https://", "www.", "ftp://")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});")
_SPACE = re.compile(r"\s")


def blank(folded: str) -> str:
    """The folded text with each such stretch overwritten by as many letters or spaces."""
    if "&" in folded:
        folded = _ENTITY.sub(_as_spaces, folded)
    for start in _STARTS:
        if start in folded:
            folded = _blank_from(folded, start)
    if "@" in folded or "#" in folded:
        folded = _blank_handles(folded)
    return folded


def _as_spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _blank_from(folded: str, start: str) -> str:
    """Overwrites from each `start` to the next space."""
    parts, at = [], 0
    while (found := folded.find(start, at)) >= 0:
        space = _SPACE.search(folded, found)
        end = space.start() if space else len(folded)
        while end > found + len(start) and folded[end - 1] in ".,;:!?)\"'":
            end -= 1
        parts += [folded[at:found], "z" * (end - found)]
        at = end
    return "".join(parts) + folded[at:]


def _blank_handles(folded: str) -> str:
    """Overwrites words with "@" in them and hashtags of letters."""
    parts = re.split(r"(\s+)", folded)
    return "".join("z" * len(part) if _is_handle(part) else part for part in parts)


def _is_handle(part: str) -> bool:
    if "@" in part:
        return part.strip("(\"',.;:") != "@"
    return part[:1] == "#" and part[1:2].isalpha()
