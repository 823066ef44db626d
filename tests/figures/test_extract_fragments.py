"""News is cut anywhere: a fragment of any case's text, from or up to any word, is read without fail."""

import re
from pathlib import Path

import pytest

from svodka.figures import extract

_FILES = sorted((Path(__file__).parent / "cases").glob("extract.*.tsv"))


def _texts(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [re.sub(r"[\[\]]", "", line.split("\t")[1]) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_any_fragment_is_read(file: Path) -> None:
    lang = file.stem.split(".")[1]
    for text in _texts(file):
        for word in re.finditer(r"\w+|[^\w\s]", text):
            for fragment in (text[: word.end()], text[word.start() :]):
                assert all(fragment[figure.start : figure.end] == figure.text for figure in extract(fragment, lang))
