"""The file of requests: ids, lines that are none, duplicates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from svodka.batch.articles import identify, read
from svodka.errors import InvalidRequest

if TYPE_CHECKING:
    from pathlib import Path


def _file(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "in.jsonl"
    path.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines))
    return path


def test_both_spellings_of_fields_and_all_of_a_request(tmp_path: Path) -> None:
    line = {"requestId": "b", "text": "Текст.", "target_languages": ["en"], "length": {"maxSentences": 2}, "policy": "STRICT"}
    first, second = read(_file(tmp_path, '{"request_id": "a", "text": "One."}', "", json.dumps(line)))
    assert (first.number, first.request.request_id, first.request.text, first.fault) == (1, "a", "One.", "")
    assert (second.number, second.request.request_id, second.request.text) == (3, "b", "Текст.")
    assert (list(second.request.target_languages), second.request.length.max_sentences) == (["en"], 2)


def test_an_id_that_is_not_given_is_made_of_the_line_and_its_occurrence(tmp_path: Path) -> None:
    one, two = '{"text": "One."}', '{"text": "Two."}'
    ids = [article.request.request_id for article in read(_file(tmp_path, one, two, one + "  "))]
    again = [article.request.request_id for article in read(_file(tmp_path, two, one, one))]
    assert ids[0].removesuffix("-1") == ids[2].removesuffix("-2")
    assert len(set(ids)) == 3
    assert sorted(again) == sorted(ids)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("text", "line 2 is no SummarizeRequest in protobuf JSON: is not a JSON object"),
        ("[]", "is not a JSON object"),
        ('""', "is not a JSON object"),
        ('{"text": "x"', "Failed to load JSON"),
        ('{"text": 5}', "Failed to parse text field"),
        ('{"headline": "x"}', 'has no field named "headline"'),
        ('{"policy": "LAX"}', "Invalid enum value LAX"),
        ('{"text": "\\ud800"}', "Unpaired surrogate"),
        (b'{"text": "\xff"}', "line 2 is not UTF-8: byte 0xff at 10"),
        ('{"a":' * 100_000, "line 2 is no SummarizeRequest"),
    ],
)
def test_a_line_that_is_no_request_is_told_and_the_next_is_read(tmp_path: Path, line: str | bytes, fault: str) -> None:
    _, wrong, last = read(_file(tmp_path, '{"text": "One."}', line, '{"requestId": "last"}'))
    assert wrong.request.request_id == "line-2"
    assert fault in wrong.fault
    assert (last.request.request_id, last.fault) == ("last", "")


def test_a_byte_order_mark_and_a_last_line_without_end_are_read(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"requestId": "a"}\r\n{"requestId": "b"}')
    assert identify(path) == {"a": 1, "b": 2}


def test_duplicates_are_refused_with_their_lines(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"requestId": "a"}', '{"requestId": "b"}', '{"requestId": "a"}', "nothing", '{"requestId": "line-4"}')
    with pytest.raises(InvalidRequest) as caught:
        identify(path)
    assert [violation.field for violation in caught.value.violations] == [f"{path}, line 3", f"{path}, line 5"]
    assert "'a' stands in line 1 already" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"none\.jsonl: No such file"):
        identify(tmp_path / "none.jsonl")


def test_a_line_cannot_ask_for_progress_which_would_count_as_its_answer(tmp_path: Path) -> None:
    (article,) = read(_file(tmp_path, '{"text": "One.", "reportProgress": true}'))
    assert article.request.report_progress is False
    assert article.fault == ""
