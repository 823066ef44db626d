"""Puts the right figure where a translation has another one: in the form that the language writes, in the case that stood there."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svodka.figures import Case, render
from svodka.figures.agreement import recount
from svodka.figures.types import Date, Kind
from svodka.figures.unnumbered import RULE, words_for

if TYPE_CHECKING:
    from svodka.figures.types import Figure

__all__ = ["begins_with_weekday", "forms", "on_weekday", "put", "tidied"]

_LOOSE = re.compile(r"\s+([.,;:!?)»])")

_SPACES = re.compile(r"\s+")
# «в среду», but «во вторник».
_WITH_VOWEL = "вторник"
_PREPOSITION = re.compile(r"\b([Вв])о?(\s+)$")


def forms(figure: Figure, lang: str, stood: Figure | None = None, *, case: Case | None = None) -> tuple[str, ...]:
    """How `figure` may be written in a text of `lang`, without its qualifier, likeliest first.

    Args:
        figure: the figure, in whichever language it was read.
        lang: language of the text.
        stood: the figure of the text in whose place it is to stand; its case is taken over where its surface form tells it.
        case: the case that the text asks for, where that is known otherwise.
    """
    if figure.rule == RULE:
        return words_for(figure, lang, stood)
    bare = replace(figure, qualifier=None)
    likely = [case] if case is not None else [] if stood is None else _cases(stood, lang)
    return tuple(dict.fromkeys(render(bare, lang, case=each) for each in (*likely, *Case)))


def _cases(stood: Figure, lang: str) -> list[Case]:
    bare = replace(stood, qualifier=None)
    surface = _folded(stood.text)
    # Of two that look alike news means the accusative: «во вторник», «за 8 тысяч».
    found = [case for case in Case if _folded(render(bare, lang, case=case)) == surface]
    return sorted(found, key=lambda case: case is not Case.ACCUSATIVE)


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text).casefold()


def tidied(text: str) -> str:
    """A text without spaces before its marks, which are left where something was cut out or put in."""
    return _LOOSE.sub(r"\1", text)


def begins_with_weekday(figure: Figure) -> bool:
    """Whether a date names its day of the week first: Russian has «в» before it, and nothing before other dates."""
    return isinstance(figure.value, Date) and figure.value.weekday is not None


def on_weekday(figure: Figure) -> str:
    """A date with its day of the week in a Russian sentence: «в среду, 5 мая», «во вторник»."""
    form = forms(figure, "ru", case=Case.ACCUSATIVE)[0]
    return f"{'во' if form.startswith(_WITH_VOWEL) else 'в'} {form}"


def put(text: str, stood: Figure, figure: Figure, form: str, lang: str) -> str:
    """`text` with `form` of `figure` where `stood` stands; what a number governs beside it follows the new number."""
    before, after = text[: stood.start], text[stood.end :]
    if stood.text[:1].isupper() and not before.strip():
        form = form[:1].upper() + form[1:]
    if lang == "ru":
        before = _PREPOSITION.sub(lambda found: f"{found[1]}{'о' if form.startswith(_WITH_VOWEL) else ''}{found[2]}", before)
        if stood.kind is figure.kind is Kind.CARDINAL and isinstance(stood.value, Fraction) and isinstance(figure.value, Fraction):
            after = recount(after, stood.value, figure.value)
    return f"{before}{form}{after}"
