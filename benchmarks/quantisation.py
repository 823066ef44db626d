"""Decides whether a profile's translators may run at 8 bits: only where figures and chrF are as good as in float32, within the margins.

    python -m benchmarks.quantisation PAIRS.tsv [--profile embedded] [--quantization int8] [--limit 500] [--beam 4]

PAIRS.tsv has a source and its translation a line, with a tab between, English first. Both directions are translated by the same weights in
both forms, guarded as in the server but with nothing repaired. Of each difference, a 95% interval is found by bootstrap over the sentences:
8 bits pass where all of it lies above what they may cost, fail where all lies below; otherwise more sentences are needed. Prints what was
measured, the verdict, and the lines for the catalogue. Exit status: 0 passed, 1 failed, 2 undecided.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sacrebleu.metrics.chrf import CHRF

from svodka.figures import CheckVerdict
from svodka.inference.catalogue import CATALOGUE_FILE, find_models_dir
from training.data import read_pairs
from training.evaluate import evaluate, load_translator, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.evaluate import Judged

# What 8 bits may cost: points of chrF, and a share of the sentences with figures.
CHRF_MARGIN, FIGURES_MARGIN = 0.5, 0.02
REFERENCE = "float32"
VERDICTS = ("passed", "failed", "undecided")
_RESAMPLES, _SEED = 10_000, 1


def main() -> None:
    """Measure both forms, print the verdict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--profile", default="embedded")
    parser.add_argument("--quantization", default="int8")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--models-dir", type=Path)
    parser.add_argument("--cache-dir", type=Path)
    options = parser.parse_args()
    measured = {form: _measure(form, options) for form in (REFERENCE, options.quantization)}
    verdicts = []
    lines = []
    for reference, quantised in zip(measured[REFERENCE], measured[options.quantization], strict=True):
        direction = f"{reference[0].pair.source_lang}-{reference[0].pair.target_lang}"
        chrf, figures = _chrf(quantised) - _chrf(reference), _intact(quantised) - _intact(reference)
        verdict = max((_verdict(chrf, CHRF_MARGIN), _verdict(figures, FIGURES_MARGIN)), key=("passed", "undecided", "failed").index)
        verdicts.append(verdict)
        print(
            f"{direction}: chrF {_told(chrf)} (margin {CHRF_MARGIN}), figures intact {_told(figures)} (margin {FIGURES_MARGIN}): {verdict}"
        )
        measured_on = f"{options.pairs.name}, {len(reference)} sentences, beam {options.beam}"
        lines.append(
            f'    {{ direction = "{direction}", quantization = "{options.quantization}", verdict = "{verdict}", chrf = {chrf.mean():.2f}, '
            f'figures_intact = {figures.mean():.3f}, measured_on = "{measured_on}" }},'
        )
    print("for the catalogue:\nquantization_gate = [", *lines, "]", sep="\n")
    sys.exit(1 if "failed" in verdicts else max(VERDICTS.index(verdict) for verdict in verdicts))


def _measure(form: str, options: argparse.Namespace) -> list[list[Judged]]:
    with tempfile.TemporaryDirectory() as temporary:
        models_dir = _catalogue_with(form, options.profile, find_models_dir(options.models_dir), Path(temporary))
        translator = load_translator(options.profile, models_dir=models_dir, cache_dir=options.cache_dir, threads=options.threads)
    pairs = list(read_pairs(options.pairs))[: options.limit]
    found = [evaluate(translator, side, beam=options.beam) for side in (pairs, [pair.reversed() for pair in pairs])]
    print(f"{form}:\n{table([scores for scores, _ in found])}", flush=True)
    return [judged for _, judged in found]


def _chrf(judged: Sequence[Judged]) -> np.ndarray:
    return np.array([CHRF().sentence_score(found.text, [found.pair.target]).score for found in judged])


def _intact(judged: Sequence[Judged]) -> np.ndarray:
    """1 or 0 for each sentence that has figures."""
    return np.array([float(found.figures == CheckVerdict.OK) for found in judged if found.figures])


def _interval(differences: np.ndarray) -> tuple[float, float]:
    drawn = np.random.default_rng(_SEED).integers(0, len(differences), (_RESAMPLES, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _verdict(differences: np.ndarray, margin: float) -> str:
    low, high = _interval(differences)
    return "passed" if low >= -margin else "failed" if high < -margin else "undecided"


def _told(differences: np.ndarray) -> str:
    low, high = _interval(differences)
    return f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def _catalogue_with(form: str, profile: str, models_dir: Path, target: Path) -> Path:
    """A folder like that of the catalogue, where the profile has another quantisation."""
    for path in models_dir.iterdir():
        if path.name != CATALOGUE_FILE:
            (target / path.name).symlink_to(path.resolve())
    text = (models_dir / CATALOGUE_FILE).read_text(encoding="utf-8")
    section = re.compile(rf'(\[profiles\.{re.escape(profile)}\][^\[]*?quantization = )"\w+"')
    changed, times = section.subn(rf'\1"{form}"', text)
    if times != 1:
        sys.exit(f"the catalogue of {models_dir} does not state the quantisation of profile {profile!r} where it is looked for")
    (target / CATALOGUE_FILE).write_text(changed, encoding="utf-8")
    return target


if __name__ == "__main__":
    main()
