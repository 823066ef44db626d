"""The story of an article, one line a step. The only place that knows all the parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from svodka import article as articles
from svodka import guard, ledger
from svodka.errors import InvalidRequest, NotVerified
from svodka.metrics import Metrics
from svodka.repair.candidate import Judge
from svodka.types import (
    Answer,
    Article,
    Policy,
    Sentence,
    Summary,
    SummaryOrder,
    Term,
    TranslatedSentence,
    Translation,
    TranslationOrder,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.figures.types import Pair
    from svodka.repair import Ladder
    from svodka.summarise import Summariser

__all__ = ["Pipeline"]

_SPACE = " "
T = TypeVar("T", Answer, Translation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipeline:
    """Summaries and translations by one profile's models; `metrics` count what comes of them, refused answers included."""

    summariser: Summariser
    ladder: Ladder
    metrics: Metrics = field(default_factory=Metrics)

    def summarise(self, order: SummaryOrder) -> Answer:
        """Both summaries of an article, with the ledger of its figures and the verdict.

        Raises:
            InvalidRequest: the text cannot be read, or no sentence of it fits the asked length.
            NotVerified: policy STRICT, and the answer is not verified.
        """
        with self.metrics.stage("read"):
            article = articles.read(order.text, title=order.title, tag=order.language)
        with self.metrics.stage("summarise"):
            told = self.summariser.summarise(article, order.length, policy=order.policy)
        own = told.summary
        summaries = {article.language: own}
        translated: dict[str, list[TranslatedSentence]] = {}
        for target in order.targets:
            if target != article.language:
                judge = Judge(source_lang=article.language, target_lang=target, terms=order.terms, article=article)
                texts = [sentence.text for sentence in own.sentences]
                with self.metrics.stage("translate", of=len(texts)):
                    translated[target] = self.ladder.translate(texts, judge, policy=order.policy, deadline=order.deadline, drop=True)
                kept = [(s.text, own.sentences[index].sources) for index, s in enumerate(translated[target]) if not s.dropped]
                summaries[target] = Summary.of(target, kept)
        asked = {language: summaries[language] for language in order.targets}
        with self.metrics.stage("check"):
            hops = list(_hops(article, own, asked, translated))
            climbed = (repair for sentences in translated.values() for sentence in sentences for repair in sentence.repairs)
            repairs = (*told.repairs, *climbed)
            reasons = tuple(dict.fromkeys([*told.faults, *_hop_reasons(hops), *_sentence_reasons(article.language, translated)]))
            answer = Answer(
                article=article,
                summaries=tuple(asked.values()),
                ledger=ledger.build(article, hops),
                verdict=guard.verdict(reasons, repairs),
                reasons=reasons,
                repairs=repairs,
            )
        self.metrics.answered(answer)
        return _unless_refused(answer, order.policy)

    def translate(self, order: TranslationOrder) -> Translation:
        """A text in the other language, sentence by sentence, with its figures checked; paragraphs stay.

        Raises:
            InvalidRequest: the text cannot be read, or is in the target language already.
            NotVerified: policy STRICT, and the translation is not verified.
        """
        with self.metrics.stage("read"):
            source = articles.read(order.text, tag=order.source, language_field="source_language")
        if source.language == order.target:
            raise InvalidRequest.field("target_language", f"the text is in {order.target!r} already")
        texts = [_folded(sentence.text) for sentence in source.sentences]
        judge = Judge(source_lang=source.language, target_lang=order.target, terms=order.terms)
        with self.metrics.stage("translate"):
            sentences = self.ladder.translate(texts, judge, policy=order.policy, deadline=order.deadline)
        text, targets = _laid_out(source, sentences)
        pairs = tuple(
            guard.shift(pair, original.start, target.start)
            for original, target, sentence in zip(source.sentences, targets, sentences, strict=True)
            for pair in sentence.check.pairs
        )
        repairs = tuple(repair for sentence in sentences for repair in sentence.repairs)
        reasons = tuple(_sentence_reasons(source.language, {order.target: sentences}))
        translation = Translation(
            source=source,
            language=order.target,
            text=text,
            sentences=tuple(sentences),
            targets=targets,
            pairs=pairs,
            verdict=guard.verdict(reasons, repairs),
            reasons=reasons,
            repairs=repairs,
        )
        self.metrics.translated(source.language, order.target, pairs, repairs)
        return _unless_refused(translation, order.policy)

    def translate_lines(
        self, lines: Sequence[str], source: str, target: str, policy: Policy = Policy.REPAIR, terms: tuple[Term, ...] = ()
    ) -> list[TranslatedSentence]:
        """As many sentences as came, in their order, each checked by itself; an empty one stays empty."""
        return self.ladder.translate(lines, Judge(source_lang=source, target_lang=target, terms=terms), policy=policy)


def _folded(text: str) -> str:
    return _SPACE.join(text.split())


def _laid_out(source: Article, sentences: Sequence[TranslatedSentence]) -> tuple[str, tuple[Sentence, ...]]:
    """The translated text, with a line break wherever the source has one between two sentences, and where its sentences stand."""
    parts: list[str] = []
    targets: list[Sentence] = []
    length, before = 0, 0
    for original, translated in zip(source.sentences, sentences, strict=True):
        breaks = source.text.count("\n", before, original.start) if targets else 0
        gap = "\n" * breaks or (_SPACE if targets else "")
        start = length + len(gap)
        length = start + len(translated.text)
        parts += gap, translated.text
        targets.append(Sentence(start=start, end=length, text=translated.text))
        before = original.end
    return "".join(parts), tuple(targets)


def _hops(
    article: Article, own: Summary, asked: dict[str, Summary], translated: dict[str, list[TranslatedSentence]]
) -> Iterable[ledger.Hop]:
    """Each summary against the article itself, and against the summary that it was translated from where that is in the answer."""
    if own.language in asked:
        check = guard.check_summary(article, own.text, own.language)
        yield ledger.Hop(source=ledger.ARTICLE, target=own.language, pairs=check.pairs)
        for language, sentences in translated.items():
            yield ledger.Hop(source=own.language, target=language, pairs=list(_shifted(own, asked[language], sentences)))
    for language in translated:
        check = guard.check_summary(article, asked[language].text, language)
        yield ledger.Hop(source=ledger.ARTICLE, target=language, pairs=check.pairs)


def _shifted(own: Summary, other: Summary, sentences: Sequence[TranslatedSentence]) -> Iterable[Pair]:
    targets = iter(other.sentences)
    for source, sentence in zip(own.sentences, sentences, strict=True):
        start = 0 if sentence.dropped else next(targets).start
        for pair in sentence.check.pairs:
            yield guard.shift(pair, source.start, start)


def _hop_reasons(hops: Iterable[ledger.Hop]) -> Iterable[str]:
    for hop in hops:
        if hop.source == ledger.ARTICLE:
            for pair in hop.pairs:
                if guard.is_wrong(pair):
                    yield f"{hop.name}: {guard.complaint(pair)}"


def _sentence_reasons(source: str, translated: dict[str, list[TranslatedSentence]]) -> Iterable[str]:
    for language, sentences in translated.items():
        for number, sentence in enumerate(sentences, start=1):
            for complaint in (*guard.complaints(sentence.check), *sentence.faults):
                yield f"{source}-{language}, sentence {number}: {complaint}"


def _unless_refused(answer: T, policy: Policy) -> T:
    if policy is Policy.STRICT and answer.verdict is Verdict.UNVERIFIED:
        raise NotVerified(answer.reasons)
    return answer
