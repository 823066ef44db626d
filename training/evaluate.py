"""Measures a prepared translator on a file of pairs, in both directions, as the server would run it but with nothing repaired."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from svodka.adequacy import faults
from svodka.decoding import GuardedTranslator
from svodka.errors import SettingsError
from svodka.figures import CheckVerdict, compare, extract
from svodka.figures.types import SETTLED
from svodka.figures.unnumbered import RULE, misworded
from svodka.inference import Hypothesis
from svodka.inference.catalogue import find_models_dir, load_catalogue
from svodka.inference.prepare import prepare_profile
from svodka.inference.protocols import Search
from svodka.inference.runtime import load_generator
from svodka.inference.translator import translator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from svodka.inference import Translator
    from training.data import Pair

__all__ = ["Given", "Scores", "evaluate", "load_translator", "measure", "table", "write_hypotheses"]

_BLOCK = 32
_SAYS_LOOP = ("repeats", "before its end")  # what does not end has looped up to its limit
_CYRILLIC_WORD = re.compile(r"[А-Яа-яЁё]+")
_LATIN_WORD = re.compile(r"\b[a-z]{3,}\b")  # names and abbreviations have capitals: "iPhone", "BBC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """What was measured in one direction; shares are of all sentences but for `figures_intact`, which is of those with figures."""

    direction: str
    sentences: int
    bleu: float
    chrf: float
    with_figures: int
    figures_intact: float
    misworded: float
    mixed_or_untranslated: float
    loops: float
    seconds_a_sentence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A translation and what is wrong with it."""

    pair: Pair
    text: str
    figures: str  # "", "ok", "mismatch" or "uncertain"
    misworded: bool  # "yesterday" for «завтра», "north" for «юг»
    foreign: bool
    loops: bool


def load_translator(profile: str, *, models_dir: Path | None, cache_dir: Path | None, threads: int, guarded: bool = True) -> Translator:
    """Prepare a profile, if it is not yet, and load what translates alone."""
    catalogue = load_catalogue(find_models_dir(models_dir))
    prepare_profile(profile, models_dir=models_dir, cache_dir=cache_dir)
    generators = {
        identifier: load_generator(profile, identifier, models_dir=models_dir, cache_dir=cache_dir, threads=threads)
        for identifier in set(catalogue.profile(profile).translators.values())
    }
    translator = translator_of(catalogue, profile, generators)
    return GuardedTranslator(translator) if guarded else translator


class Given:
    """Translations that another system made, by their sources: to be measured as ours are."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._answers = {pair.source: pair.target for pair in pairs}

    def translate(self, sentences: Sequence[str], **_: object) -> list[tuple[Hypothesis, ...]]:
        """The one translation of each sentence.

        Raises:
            SettingsError: there is none.
        """
        if missing := [sentence for sentence in sentences if sentence not in self._answers]:
            raise SettingsError(f"no translation is given for {missing[0]!r}")
        return [(Hypothesis(text=self._answers[sentence], score=0.0, finished=True),) for sentence in sentences]


def evaluate(
    translator: Translator | Given, pairs: Sequence[Pair], *, beam: int, progress: Callable[[int, int], None] | None = None
) -> tuple[Scores, list[Judged]]:
    """Translate the sources of pairs, all of one direction, and measure the answers against the targets."""
    answers: list[Hypothesis] = []
    started = time.perf_counter()
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        sources = [pair.source for pair in block]
        answers += [
            best[0]
            for best in translator.translate(sources, source=block[0].source_lang, target=block[0].target_lang, search=Search(beam=beam))
        ]
        if progress is not None:
            progress(len(answers), len(pairs))
    seconds = (time.perf_counter() - started) / max(1, len(pairs))
    judged = [_judge(pair, answer) for pair, answer in zip(pairs, answers, strict=True)]
    return measure(judged, seconds), judged


def measure(judged: Sequence[Judged], seconds: float) -> Scores:
    """Sum up judgements."""
    texts, references = [found.text for found in judged], [[found.pair.target for found in judged]]
    stated = [found for found in judged if found.figures]
    pair = judged[0].pair
    return Scores(
        direction=f"{pair.source_lang}-{pair.target_lang}",
        sentences=len(judged),
        bleu=round(BLEU().corpus_score(texts, references).score, 2),
        chrf=round(CHRF().corpus_score(texts, references).score, 2),
        with_figures=len(stated),
        figures_intact=_share([found.figures == CheckVerdict.OK for found in stated]),
        misworded=_share([found.misworded for found in judged]),
        mixed_or_untranslated=_share([found.foreign for found in judged]),
        loops=_share([found.loops for found in judged]),
        seconds_a_sentence=round(seconds, 3),
    )


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 4) if found else 0.0


def _judge(pair: Pair, answer: Hypothesis) -> Judged:
    found = faults(pair.source, answer.text, target_lang=pair.target_lang, finished=answer.finished)
    loops = [fault for fault in found if any(word in fault for word in _SAYS_LOOP)]
    other_words = misworded(pair.source, answer.text, source_lang=pair.source_lang, target_lang=pair.target_lang)
    untranslated = [fault for fault in found if fault not in loops and fault != other_words]
    verdict = ""
    if extract(pair.source, pair.source_lang):
        verdict = _verdict(pair, answer.text).value
    return Judged(
        pair=pair,
        text=answer.text,
        figures=verdict,
        misworded=other_words is not None,
        foreign=bool(untranslated) or bool(_left_over(pair, answer.text)),
        loops=bool(loops),
    )


def _verdict(pair: Pair, text: str) -> CheckVerdict:
    """What became of the figures; of what words tell without a number `misworded` tells."""
    checked = compare(pair.source, text, source_lang=pair.source_lang, target_lang=pair.target_lang)
    told = [found for found in checked.pairs if found.source is None or found.source.rule != RULE]
    return CheckVerdict.OK if all(found.minor or found.relation in SETTLED for found in told) else checked.verdict


def _left_over(pair: Pair, text: str) -> set[str]:
    """Words that stayed in the source's language though they are no names, and that the reference has not either."""
    words = _LATIN_WORD if pair.target_lang == "ru" else _CYRILLIC_WORD
    return set(words.findall(text)) - set(words.findall(pair.target))


def write_hypotheses(path: Path, judged: Sequence[Judged]) -> None:
    """Append translations with their judgements to a file of JSON lines, to be read."""
    with path.open("a", encoding="utf-8") as file:
        for found in judged:
            line = {
                "direction": f"{found.pair.source_lang}-{found.pair.target_lang}",
                "source": found.pair.source,
                "reference": found.pair.target,
                "translation": found.text,
                "figures": found.figures,
                "misworded": found.misworded,
                "foreign": found.foreign,
                "loops": found.loops,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def table(scores: Sequence[Scores]) -> str:
    """Scores as a table in Markdown."""
    rows = [list(asdict(found).items()) for found in scores]
    head = [name.replace("_", " ") for name, _ in rows[0]]
    cells = [[f"{value:.1%}" if name in _SHARES else str(value) for name, value in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *cells])


_SHARES = frozenset({"figures_intact", "misworded", "mixed_or_untranslated", "loops"})
