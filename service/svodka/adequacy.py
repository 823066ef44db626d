"""What can be wrong with a translated sentence apart from its figures: it is empty, stops early, loops, or is not translated."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from svodka.figures.remembered import remembered
from svodka.figures.unnumbered import misworded
from svodka.terms import holds

if TYPE_CHECKING:
    from svodka.types import Term

__all__ = ["faults", "left_over", "loops"]

_LETTERS = {"en": re.compile(r"[A-Za-z]"), "ru": re.compile(r"[А-Яа-яЁё]")}
# English has no Cyrillic; Russian keeps names, addresses of the web and words of other languages in Latin letters.
_FOREIGN = {"en": re.compile(r"(?<!\w)[А-Яа-яЁё]+(?!\w)"), "ru": re.compile(r"(?<![\w.@/-])[a-z]{4,}(?!\w|[.@/:-]\S)")}
# So many are a fault. Of human translations 0.2% have one such word in Russian: "homo sapiens", "in dubio pro reo".
_LEFT_OVER = {"en": 1, "ru": 2}
_WORD = re.compile(r"[^\W\d_]+")
# A phrase of this many words may not come back this many times in one sentence: "что-то, что-то, что-то, что-то".
_LOOP_WORDS, _LOOP_TIMES = 3, 3
_RUN_TIMES = 4
# Names stay in Latin letters; a sentence that is mostly so was not translated.
_LEAST_SHARE = 0.5
_FEW_WORDS = 4
# Either language says the same in about as many letters. What has far fewer has lost a part of the sentence, what has far more made one up;
# of 16,000 human translations of news one in a thousand is beyond these.
_SHORTEST, _LONGEST = 0.45, 2.2
_FEW_LETTERS = 40


@remembered
def faults(source: str, target: str, *, target_lang: str, finished: bool = True, terms: tuple[Term, ...] = ()) -> tuple[str, ...]:
    """Everything wrong with `target` as a translation of `source`, each as a short sentence; empty where nothing is.

    Args:
        source: the sentence.
        target: its translation.
        target_lang: "en" or "ru".
        finished: whether the model ended the sentence itself.
        terms: what `target` must have where `source` has it.
    """
    if not source.strip():
        return ()
    if not target.strip():
        return ("the translation is empty",)
    found: list[str] = []
    if not finished:
        found.append("the translation stops before its end")
    if loops(target):
        found.append("the translation repeats itself")
    copied = _is_untranslated(source, target, target_lang)
    if copied:
        found.append("the sentence is not translated")
    if len(source) >= _FEW_LETTERS and len(target) < _SHORTEST * len(source):
        found.append("a part of the sentence is lost")
    if len(source) >= _FEW_LETTERS and len(target) > _LONGEST * len(source):
        found.append("the translation says more than the sentence")
    if _has_both_scripts(target):
        found += [f"the word {word!r} mixes two scripts" for word in _WORD.findall(target) if _has_both_scripts(word)]
    source_lang = next(lang for lang in _LETTERS if lang != target_lang)
    if misled := misworded(source, target, source_lang=source_lang, target_lang=target_lang):
        found.append(misled)
    kept = {word for term in terms for word in _WORD.findall(term.target)}
    left = [word for word in left_over(source, target, target_lang=target_lang) if word not in kept]
    if not copied and len(left) >= _LEFT_OVER[target_lang]:
        found.append(f"not translated: {', '.join(left)}")
    wanted = [term.target for term in terms if term.source in source]
    found += [f"the term {term!r} is lost" for term in wanted if not holds(target, term, target_lang)]
    return tuple(found)


def left_over(source: str, target: str, *, target_lang: str) -> tuple[str, ...]:
    """Words of `target` that stand in the other language, as they stand in `source`: «Он купил bread». Names and codes are none."""
    stood = set(_FOREIGN[target_lang].findall(source))
    return tuple(word for word in _FOREIGN[target_lang].findall(target) if word in stood)


def loops(target: str) -> bool:
    """Whether a sentence says a phrase again and again."""
    words = [word.casefold() for word in _WORD.findall(target)]
    phrases = Counter(tuple(words[at : at + _LOOP_WORDS]) for at in range(len(words) - _LOOP_WORDS + 1))
    if phrases and max(phrases.values()) >= _LOOP_TIMES:
        return True
    return any(len(set(words[at : at + _RUN_TIMES])) == 1 for at in range(len(words) - _RUN_TIMES + 1))


def _has_both_scripts(text: str) -> bool:
    return all(has.search(text) for has in _LETTERS.values())


def _is_untranslated(source: str, target: str, target_lang: str) -> bool:
    words = _WORD.findall(target)
    own = sum(1 for word in words if _LETTERS[target_lang].search(word))
    translatable = sum(1 for word in _WORD.findall(source) if not _LETTERS[target_lang].search(word))
    return translatable >= _FEW_WORDS and own < _LEAST_SHARE * len(words)
