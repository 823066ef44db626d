"""Decides whether a profile's translators may run at 8 bits: only where figures and chrF are as good as in float32, within the margins.

    python -m benchmarks.quantisation PAIRS.tsv [--profile embedded] [--quantization int8] [--limit 100] [--beam 4]

PAIRS.tsv has a source and its translation a line, with a tab between, English first. Both directions are translated by the same weights in
both forms, guarded as in the server but with nothing repaired. Prints what was measured, the verdict, and the lines for the catalogue.
Exit status: 0 passed, 1 not.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from svodka.inference.catalogue import CATALOGUE_FILE, find_models_dir
from training.data import read_pairs
from training.evaluate import evaluate, load_translator, table

if TYPE_CHECKING:
    from training.evaluate import Scores

# What 8 bits may cost: points of chrF, and a share of the sentences with figures. A tenth of the distance between neighbouring systems.
CHRF_MARGIN, FIGURES_MARGIN = 0.5, 0.01
REFERENCE = "float32"


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
    passed = True
    lines = []
    for reference, quantised in zip(measured[REFERENCE], measured[options.quantization], strict=True):
        chrf = round(quantised.chrf - reference.chrf, 2)
        figures = round(quantised.figures_intact - reference.figures_intact, 4)
        within = chrf >= -CHRF_MARGIN and figures >= -FIGURES_MARGIN
        passed &= within
        print(
            f"{reference.direction}: chrF {chrf:+.2f} (margin {CHRF_MARGIN}), figures intact {figures:+.2%} (margin {FIGURES_MARGIN:.0%})"
        )
        measured_on = f"{options.pairs.name}, {reference.sentences} sentences, beam {options.beam}"
        lines.append(
            f'    {{ direction = "{reference.direction}", quantization = "{options.quantization}", passed = {str(within).lower()}, '
            f'chrf = {chrf}, figures_intact = {figures}, measured_on = "{measured_on}" }},'
        )
    print(
        f"{options.quantization} {'passed' if passed else 'did not pass'}; for the catalogue:\nquantization_gate = [", *lines, "]", sep="\n"
    )
    sys.exit(not passed)


def _measure(form: str, options: argparse.Namespace) -> list[Scores]:
    with tempfile.TemporaryDirectory() as temporary:
        models_dir = _catalogue_with(form, options.profile, find_models_dir(options.models_dir), Path(temporary))
        translator = load_translator(options.profile, models_dir=models_dir, cache_dir=options.cache_dir, threads=options.threads)
    pairs = list(read_pairs(options.pairs))[: options.limit]
    scores = [evaluate(translator, side, beam=options.beam)[0] for side in (pairs, [pair.reversed() for pair in pairs])]
    print(f"{form}:\n{table(scores)}", flush=True)
    return scores


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
