"""Reads sentence pairs from tab-separated files whose names end in their languages: `train.human.en-ru.tsv`."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from svodka.errors import SettingsError
from training.settings import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = ["Pair", "folded", "held_back_sentences", "read_pairs", "read_training_pairs"]

_NAME = re.compile(r"\.(en|ru)-(en|ru)\.tsv$")
_NOT_WORDS = re.compile(r"[\W_]+")
# NTREX and WMT have no-break and zero-width characters that news text and the tokenizer do not need.
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A sentence and its translation; `origin` is the file without its languages.

    `figures` says whether either side states any; `glossary` whether the target has the Russian that the glossary tells for words of the
    source.
    """

    source: str
    target: str
    source_lang: str
    target_lang: str
    origin: str
    figures: bool = False
    glossary: Literal["", "confirmed", "contradicted"] = ""

    def side(self, lang: str) -> str:
        """The sentence in a language."""
        return self.source if lang == self.source_lang else self.target

    def reversed(self) -> Pair:
        """The same pair in the other direction."""
        turned = replace(self, source=self.target, target=self.source, glossary="")
        return replace(turned, source_lang=self.target_lang, target_lang=self.source_lang)


def folded(text: str) -> str:
    """A sentence without case, spaces and punctuation: what makes two the same."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def read_pairs(path: Path) -> Iterator[Pair]:
    """Every line of a file; a line without a tab has an empty target.

    Raises:
        SettingsError: the file's name does not say its languages.
    """
    languages = _NAME.search(path.name)
    if languages is None:
        raise SettingsError(f"{path} does not end in its languages, as train.news.en-ru.tsv does")
    origin = path.name[: languages.start()]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            source, _, target = line.partition("\t")
            yield Pair(source=_clean(source), target=_clean(target), source_lang=languages[1], target_lang=languages[2], origin=origin)


def read_training_pairs(folder: Path, patterns: Sequence[str]) -> Iterator[Pair]:
    """Every pair of the files that match, in the order of the files' names.

    Raises:
        SettingsError: nothing matches, or something that must not be trained on does.
    """
    paths = _matching(folder, patterns)
    if not paths:
        raise SettingsError(f"no file in {folder} matches {', '.join(patterns)}")
    for path in paths:
        if path.name.startswith(FORBIDDEN) or any(word in path.name for word in FORBIDDEN[1:]):
            raise SettingsError(f"{path} must not be trained on")
        yield from read_pairs(path)


def held_back_sentences(folder: Path, patterns: Sequence[str]) -> frozenset[str]:
    """Both sides of every pair that training must not see, folded."""
    pairs = (pair for path in _matching(folder, patterns) for pair in read_pairs(path))
    return frozenset(folded(side) for pair in pairs for side in (pair.source, pair.target))


def _matching(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


def _clean(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", html.unescape(text))).strip()  # "A &amp; A"
