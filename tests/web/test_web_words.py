"""The words of the page: the same keys in both languages, and none that the page asks for is missing."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from svodka.figures.types import Kind, Qualifier, Relation
from svodka.repair.ladder import DROP, RERANK, RUNGS
from svodka.types import Outcome, Policy, Verdict
from svodka.web.words import accepted, words

FOLDER = resources.files("svodka.web")
SCRIPTS = "\n".join(file.read_text(encoding="utf-8") for file in FOLDER.joinpath("static").iterdir() if file.name.endswith(".js"))
TEMPLATE = FOLDER.joinpath("page.html.j2").read_text(encoding="utf-8")
ASKED = {
    *re.findall(r'\bt\("(\w+)"', SCRIPTS),
    *re.findall(r'word\("(\w+)"\)', TEMPLATE),
    *re.findall(r"words\.(\w+)", TEMPLATE),
    *re.findall(r'data-(?:word|label|placeholder)="(\w+)"', TEMPLATE),
    *(f"relation_{relation}" for relation in Relation),
    *(f"legend_{relation}" for relation in Relation),
    *(f"kind_{kind}" for kind in Kind),
    *(f"qualifier_{qualifier}" for qualifier in Qualifier),
    *(f"verdict_{verdict.value}" for verdict in Verdict),
    *(f"verdict_{verdict.value}_told" for verdict in Verdict),
    *(f"policy_{policy.value}" for policy in Policy),
    *(f"outcome_{outcome.value}" for outcome in Outcome),
    *(f"rung_{name}" for name in (RERANK, DROP, *(rung.name for rung in RUNGS))),
}


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    gaps = {language: {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words(language).items()} for language in ("en", "ru")}
    assert gaps["en"] == gaps["ru"]
    assert all(words("en").values())
    assert all(words("ru").values())


@pytest.mark.parametrize("key", sorted(ASKED))
def test_every_word_that_is_asked_for_is_there(key: str) -> None:
    assert key in words("en")


def test_no_word_is_left_that_nobody_asks_for() -> None:
    built = tuple(re.findall(r"`(\w+_)\$\{", SCRIPTS))
    left = {key for key in words("en") if key not in ASKED and f'"{key}"' not in SCRIPTS and not key.startswith(built)}
    assert left == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de, ru;q=0.3, en;q=0.7", "en"),
        ("fr;q=1, *;q=0.5", "en"),
        ("EN;q=0.2, RU;q=0.9", "ru"),
        ("ru;q=x, en;q=0.1", "en"),
        ("ru;q=0", "en"),
        (",,;", "en"),
    ],
)
def test_the_browser_s_wish_decides(header: str, language: str) -> None:
    assert accepted(header) == language
