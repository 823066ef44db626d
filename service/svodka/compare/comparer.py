"""One text, or one article's summary, by several translators: translated where that is asked, aligned, checked and measured."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svodka import article as articles
from svodka.call import current
from svodka.compare import given
from svodka.compare.measure import measure
from svodka.compare.types import Bead, Comparison, Rendition
from svodka.errors import InvalidRequest
from svodka.repair.candidate import Judge
from svodka.types import LANGUAGES, Policy, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svodka.inference.protocols import Encoder
    from svodka.metrics import Metrics
    from svodka.repair import Ladder
    from svodka.summarise import Summariser
    from svodka.types import Article, ComparisonOrder, Contender, Summary, TranslatedSentence

__all__ = ["Comparer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparer:
    """Compares translations by the models of one profile, and of others where a contender asks for them."""

    summariser: Summariser
    ladder: Ladder
    metrics: Metrics
    others: Mapping[str, Ladder] = field(default_factory=dict)  # by profile

    def compare(self, order: ComparisonOrder) -> Comparison:
        """Every contender's translation, sentence by sentence, in the order of the contenders.

        Raises:
            InvalidRequest: the text cannot be read or is in the target language already, or a given translation cannot be aligned.
            Cancelled, DeadlineExceeded: as `Call.check`.
        """
        with self.metrics.stage("read"):
            article = articles.read(order.text, title=order.title, tag=order.source, language_field="source_language")
        target = order.target or next(language for language in LANGUAGES if language != article.language)
        if target == article.language:
            raise InvalidRequest.field("target_language", f"the text is in {target!r} already")
        told = None
        if order.length is not None:
            with self.metrics.stage("summarise"):
                told = self.summariser.summarise(article, order.length)
        sentences = article.sentences if told is None else _places(article, told.summary)
        texts = [given.flat(sentence.text) for sentence in sentences]
        encoder = self.ladder.encoder
        reference = None
        if order.reference:
            reference = _given("reference", order.reference, texts, article.language, target, encoder, field="reference")
        judge = Judge(source_lang=article.language, target_lang=target, article=article if order.length else None)
        renditions = []
        for place, contender in enumerate(order.contenders):
            current().check()
            if contender.given is None:
                with self.metrics.stage("translate"):
                    deadline = _share(order.deadline, sum(1 for other in order.contenders[place:] if other.given is None))
                    renditions.append(self._translated(contender, texts, judge, deadline))
                pairs = [pair for bead in renditions[-1].beads for pair in bead.pairs]
                self.metrics.translated(article.language, target, pairs, renditions[-1].repairs)
            else:
                field = f"translators[{place}].given"
                renditions.append(_given(contender.name, contender.given, texts, article.language, target, encoder, field=field))
        with self.metrics.stage("check"):
            passages, translations = measure(texts, renditions, languages=(article.language, target), encoder=encoder, reference=reference)
        return Comparison(
            source_language=article.language,
            target_language=target,
            sentences=tuple(sentences),
            passages=passages,
            translations=translations,
            reference_notes=reference.notes if reference else (),
            summary_repairs=told.repairs if told else (),
            summary_reasons=told.faults if told else (),
        )

    def _translated(self, contender: Contender, texts: Sequence[str], judge: Judge, deadline: float | None) -> Rendition:
        started = time.monotonic()
        ladder = self.others.get(contender.profile, self.ladder)
        ladder = ladder.with_beam(contender.beam) if contender.beam else ladder
        # A comparison tells; it has no reason to refuse all for the sake of one.
        policy = Policy.REPORT if contender.policy is Policy.REPORT else Policy.REPAIR
        translated = ladder.translate(texts, judge, policy=policy, deadline=deadline)
        return Rendition(
            name=contender.name,
            text="\n".join(sentence.text for sentence in translated),
            beads=tuple(_beads(translated)),
            repairs=tuple(repair for sentence in translated for repair in sentence.repairs),
            seconds=time.monotonic() - started,
        )


def _places(article: Article, summary: Summary) -> Sequence[Sentence]:
    """The sentences of a summary, where they stand in the article; or in the summary, where a model wrote them."""
    quoted = [article.sentences[sentence.sources[0]] for sentence in summary.sentences]
    if all(" ".join(there.text.split()) == here.text for there, here in zip(quoted, summary.sentences, strict=True)):
        return quoted
    return [Sentence(start=sentence.start, end=sentence.end, text=sentence.text) for sentence in summary.sentences]


def _share(deadline: float | None, contenders: int) -> float | None:
    """When the first of so many must be done, so that all have as long."""
    now = time.monotonic()
    return None if deadline is None else now + (deadline - now) / contenders


def _beads(translated: Iterable[TranslatedSentence]) -> Iterable[Bead]:
    start = 0
    for index, sentence in enumerate(translated):
        place = Sentence(start=start, end=start + len(sentence.text), text=sentence.text)
        start = place.end + 1
        yield Bead(
            sources=(index,),
            targets=(place,),
            source=sentence.source,
            text=sentence.text,
            verdict=sentence.check.verdict,
            pairs=sentence.check.pairs,
            faults=sentence.faults,
        )


def _given(name: str, text: str, texts: Sequence[str], source: str, target: str, encoder: Encoder, *, field: str) -> Rendition:
    started = time.monotonic()
    beads, notes = given.read(text, texts, source_lang=source, target_lang=target, encoder=encoder, field=field)
    return Rendition(name=name, text=text, beads=tuple(beads), notes=notes, seconds=time.monotonic() - started)
