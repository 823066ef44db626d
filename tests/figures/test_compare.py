"""The comparison, case by case: `cases/compare.*.tsv`, one pair of texts a line."""

import re
from collections import Counter
from pathlib import Path

import pytest

from svodka.figures import CheckVerdict, Mode, Relation, compare

CASES = Path(__file__).parent / "cases"
COLUMNS = 8


def read(path):
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield path.stem.removeprefix("compare."), *line.split("\t")


ROWS = [row for path in sorted(CASES.glob("compare.*.tsv")) for row in read(path)]


def surface(figure):
    return figure.text if figure else "∅"


@pytest.mark.parametrize("row", ROWS, ids=[f"{topic}-{case}" for topic, case, *_ in ROWS])
def test_case(row):
    _, _, mode, source_lang, source, target_lang, target, verdict, relations = row
    comparison = compare(source, target, source_lang=source_lang, target_lang=target_lang, mode=Mode(mode))
    told = "; ".join(f"{pair.relation} {surface(pair.source)} → {surface(pair.target)}" for pair in comparison.pairs)
    assert (comparison.verdict, told) == (CheckVerdict(verdict), relations)


def test_the_tables_are_well_formed():
    assert {len(row) for row in ROWS} == {COLUMNS + 1}
    names = Counter(f"{topic}-{case}" for topic, case, *_ in ROWS)
    assert [name for name, times in names.items() if times > 1] == []
    pattern = re.compile(rf"^(?:(?:{'|'.join(Relation)}) .+ → .+)?$")
    assert all(pattern.match(relation) for row in ROWS for relation in row[-1].split("; "))


def test_the_tables_hold_both_verdicts_of_every_topic():
    verdicts = Counter((topic, verdict == "ok") for topic, *_, verdict, _ in ROWS)
    one_sided = {"qualifiers", "parts"}
    topics = {topic for topic, _ in verdicts} - one_sided
    assert len(ROWS) >= 400
    assert all(verdicts[topic, right] >= 2 for topic in topics for right in (True, False))
