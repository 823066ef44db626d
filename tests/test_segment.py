from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka import figures
from svodka.segment import split

_LINES = (Path(__file__).parent / "segment_cases.tsv").read_text(encoding="utf-8").splitlines()
CASES = [line.split("\t") for line in _LINES if line and not line.startswith("#")]


def _sentences(text: str, language: str) -> list[str]:
    return [sentence.text for sentence in split(text, language, figures.extract(text, language))]


@pytest.mark.parametrize(("language", "marked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_splits_where_an_editor_would(language: str, marked: str) -> None:
    marked = marked.replace("⏎⏎", "\n\n‖").replace("⏎", "\n")
    text = " ".join(marked.split("‖")).replace("\n\n ", "\n\n")
    assert _sentences(text, language) == [sentence.strip() for sentence in marked.split("‖")]


@given(st.text(alphabet="Ab яЮ.!?«»—\"'1259,%$\n ", max_size=200), st.sampled_from(["en", "ru"]))
def test_sentences_are_slices_in_order_and_lose_nothing_but_white_space(text: str, language: str) -> None:
    found = figures.extract(text, language)
    sentences = split(text, language, found)
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in sentences)
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())
    ends = [sentence.end for sentence in sentences]
    assert ends == sorted(ends)
    for figure in found:
        assert not any(figure.start < boundary < figure.end for s in sentences for boundary in (s.start, s.end))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("- Roads cost $2bn.\n\n* Schools cost $3bn.\n\n•  Health is free.", ["Roads cost $2bn.", "Schools cost $3bn.", "Health is free."]),
        ("What it brings:\n• 12 new schools\n• two hospitals", ["What it brings:", "12 new schools", "two hospitals"]),
        ("What it brings:\n  - New schools,\n  - two hospitals.", ["What it brings:", "New schools,", "two hospitals."]),
        ("— Мы готовы, — сказал он.", ["— Мы готовы, — сказал он."]),
        ("- 5 degrees were measured.", ["- 5 degrees were measured."]),
    ],
)
def test_the_mark_of_an_item_is_no_part_of_its_sentence(text: str, sentences: list[str]) -> None:
    assert _sentences(text, "ru" if "Мы" in text else "en") == sentences
