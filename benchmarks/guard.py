"""How many figures survive translation, before the guard, after each rung of the repair ladder, and after all; and what that costs.

    python benchmarks/guard.py FILE.en-ru.tsv [--limit 200] [--skip 0] [--all] [--seeds] [--read READ_ME.jsonl]

FILE has a source and its human translation a line, tab-separated; both directions are run. Only sentences that state figures are taken,
unless --all is given. --seeds runs the sentences of seeds/ instead, which have no human translation, so that there is no BLEU. The figures
of a sentence are intact where the check refuses nothing; "faultless" asks that the translation ends, is in the right language and does not
loop, too.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from svodka import article, guard
from svodka.asking import easily_put
from svodka.decoding import GuardedTranslator
from svodka.figures import CheckVerdict, compare, extract
from svodka.inference.runtime import load_profile
from svodka.repair import Ladder
from svodka.repair.candidate import Judge
from svodka.repair.ladder import RERANK, RUNGS
from svodka.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svodka.inference.protocols import Hypothesis, Translator
    from svodka.types import TranslatedSentence

_BLOCK = 32
_SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence and, where there is one, its human translation."""

    source: str
    reference: str = ""


@dataclass(kw_only=True, slots=True)
class Recorder:
    """A translator that keeps what it answered first to each sentence, and counts the time that it took for that."""

    translator: Translator
    first: dict[str, Hypothesis] = field(default_factory=dict)
    seconds: float = 0.0

    def translate(self, sentences: Sequence[str], **options: Any) -> list[tuple[Hypothesis, ...]]:  # noqa: ANN401
        """As the translator."""
        known = all(sentence in self.first for sentence in sentences)
        started = time.perf_counter()
        answers = self.translator.translate(sentences, **options)
        if not known and not options.get("beginnings") and not options.get("no_repeat"):
            self.seconds += time.perf_counter() - started
            for sentence, answer in zip(sentences, answers, strict=True):
                self.first.setdefault(sentence, answer[0])
        return answers

    def answered(self, line: Line, lang: str) -> str:
        """What it answered first to a line, which it was asked as `easily_put` puts it."""
        return self.first[easily_put(line.source, lang)].text

    def score(self, *texts: Any, **options: Any) -> list[float]:  # noqa: ANN401
        """As the translator."""
        return self.translator.score(*texts, **options)


def read_pairs(path: Path, *, limit: int, skip: int, everything: bool) -> dict[str, list[Line]]:
    """The lines of a file in both directions."""
    lines: dict[str, list[Line]] = {"en": [], "ru": []}
    for row in path.read_text(encoding="utf-8").splitlines()[skip:]:
        english, _, russian = row.partition("\t")
        for lang, source, reference in (("en", english, russian), ("ru", russian, english)):
            if len(lines[lang]) < limit and (everything or extract(source, lang)):
                lines[lang].append(Line(source=" ".join(source.split()), reference=" ".join(reference.split())))
    return lines


def read_seeds(*, everything: bool) -> dict[str, list[Line]]:
    """Every sentence of the seed articles."""
    lines: dict[str, list[Line]] = {"en": [], "ru": []}
    for path in sorted(_SEEDS.glob("*.txt")):
        read = article.read(path.read_text(encoding="utf-8"))
        texts = (" ".join(sentence.text.split()) for sentence in read.sentences)
        lines[read.language] += [Line(source=text) for text in texts if everything or extract(text, read.language)]
    return lines


def run(lines: Sequence[Line], ladder: Ladder, source: str, target: str) -> tuple[list[TranslatedSentence], float]:
    """Translate and repair; the translations, and the seconds that it took in all."""
    done: list[TranslatedSentence] = []
    judge = Judge(source_lang=source, target_lang=target)
    started = time.perf_counter()
    for start in range(0, len(lines), _BLOCK):
        done += ladder.translate([line.source for line in lines[start : start + _BLOCK]], judge)
        print(f"{len(done)} of {len(lines)}", flush=True)
    return done, time.perf_counter() - started


def report(lines: Sequence[Line], done: Sequence[TranslatedSentence], recorder: Recorder, seconds: float, source: str, target: str) -> None:
    """Print the figures of one direction."""
    count = len(lines)
    before = [recorder.answered(line, source) for line in lines]
    intact = sum(_ok(line.source, text, source, target) for line, text in zip(lines, before, strict=True))
    won = Counter(repair.rung for sentence in done for repair in sentence.repairs if repair.outcome is Outcome.REPAIRED)
    settled = sum(not sentence.repairs for sentence in done)
    print(f"\n## {source}-{target}, {count} sentences\n")
    print(f"figures intact before the guard: {_share(intact, count)}; faultless too: {_share(settled, count)}")
    for rung in (RERANK, *(rung.name for rung in RUNGS)):
        settled += won[rung]
        print(f"after {rung:10} {_share(settled, count)}, won {won[rung]}")
    refused = [sentence for sentence in done if guard.complaints(sentence.check) or sentence.faults]
    print(f"UNVERIFIED: {len(refused)}")
    if all(line.reference for line in lines):
        references = [[line.reference for line in lines]]
        for name, texts in (("before", before), ("after", [sentence.text for sentence in done])):
            bleu, chrf = (metric.corpus_score(texts, references).score for metric in (BLEU(), CHRF()))
            print(f"{name}: BLEU {bleu:.2f}, chrF {chrf:.2f}")
    print(f"seconds a sentence: {recorder.seconds / count:.2f} without the guard, {seconds / count:.2f} with it")


def _ok(source: str, text: str, source_lang: str, target_lang: str) -> bool:
    return compare(source, text, source_lang=source_lang, target_lang=target_lang).verdict is CheckVerdict.OK


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / max(1, whole):.1%})"


def write(path: Path, lines: Sequence[Line], done: Sequence[TranslatedSentence], recorder: Recorder, lang: str) -> None:
    """Append what was done to a file of JSON lines, to be read."""
    with path.open("a", encoding="utf-8") as file:
        for line, sentence in zip(lines, done, strict=True):
            told = {
                "source": line.source,
                "before": recorder.answered(line, lang),
                "after": sentence.text,
                "against": [*guard.complaints(sentence.check), *sentence.faults],
                "repairs": [f"{repair.rung} {repair.outcome.value}: {repair.detail}" for repair in sentence.repairs],
            }
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--skip", type=int, default=0, help="lines of the file to leave out")
    parser.add_argument("--all", action="store_true", help="sentences without figures too")
    parser.add_argument("--seeds", action="store_true")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--models-dir", type=Path)
    parser.add_argument("--cache-dir", type=Path)
    parser.add_argument("--read", type=Path)
    options = parser.parse_args()
    if options.seeds:
        lines = read_seeds(everything=options.all)
    elif options.file:
        lines = read_pairs(options.file, limit=options.limit, skip=options.skip, everything=options.all)
    else:
        parser.error("give a file of pairs, or --seeds")
    profile = load_profile("embedded", models_dir=options.models_dir, cache_dir=options.cache_dir, threads=options.threads)
    for source, target in (("en", "ru"), ("ru", "en")):
        recorder = Recorder(translator=profile.translator)
        ladder = Ladder(GuardedTranslator(recorder), profile.encoder, beam=options.beam)
        done, seconds = run(lines[source], ladder, source, target)
        report(lines[source], done, recorder, seconds, source, target)
        if options.read:
            write(options.read, lines[source], done, recorder, source)


if __name__ == "__main__":
    main()
