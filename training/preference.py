"""Which of a translator's own hypotheses it is to prefer, by what it is measured by: pairs of a better and a worse one, as token ids."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from sacrebleu.metrics.chrf import CHRF

from svodka.adequacy import faults
from svodka.figures import CheckVerdict, compare
from training.examples import HELD_OUT_FILE, TRAIN_FILE, Examples
from training.prepare import encoder_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from training.data import Pair
    from training.hypotheses import Translated
    from training.model import Origin
    from training.settings import PreferenceSettings, Settings

__all__ = ["prepare_preference", "reward", "rivals"]

_Rivals = tuple["Pair", "Pair"]  # with the better hypothesis for a target, and with the worse


def prepare_preference(settings: Settings, origin: Origin, translated: Iterable[Translated], work: Path) -> dict[str, int]:
    """Write examples of better hypotheses, and of the worse ones beside them, into the folder `work`; return how many there are."""
    work.mkdir(parents=True, exist_ok=True)
    found = list(rivals(translated, settings.preference))
    random.Random(settings.seed).shuffle(found)  # noqa: S311  no secret
    held_out = min(settings.data.held_out, len(found) // 10)
    encoder = encoder_of(origin)
    counts: dict[str, int] = {}
    for name, chosen in ((HELD_OUT_FILE, found[:held_out]), (TRAIN_FILE, found[held_out:])):
        longest = settings.data.max_tokens
        fitting = [two for two in chosen if all(sum(map(len, encoder.encode(pair))) <= longest for pair in two)]
        better, worse = (Examples.build(pairs, [1.0] * len(pairs), encoder, max_tokens=longest)[0] for pairs in _sides(fitting))
        replace(better, rivals=worse).save(work / name)
        counts[name] = len(better)
    return counts


def rivals(translated: Iterable[Translated], options: PreferenceSettings) -> Iterator[_Rivals]:
    """The best and the worst hypothesis of each sentence, where they differ enough, and the best is near enough to the translation."""
    for found in translated:
        rewards = [reward(found.pair, text, options) for text in found.hypotheses]
        if not rewards:
            continue
        best, worst = int(np.argmax(rewards)), int(np.argmin(rewards))
        if rewards[best] - rewards[worst] >= options.least_gap and rewards[best] >= options.least_reward:
            yield replace(found.pair, target=found.hypotheses[best]), replace(found.pair, target=found.hypotheses[worst])


def reward(pair: Pair, hypothesis: str, options: PreferenceSettings) -> float:
    """How good a hypothesis is: its chrF against the pair's target, less what wrong figures and other faults cost."""
    gained = float(CHRF().sentence_score(hypothesis, [pair.target]).score)
    checked = compare(pair.source, hypothesis, source_lang=pair.source_lang, target_lang=pair.target_lang)
    wrong_figures = checked.verdict is not CheckVerdict.OK
    faulty = bool(faults(pair.source, hypothesis, target_lang=pair.target_lang))
    return gained - options.figures_cost * wrong_figures - options.faults_cost * faulty


def _sides(found: Sequence[_Rivals]) -> tuple[list[Pair], list[Pair]]:
    return [better for better, _ in found], [worse for _, worse in found]
