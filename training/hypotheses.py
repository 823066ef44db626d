"""Lets the present translator translate training sentences, several ways each: what it may learn to prefer one of."""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

from svodka.asking import easily_put
from svodka.inference.protocols import Search
from training.data import Pair
from training.prepare import sifted_pairs, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from svodka.inference import Translator
    from training.settings import Settings

__all__ = ["Translated", "read_hypotheses", "write_hypotheses"]

# Sentences of like length are translated together, and written together.
_WRITTEN_TOGETHER, _TRANSLATED_TOGETHER = 192, 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Translated:
    """A pair, and what the translator made of its source: the likeliest first, without those that it did not end."""

    pair: Pair
    hypotheses: tuple[str, ...]


def write_hypotheses(
    settings: Settings,
    translator: Translator,
    data: Path,
    target: Path,
    *,
    time_limit: float | None = None,
    report: Callable[[int, int], None] | None = None,
) -> bool:
    """Translate sentences of the training data, and add a line of JSON for each to a file; go on behind those that it has.

    Sentences are drawn by the weights of their files, directions and figures.

    Args:
        settings: the data and their weights, how many sentences, and the beam.
        translator: what translates, without guards: what it prefers itself is what is to be learnt.
        data: folder of the pairs.
        target: the file.
        time_limit: minutes after which no more are translated.
        report: is told how many of how many are done.

    Returns:
        whether all are done.
    """
    deadline = None if time_limit is None else time.monotonic() + 60 * time_limit
    drawn = _drawn(settings, data)
    done = _whole_lines(target)
    with target.open("a", encoding="utf-8") as file:
        while done < len(drawn) and (deadline is None or time.monotonic() < deadline):
            block = drawn[done : done + _WRITTEN_TOGETHER]
            file.writelines(_line(found) for found in _translated(block, translator, settings.preference.beam))
            file.flush()
            done += len(block)
            if report is not None:
                report(done, len(drawn))
    return done >= len(drawn)


def read_hypotheses(path: Path) -> Iterator[Translated]:
    """What `write_hypotheses` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            hypotheses = tuple(values.pop("hypotheses"))
            yield Translated(pair=Pair(**values), hypotheses=hypotheses)


def _whole_lines(path: Path) -> int:
    """How many lines a file has, once the beginning of one is cut off that a killed run left."""
    if not path.exists():
        return 0
    written = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(written.rfind(b"\n") + 1)
    return written.count(b"\n")


def _drawn(settings: Settings, data: Path) -> list[Pair]:
    chance = random.Random(settings.seed)  # noqa: S311  no secret
    options = settings.preference
    both_ways = (direction for pair in sifted_pairs(settings, data).kept for direction in (pair, pair.reversed()))
    weighted = [(pair, weight(pair, settings)) for pair in both_ways if options.shortest <= len(pair.source) <= options.longest]
    # Weighted drawing without putting back: Efraimidis and Spirakis, 2006, "Weighted random sampling with a reservoir".
    keyed = [(chance.random() ** (1 / worth), pair) for pair, worth in weighted if worth]
    return [pair for _, pair in islice(sorted(keyed, key=lambda found: -found[0]), options.sentences)]


def _translated(pairs: Sequence[Pair], translator: Translator, beam: int) -> list[Translated]:
    search = Search(beam=beam, n_best=beam)
    found: dict[int, Translated] = {}
    for lang in ("en", "ru"):
        own = sorted((at for at, pair in enumerate(pairs) if pair.source_lang == lang), key=lambda index: len(pairs[index].source))
        for start in range(0, len(own), _TRANSLATED_TOGETHER):
            group = own[start : start + _TRANSLATED_TOGETHER]
            asked = [easily_put(pairs[index].source, lang) for index in group]
            answers = translator.translate(asked, source=lang, target=pairs[group[0]].target_lang, search=search)
            for index, answer in zip(group, answers, strict=True):
                ended = tuple(hypothesis.text for hypothesis in answer if hypothesis.finished)
                found[index] = Translated(pair=pairs[index], hypotheses=ended)
    return [found[index] for index in range(len(pairs))]


def _line(found: Translated) -> str:
    return json.dumps({**asdict(found.pair), "hypotheses": found.hypotheses}, ensure_ascii=False) + "\n"
