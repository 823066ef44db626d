"""The story of an article, one line a step. The only place that knows all the parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svodka import article as articles
from svodka import guard, ledger
from svodka.errors import InvalidRequest, NotVerified
from svodka.types import (
    Answer,
    Article,
    Policy,
    Repair,
    Sentence,
    Summary,
    SummaryOrder,
    SummarySentence,
    TranslatedSentence,
    Translation,
    TranslationOrder,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.figures.types import Pair
    from svodka.inference.protocols import Translator
    from svodka.summarise import Summariser

__all__ = ["Pipeline"]

_SPACE = " "


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipeline:
    """Summaries and translations by one profile's models, `beam` hypotheses wide."""

    summariser: Summariser
    translator: Translator
    beam: int

    def summarise(self, order: SummaryOrder) -> Answer:
        """Both summaries of an article, with the ledger of its figures and the verdict.

        Raises:
            InvalidRequest: the text cannot be read, or no sentence of it fits the asked length.
            NotVerified: policy STRICT, and the answer is not verified.
        """
        article = articles.read(order.text, title=order.title, tag=order.language)
        chosen = self.summariser.summarise(article, order.length)
        own = _own_summary(article, chosen)
        summaries = {article.language: own}
        translated: dict[str, list[TranslatedSentence]] = {}
        for target in order.targets:
            if target != article.language:
                translated[target] = self._translate([s.text for s in own.sentences], article.language, target, order.policy, order.keep)
                summaries[target] = _summary(target, [s.text for s in translated[target]], [s.sources for s in own.sentences])
        asked = {language: summaries[language] for language in order.targets}
        hops = list(_hops(article, own, asked, translated))
        repairs = tuple(sentence.repair for sentences in translated.values() for sentence in sentences if sentence.repair)
        reasons = tuple(dict.fromkeys([*_hop_reasons(hops), *_sentence_reasons(article.language, translated)]))
        return Answer(
            article=article,
            summaries=tuple(asked.values()),
            ledger=ledger.build(article, hops),
            verdict=_verdict(order.policy, reasons, repairs),
            reasons=reasons,
            repairs=repairs,
        )

    def translate(self, order: TranslationOrder) -> Translation:
        """A text in the other language, sentence by sentence, with its figures checked; paragraphs stay.

        Raises:
            InvalidRequest: the text cannot be read, or is in the target language already.
            NotVerified: policy STRICT, and the translation is not verified.
        """
        source = articles.read(order.text, tag=order.source, language_field="source_language")
        if source.language == order.target:
            raise InvalidRequest.field("target_language", f"the text is in {order.target!r} already")
        texts = [_folded(sentence.text) for sentence in source.sentences]
        sentences = self._translate(texts, source.language, order.target, order.policy, order.keep)
        text, targets = _laid_out(source, sentences)
        pairs = tuple(
            guard.shift(pair, original.start, target.start)
            for original, target, sentence in zip(source.sentences, targets, sentences, strict=True)
            for pair in sentence.check.pairs
        )
        repairs = tuple(sentence.repair for sentence in sentences if sentence.repair)
        reasons = tuple(_sentence_reasons(source.language, {order.target: sentences}))
        return Translation(
            source=source,
            language=order.target,
            text=text,
            sentences=tuple(sentences),
            targets=targets,
            pairs=pairs,
            verdict=_verdict(order.policy, reasons, repairs),
            reasons=reasons,
            repairs=repairs,
        )

    def translate_lines(
        self, lines: Sequence[str], source: str, target: str, policy: Policy = Policy.REPAIR, keep: tuple[str, ...] = ()
    ) -> list[TranslatedSentence]:
        """As many sentences as came, in their order, each checked by itself; an empty one stays empty."""
        return self._translate(list(lines), source, target, policy, keep)

    def _translate(self, texts: list[str], source: str, target: str, policy: Policy, keep: tuple[str, ...]) -> list[TranslatedSentence]:
        n_best = 1 if policy is Policy.REPORT else self.beam
        hypotheses = self.translator.translate(texts, source=source, target=target, n_best=n_best, beam=self.beam)
        return [
            guard.choose(text, found, source_lang=source, target_lang=target, policy=policy, index=index, keep=keep)
            for index, (text, found) in enumerate(zip(texts, hypotheses, strict=True))
        ]


def _folded(text: str) -> str:
    return _SPACE.join(text.split())


def _own_summary(article: Article, chosen: Sequence[int]) -> Summary:
    return _summary(article.language, [_folded(article.sentences[index].text) for index in chosen], [(index,) for index in chosen])


def _summary(language: str, texts: Sequence[str], sources: Sequence[tuple[int, ...]]) -> Summary:
    sentences: list[SummarySentence] = []
    start = 0
    for text, indices in zip(texts, sources, strict=True):
        sentences.append(SummarySentence(start=start, end=start + len(text), text=text, sources=indices))
        start += len(text) + len(_SPACE)
    return Summary(language=language, text=_SPACE.join(texts), sentences=tuple(sentences))


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
    for source, target, sentence in zip(own.sentences, other.sentences, sentences, strict=True):
        for pair in sentence.check.pairs:
            yield guard.shift(pair, source.start, target.start)


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


def _verdict(policy: Policy, reasons: tuple[str, ...], repairs: tuple[Repair, ...]) -> Verdict:
    verdict = guard.verdict(reasons, repairs)
    if policy is Policy.STRICT and verdict is Verdict.UNVERIFIED:
        raise NotVerified(reasons)
    return verdict
