"""How the figure check does on real translations: pairs flagged for each system, altered figures caught, other spellings forgiven.

    python benchmarks/figures_systems.py flagged --data FOLDER [--dump FOLDER]
    python benchmarks/figures_systems.py altered --data FOLDER [--dump FOLDER]
    python benchmarks/figures_systems.py rewritten --data FOLDER [--dump FOLDER]

The folder holds tab-separated files, `source<TAB>target` a line, whose names end in the languages: `*.en-ru.tsv`, `*.ru-en.tsv`.
Alterations and rewritings are made in the text, by patterns of their own, so that what the reader overlooks counts against it.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from figures_edits import ALTERATIONS, REWRITINGS, Edit

from svodka.figures import CheckVerdict, Comparison, compare, extract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = re.compile(r"\.(en|ru)-(en|ru)\.tsv$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """A line of a data file."""

    file: str
    line: int
    source: str
    source_lang: str
    target: str
    target_lang: str

    def check(self, target: str | None = None) -> Comparison:
        """What the engine says, of this target or another."""
        text = self.target if target is None else target
        return compare(self.source, text, source_lang=self.source_lang, target_lang=self.target_lang)


def translations(folder: Path, pattern: str) -> Iterator[Translation]:
    """Every pair of the files that match, file by file."""
    for path in sorted(folder.glob(pattern)):
        languages = NAME.search(path.name)
        if languages is None:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            source, _, target = line.partition("\t")
            yield Translation(
                file=path.name, line=number, source=source, source_lang=languages[1], target=target.strip(), target_lang=languages[2]
            )


def reasons(comparison: Comparison) -> str:
    """What the comparison holds against the pair."""
    return "; ".join(f"{pair.relation}: {pair.reason}" for pair in comparison.pairs if pair.reason and not pair.minor)


def dumped(folder: Path | None, name: str, rows: list[tuple[str, ...]]) -> None:
    """Write rows where a folder was asked for."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")


BLOCK = 500
# A translation of which more than a fifth disagrees in its figures is a translation of something else: lines out of step.
OUT_OF_STEP = 0.2


@dataclass(kw_only=True)
class Tally:
    """What became of the pairs of a block of lines."""

    pairs: int = 0
    figures: int = 0
    uncertain: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, pair: Translation, comparison: Comparison) -> None:
        """Count a pair, and keep it where it is flagged."""
        self.pairs += 1
        self.figures += bool(comparison.pairs)
        self.uncertain += comparison.verdict is CheckVerdict.UNCERTAIN
        if comparison.verdict is not CheckVerdict.OK:
            self.rows.append((pair.file, str(pair.line), comparison.verdict.value, reasons(comparison), pair.source, pair.target))

    @property
    def in_step(self) -> bool:
        """Whether the lines of the block are translations of each other."""
        return len(self.rows) <= OUT_OF_STEP * self.figures


def flagged(args: argparse.Namespace) -> None:
    """Share of pairs flagged, file by file, without the stretches of a file whose lines are out of step."""
    blocks: dict[tuple[str, int], Tally] = {}
    started = time.perf_counter()
    for pair in translations(args.data, args.files):
        blocks.setdefault((pair.file, (pair.line - 1) // BLOCK), Tally()).add(pair, pair.check())
    elapsed = time.perf_counter() - started
    for name in dict.fromkeys(file for file, _ in blocks):
        tallies = [tally for (file, _), tally in blocks.items() if file == name]
        report(name, [tally for tally in tallies if tally.in_step], sum(tally.pairs for tally in tallies if not tally.in_step))
    total = sum(tally.pairs for tally in blocks.values())
    print(f"{total} pairs in {elapsed:.1f} s, {elapsed / max(1, total) * 1e6:.0f} µs a pair")
    dumped(args.dump, "flagged.tsv", [row for tally in blocks.values() if tally.in_step for row in tally.rows])


def report(name: str, tallies: list[Tally], left_out: int) -> None:
    """A line on one file."""
    pairs, figures = sum(tally.pairs for tally in tallies), sum(tally.figures for tally in tallies)
    refused, uncertain = sum(len(tally.rows) for tally in tallies), sum(tally.uncertain for tally in tallies)
    share = f"{refused / max(1, figures):.2%}"
    note = f"; {left_out} pairs out of step are left out" if left_out else ""
    print(f"{name:46} {pairs:6} pairs, {figures:5} with figures, {refused:4} flagged ({share}), {uncertain} uncertain{note}")


def edited(args: argparse.Namespace, edits: tuple[Edit, ...], caught: Callable[[Comparison], bool], name: str) -> None:
    """Apply each edit where it applies to pairs that pass as they are; count the verdicts that are as they should be."""
    chance = random.Random(args.seed)  # noqa: S311
    tried: Counter[str] = Counter()
    right: Counter[str] = Counter()
    rows: list[tuple[str, ...]] = []
    for pair in translations(args.data, args.files):
        if not extract(pair.target, pair.target_lang) or pair.check().verdict is not CheckVerdict.OK:
            continue
        for edit in edits:
            target = edit.apply(pair.target, pair.target_lang, chance)
            if target is None or target == pair.target:
                continue
            comparison = pair.check(target)
            tried[edit.name] += 1
            if caught(comparison):
                right[edit.name] += 1
            else:
                rows.append((edit.name, pair.file, str(pair.line), reasons(comparison), pair.source, pair.target, target))
    for edit in edits:
        if tried[edit.name]:
            print(f"{edit.name:24} {right[edit.name]:6} of {tried[edit.name]:6} ({right[edit.name] / tried[edit.name]:.2%})")
    print(f"{'all':24} {right.total():6} of {tried.total():6} ({right.total() / max(1, tried.total()):.2%})")
    dumped(args.dump, f"{name}.tsv", rows)


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("flagged", "altered", "rewritten"))
    parser.add_argument("--data", type=Path, required=True, help="folder of tab-separated files")
    parser.add_argument("--files", default=None, help="pattern of file names (flagged: systems and human; else human)")
    parser.add_argument("--dump", type=Path, default=None, help="folder for the pairs that need reading")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.files is None:
        args.files = "*.tsv" if args.what == "flagged" else "train.human.*.tsv"
    if args.what == "flagged":
        flagged(args)
    elif args.what == "altered":
        edited(args, ALTERATIONS, lambda comparison: comparison.verdict is not CheckVerdict.OK, "missed")
    else:
        edited(args, REWRITINGS, lambda comparison: comparison.verdict is CheckVerdict.OK, "refused")


if __name__ == "__main__":
    main()
