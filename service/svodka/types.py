"""The values that pass along the pipeline, in step with the contract's messages. Imports the figure engine alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from svodka.figures import evidence, key_figures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from svodka.figures import Evidence
    from svodka.figures.types import Comparison, Figure, Pair, Relation

__all__ = [
    "LANGUAGES",
    "Answer",
    "Article",
    "ComparisonOrder",
    "Contender",
    "HopRelation",
    "LedgerEntry",
    "Length",
    "Occurrence",
    "Outcome",
    "OwnSummary",
    "Policy",
    "Repair",
    "Sentence",
    "Summary",
    "SummaryOrder",
    "SummarySentence",
    "Term",
    "TranslatedSentence",
    "Translation",
    "TranslationOrder",
    "Verdict",
]

LANGUAGES = ("en", "ru")
_SPACE = " "


class Policy(StrEnum):
    """What to do about figures that do not agree."""

    REPORT = "REPORT"
    REPAIR = "REPAIR"
    STRICT = "STRICT"


class Verdict(StrEnum):
    """What the figure check says of a whole answer."""

    VERIFIED = "VERIFIED"
    REPAIRED = "REPAIRED"
    UNVERIFIED = "UNVERIFIED"


class Outcome(StrEnum):
    """What came of a rung of the ladder."""

    REPAIRED = "repaired"
    FAILED = "failed"
    SKIPPED = "skipped"  # not tried: the deadline was near, or a text is nothing for the model
    DROPPED = "dropped"  # the sentence was left out


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A term of the client's: where a sentence has `source`, its translation must have `target`; a name that stays has both alike."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """How long a summary may be: sentences and Unicode code points at most; None: no such limit."""

    max_sentences: int
    max_characters: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryOrder:
    """What a client asks of Summarize, validated."""

    text: str
    title: str = ""
    language: str | None = None
    targets: tuple[str, ...] = LANGUAGES
    length: Length
    policy: Policy = Policy.REPAIR
    terms: tuple[Term, ...] = ()
    deadline: float | None = None  # on the clock of time.monotonic; repairs stop before it


@dataclass(frozen=True, kw_only=True, slots=True)
class TranslationOrder:
    """What a client asks of Translate, validated."""

    text: str
    source: str | None = None
    target: str
    policy: Policy = Policy.REPAIR
    terms: tuple[Term, ...] = ()
    deadline: float | None = None  # on the clock of time.monotonic; repairs stop before it


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """A translation that takes part: made by a profile's pipeline, or `given`. A beam of 0 is the pipeline's own."""

    name: str
    profile: str = ""  # "": the server's own
    given: str | None = None
    policy: Policy = Policy.REPAIR
    beam: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonOrder:
    """What a client asks of CompareTranslations, validated. With a `length`, the article's summary of it is compared, not the text."""

    text: str
    title: str = ""
    source: str | None = None
    target: str | None = None
    contenders: tuple[Contender, ...]
    reference: str = ""
    length: Length | None = None
    deadline: float | None = None  # on the clock of time.monotonic; repairs stop before it


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence of a text: `text` is the text's slice [start, end), in Unicode code points."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as read: its language, its figures (of the whole text) and its sentences (none of which cuts a figure)."""

    title: str
    text: str
    language: str
    figures: tuple[Figure, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def evidence(self) -> Evidence:
        """What the article states, for its summaries to be held against."""
        return evidence(self.text, self.language, self.figures)

    @cached_property
    def ranked(self) -> tuple[Figure, ...]:
        """Its figures, each value once, the weightiest first."""
        return key_figures(self.text, self.language, title=self.title, figures=self.figures)


@dataclass(frozen=True, kw_only=True, slots=True)
class SummarySentence:
    """A sentence of a summary, where it stands in the summary's text, and which of the article's sentences it renders."""

    start: int
    end: int
    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A summary in one language."""

    language: str
    text: str
    sentences: tuple[SummarySentence, ...]

    @classmethod
    def of(cls, language: str, told: Iterable[tuple[str, tuple[int, ...]]]) -> Self:
        """A summary of sentences, each with the indices of the article's sentences that it renders."""
        sentences: list[SummarySentence] = []
        start = 0
        for text, sources in told:
            sentences.append(SummarySentence(start=start, end=start + len(text), text=text, sources=sources))
            start += len(text) + len(_SPACE)
        return cls(language=language, text=_SPACE.join(sentence.text for sentence in sentences), sentences=tuple(sentences))


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """A place of a figure: `where` is "article" or a summary's language, offsets are code points of that text."""

    where: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HopRelation:
    """What one comparison ("article-en", "en-ru"…) says of a figure."""

    hop: str
    relation: Relation
    reason: str = ""
    minor: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """A figure, wherever it stands."""

    kind: str
    value: str
    unit: str
    qualifier: str
    key: bool
    occurrences: tuple[Occurrence, ...]
    relations: tuple[HopRelation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """One attempt at repair: a rung of the ladder, the sentence by its place in the text, what came of it and why."""

    rung: str
    language: str
    sentence: int
    outcome: Outcome
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSummary:
    """The summary in the article's own language; `repairs` made it right, `faults` are what is wrong with it apart from figures."""

    summary: Summary
    repairs: tuple[Repair, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TranslatedSentence:
    """A sentence, the translation that was chosen for it, the check of the two, and what is wrong with it apart from figures.

    `repairs` tell every rung that was tried. A sentence that was left out has an empty text.
    """

    source: str
    text: str
    check: Comparison
    faults: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def dropped(self) -> bool:
        """Whether the sentence was left out of the translation."""
        return any(repair.outcome is Outcome.DROPPED for repair in self.repairs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What Summarize gives."""

    article: Article
    summaries: tuple[Summary, ...]
    ledger: tuple[LedgerEntry, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """What Translate gives; `sentences` and `targets` go in step, `pairs` have offsets into the two whole texts."""

    source: Article
    language: str
    text: str
    sentences: tuple[TranslatedSentence, ...]
    targets: tuple[Sentence, ...]
    pairs: tuple[Pair, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = field(default=())
