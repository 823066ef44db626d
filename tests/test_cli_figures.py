"""`svodka figures`: files and pipes in, JSON lines out."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from svodka.cli.figures import app
from svodka.errors import InvalidRequest

PAIR = {
    "id": "a",
    "source": "On Monday 82 firms paid $8 billion.",
    "source_lang": "en",
    "target": "В понедельник 82 фирмы заплатили 8 млрд долларов.",
    "target_lang": "ru",
    "mode": "translation",
}


def run(*arguments, text=None):
    return CliRunner().invoke(app, list(arguments), input=text, catch_exceptions=True)


def lines(*entries):
    return "".join(entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)


def answers(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_compare_answers_every_line_in_order():
    wrong = PAIR | {"id": 7, "target": "В среду 82 фирмы заплатили 8 млн долларов."}
    first, second = answers(run("compare", "-", text=lines(PAIR, wrong)))
    assert (first["id"], first["verdict"]) == ("a", "ok")
    assert [figure["relation"] for figure in first["figures"]] == ["PRESERVED", "PRESERVED", "PRESERVED"]
    assert (second["id"], second["verdict"]) == (7, "mismatch")
    assert [figure["relation"] for figure in second["figures"]] == ["CHANGED", "PRESERVED", "CHANGED"]
    assert second["figures"][0]["reason"] == "Monday became Wednesday (среду)"


def test_compare_tells_each_figure_with_its_place():
    (answer,) = answers(run("compare", "-", text=lines(PAIR)))
    money = answer["figures"][2]
    assert (
        money["source"].items()
        >= {"text": "$8 billion", "start": 24, "end": 34, "kind": "money", "value": "8000000000", "unit": "USD"}.items()
    )
    assert money["target"].items() >= {"text": "8 млрд долларов", "start": 33, "end": 48, "kind": "money", "value": "8000000000"}.items()


def test_a_figure_without_counterpart_has_null():
    (answer,) = answers(run("compare", "-", text=lines(PAIR | {"target": "82 фирмы заплатили 8 млрд долларов, 14 ушли."})))
    assert [(bool(figure["source"]), bool(figure["target"]), figure["relation"]) for figure in answer["figures"]] == [
        (True, True, "PRESERVED"),
        (True, True, "PRESERVED"),
        (False, True, "UNSUPPORTED"),
        (True, False, "MISSING"),
    ]


def test_compare_reads_a_file_with_a_byte_order_mark_and_empty_lines(tmp_path):
    file = tmp_path / "pairs.jsonl"
    file.write_text("\ufeff" + lines(PAIR, "\n", PAIR | {"id": "b"}), "utf-8")
    assert [answer["id"] for answer in answers(run("compare", str(file)))] == ["a", "b"]


def test_summary_mode_lets_figures_out():
    summary = PAIR | {"mode": "summary", "target": "Фирмы заплатили 8 млрд долларов."}
    (answer,) = answers(run("compare", "-", text=lines(summary)))
    assert (answer["verdict"], len(answer["figures"])) == ("ok", 1)


def without(field):
    return json.dumps({key: value for key, value in PAIR.items() if key != field})


BAD = {
    "no JSON": ("{oops", "is not JSON"),
    "no object": ("[1]", "is not a JSON object"),
    "no id": (without("id"), '"id" must be a string or a whole number'),
    "no target": (without("target"), '"target" must be a string'),
    "text that is a number": (json.dumps(PAIR | {"source": 5}), '"source" must be a string'),
    "unknown language": (json.dumps(PAIR | {"target_lang": "de"}), '"target_lang" must be one of en, ru, not "de"'),
    "no language": (
        json.dumps({key: value for key, value in PAIR.items() if key != "source_lang"}),
        '"source_lang" must be one of en, ru, not null',
    ),
    "unknown mode": (json.dumps(PAIR | {"mode": "loose"}), '"mode" must be "translation" or "summary", not "loose"'),
    "half a surrogate": (json.dumps(PAIR | {"source": "\ud83d"}), '"source" holds half of a surrogate pair'),
    "half a surrogate in the id": (json.dumps(PAIR | {"id": "\ud83d"}), '"id" holds half of a surrogate pair'),
    "deep nesting": ("[" * 100_000, "is not JSON"),
}


@pytest.mark.parametrize(("line", "complaint"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named_and_nothing_is_guessed(line, complaint):
    result = run("compare", "-", text=lines(PAIR, line + "\n", PAIR))
    assert isinstance(result.exception, InvalidRequest)
    assert "line 2: " in str(result.exception)
    assert complaint in str(result.exception)
    assert len(result.stdout.splitlines()) == 1


def test_a_line_that_is_not_utf8_is_named(tmp_path):
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"id": "\xff"}\n')
    result = run("compare", str(file))
    assert "line 1: is not UTF-8" in str(result.exception)


def test_a_file_that_is_not_there_is_named(tmp_path):
    result = run("compare", str(tmp_path / "none.jsonl"))
    assert "No such file" in str(result.exception)


def test_extract_prints_every_figure():
    (figure,) = answers(run("extract", "-", "--lang", "ru", text="Свыше 82 компаний.\n"))
    assert (
        figure.items()
        >= {"text": "82", "start": 6, "end": 8, "kind": "cardinal", "value": "82", "unit": None, "qualifier": "more_than"}.items()
    )


def test_extract_detects_the_language():
    (figure,) = answers(run("extract", "-", text="Форум открылся в понедельник, сообщили организаторы.\n"))
    assert figure["value"] == "Mon"


def test_extract_refuses_another_language():
    result = run("extract", "-", "--lang", "de", text="Montag")
    assert isinstance(result.exception, InvalidRequest)


def test_the_exit_status_of_a_bad_line_is_two():
    command = [sys.executable, "-m", "svodka", "figures", "compare", "-"]
    done = subprocess.run(command, input=lines(PAIR, "{oops\n"), capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert json.loads(done.stdout)["verdict"] == "ok"
