"""What makes a pair unfit for training: short named rules in one order, each a reason that the report counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svodka.figures import CheckVerdict, as_printed, compare
from training.data import Pair, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from training.witness import Witness

__all__ = ["Limits", "Rejected", "sift"]

_LATIN, _CYRILLIC = re.compile(r"[A-Za-z]"), re.compile(r"[А-Яа-яЁё]")
_OWN = {"en": _LATIN, "ru": _CYRILLIC}
_WORD = re.compile(r"[^\W\d_]+")
# «Компания Microsoft выпустила Windows 8» is Russian; "В мае" inside English is not English.
_LEAST_OWN = {"en": 0.95, "ru": 0.5}
# Short sentences differ more: "Yes." and «Ещё бы!»
_SLACK = 12
_FEW_WORDS = 4
_MOST_SHARED = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What the rules measure against: the longest ratio, sentences that are held back, and pairs known to belong together."""

    max_ratio: float
    held_back: frozenset[str]
    witness: Witness | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """A pair and why it is not trained on."""

    pair: Pair
    reason: str


def _is_empty(pair: Pair, _limits: Limits) -> bool:
    return not folded(pair.source) or not folded(pair.target)


def _is_held_back(pair: Pair, limits: Limits) -> bool:
    return folded(pair.source) in limits.held_back or folded(pair.target) in limits.held_back


def _is_lopsided(pair: Pair, limits: Limits) -> bool:
    lengths = sorted((len(pair.source), len(pair.target)))
    return lengths[1] + _SLACK > limits.max_ratio * (lengths[0] + _SLACK)


def _is_in_another_script(pair: Pair, _limits: Limits) -> bool:
    for lang in (pair.source_lang, pair.target_lang):
        text = pair.side(lang)
        latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
        own = latin if lang == "en" else cyrillic
        if own < _LEAST_OWN[lang] * (latin + cyrillic):
            return True
    return False


def _mixes_scripts(pair: Pair, _limits: Limits) -> bool:
    words = _WORD.findall(f"{pair.source} {pair.target}")
    return any(_LATIN.search(word) and _CYRILLIC.search(word) for word in words)


def _is_copied(pair: Pair, _limits: Limits) -> bool:
    source, target = (set(_WORD.findall(text.casefold())) for text in (pair.source, pair.target))
    return source == target or (len(target) >= _FEW_WORDS and len(source & target) > _MOST_SHARED * len(target))


def _contradicts_its_witness(pair: Pair, limits: Limits) -> bool:
    return limits.witness is not None and limits.witness.contradicts(pair)


RULES: tuple[tuple[str, Callable[[Pair, Limits], bool]], ...] = (
    ("empty", _is_empty),
    ("stands in a file that is held back", _is_held_back),
    ("lengths too different", _is_lopsided),
    ("in another script", _is_in_another_script),
    ("mixes scripts in a word", _mixes_scripts),
    ("copied", _is_copied),
    ("another translation of the source has nothing in common with it", _contradicts_its_witness),
)


def sift(pairs: Iterable[Pair], limits: Limits) -> Iterator[Pair | Rejected]:
    """Each pair as it is to be trained on, or with the reason why not; what stood there before is rejected too."""
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        reason = next((name for name, rule in RULES if rule(pair, limits)), None)
        key = (folded(pair.side("en")), folded(pair.side("ru")))
        if reason is None and key in seen:
            reason = "stood there before"
        if reason is None:
            seen.add(key)
            pair, reason = _with_figures(pair)
        yield pair if reason is None else Rejected(pair=pair, reason=reason)


def _with_figures(pair: Pair) -> tuple[Pair, str | None]:
    """The pair marked where it states figures, in either language's own digits, and a reason where they disagree."""
    comparison = compare(pair.source, pair.target, source_lang=pair.source_lang, target_lang=pair.target_lang)
    if comparison.verdict is CheckVerdict.MISMATCH:
        return pair, "figures disagree"
    if not comparison.pairs:
        return pair, None
    source, target = as_printed(pair.source, pair.source_lang), as_printed(pair.target, pair.target_lang)
    return replace(pair, source=source, target=target, figures=True), None
