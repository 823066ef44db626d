"""Makes what training reads: files of pairs -> rules -> both directions -> made-up sentences -> token ids, with a report."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sentencepiece

from svodka.inference.cache import TOKENIZER_FILE
from svodka.inference.convert import write_tokenizer
from training.data import Pair, folded, held_back_sentences, read_training_pairs
from training.examples import HELD_OUT_FILE, TRAIN_FILE, Encoder, Examples
from training.filters import Limits, Rejected, sift
from training.glossed import marked
from training.synthetic import ORIGIN, make_pairs
from training.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.model import Origin
    from training.settings import Settings

__all__ = ["REPORT_FILE", "Sifted", "encoder_of", "prepare", "sifted_pairs", "weight"]

REPORT_FILE, _REJECTED_FILE = "report.json", "rejected.tsv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sifted:
    """Pairs that are fit for training, those that are not, and how many were found where two sides had been shuffled."""

    kept: list[Pair]
    rejected: list[Rejected]
    realigned: int


def prepare(settings: Settings, origin: Origin, data: Path, work: Path) -> dict[str, Any]:
    """Write the examples of a data folder into the folder `work`, and return the report that lies beside them."""
    work.mkdir(parents=True, exist_ok=True)
    sifted = sifted_pairs(settings, data)
    held_out, learnt = _divide(sifted.kept, settings)
    made = list(make_pairs(settings.synthetic.pairs, seed=settings.seed))
    training = [marked(direction) for pair in learnt for direction in (pair, pair.reversed())] + made
    encoder = encoder_of(origin)
    train, too_long = Examples.build(training, [weight(pair, settings) for pair in training], encoder, max_tokens=settings.data.max_tokens)
    both_ways = [direction for pair in held_out for direction in (pair, pair.reversed())]
    measured, _ = Examples.build(both_ways, [1.0] * len(both_ways), encoder, max_tokens=settings.data.max_tokens)
    train.save(work / TRAIN_FILE)
    measured.save(work / HELD_OUT_FILE)
    _write_rejected(work / _REJECTED_FILE, sifted.rejected)
    report = _report(sifted, too_long, made, training, train, measured)
    (work / REPORT_FILE).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return report


def sifted_pairs(settings: Settings, data: Path) -> Sifted:
    """Read the pairs of a data folder, and tell those apart that training would suffer from."""
    options = settings.data
    pairs = list(read_training_pairs(data, options.files))
    witness = None
    if options.witness is not None:
        witness = Witness(read_training_pairs(data, (options.witness,)), least_agreement=options.least_agreement)
    limits = Limits(max_ratio=options.max_ratio, held_back=held_back_sentences(data, options.held_back), witness=witness)
    shuffled = [pair for pair in pairs if witness is not None and witness.contradicts(pair)]
    found = list(witness.realigned(shuffled)) if witness is not None else []
    kept: list[Pair] = []
    rejected: list[Rejected] = []
    for outcome in sift([*pairs, *found], limits):
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        else:
            kept.append(outcome)
    return Sifted(kept=kept, rejected=rejected, realigned=len(found))


def _divide(pairs: Sequence[Pair], settings: Settings) -> tuple[list[Pair], list[Pair]]:
    """Pairs to measure the loss on, and all whose sentences do not stand among them in any language."""
    chance = random.Random(settings.seed)  # noqa: S311  no secret
    eligible = [pair for pair in pairs if pair.origin.startswith(settings.data.held_out_from)]
    measured = chance.sample(eligible, min(settings.data.held_out, len(eligible) // 10))
    seen = {folded(side) for pair in measured for side in (pair.source, pair.target)}
    return measured, [pair for pair in pairs if folded(pair.source) not in seen and folded(pair.target) not in seen]


def weight(pair: Pair, settings: Settings) -> float:
    """How often a pass shows a pair."""
    directions: Mapping[str, float] = settings.data.direction_weights
    glossary = settings.data.glossary_weight if pair.glossary == "confirmed" else 1.0
    return directions.get(f"{pair.source_lang}-{pair.target_lang}", 1.0) * glossary * _weight_of_origin(pair, settings)


def _weight_of_origin(pair: Pair, settings: Settings) -> float:
    if pair.origin == ORIGIN:
        return settings.synthetic.weight
    own = next((weight for name, weight in settings.data.weights.items() if pair.origin.startswith(name)), 1.0)
    return own * (settings.data.figure_weight if pair.figures else 1.0)


def encoder_of(origin: Origin) -> Encoder:
    """What turns pairs into the ids of the model that is trained."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TOKENIZER_FILE
        write_tokenizer(origin.checkpoint.vocabulary, path)
        tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return Encoder(tokenizer, origin.prompts, origin.wording)


def _write_rejected(path: Path, rejected: Iterable[Rejected]) -> None:
    lines = (f"{found.reason}\t{found.pair.origin}\t{found.pair.source}\t{found.pair.target}\n" for found in rejected)
    path.write_text("".join(lines), encoding="utf-8")


def _report(
    sifted: Sifted, too_long: Sequence[Pair], made: Sequence[Pair], training: Sequence[Pair], train: Examples, measured: Examples
) -> dict[str, Any]:
    kept: Counter[str] = Counter(pair.origin for pair in sifted.kept)
    reasons: dict[str, Counter[str]] = {}
    for found in sifted.rejected:
        reasons.setdefault(found.pair.origin, Counter())[found.reason] += 1
    return {
        "files": {
            name: {"kept": kept[name], "rejected": dict(reasons.get(name, Counter()).most_common())} for name in sorted({*kept, *reasons})
        },
        "rejected": dict(Counter(found.reason for found in sifted.rejected).most_common()),
        "realigned": sifted.realigned,
        "pairs with figures": sum(pair.figures for pair in sifted.kept),
        "glossary": dict(Counter(pair.glossary for pair in training if pair.glossary).most_common()),
        "made up": len(made),
        "too long": len(too_long),
        "examples": {name: int((train.directions == number).sum()) for number, name in enumerate(train.names)},
        "held-out examples": len(measured),
        "tokens": int(train.lengths.sum()),
        "tokens of a pass, weighted": round(float(train.lengths @ train.weights)),
        "different tokens in answers": len(train.answer_ids()),
    }
