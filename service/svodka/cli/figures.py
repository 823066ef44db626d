"""`svodka figures`: the figure engine on files and pipes, without models."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svodka.cli.console import read_text
from svodka.errors import InvalidRequest
from svodka.figures import Mode, compare, extract, value_text
from svodka.types import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from svodka.figures import Comparison, Figure

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Read and compare the figures of texts.")

LangOption = Annotated[str | None, typer.Option(help="Language of the text (en, ru); default: detected.")]


@app.command("extract")
def extract_command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Plain text in UTF-8.")],
    lang: LangOption = None,
) -> None:
    """Print every figure of a text, one JSON object a line; offsets are code points."""
    from svodka.language import resolve

    text = read_text(file)
    for figure in extract(text, resolve(lang, text, field="--lang", text_field=file)):
        _print(_figure_json(figure))


@app.command("compare")
def compare_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.jsonl|-",
            help='One pair a line: {"id", "source", "source_lang", "target", "target_lang", "mode": "translation" or "summary"}.',
        ),
    ],
) -> None:
    """Print what became of every figure of each pair, one JSON object a line, in the order of the input."""
    for number, line in _lines(file):
        try:
            key, pair = _parse(line)
        except ValueError as error:
            raise InvalidRequest.field(f"{file}, line {number}", str(error)) from error
        _print(_comparison_json(key, compare(**pair)))


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers, as they come."""
    with _opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _opened(file: str) -> contextlib.AbstractContextManager[BinaryIO]:
    if file == "-":
        return contextlib.nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise InvalidRequest.field(file, error.strerror or str(error)) from error


def _parse(line: bytes) -> tuple[str | int, dict[str, Any]]:
    """The id of a line and the arguments of its comparison. Raises ValueError with what is wrong."""
    try:
        entry = json.loads(line)
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise ValueError("is not JSON that nests so deep") from error
    if not isinstance(entry, dict):
        raise ValueError("is not a JSON object")
    key = entry.get("id")
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise ValueError('"id" must be a string or a whole number')
    if isinstance(key, str):
        _require_text(key, "id")
    pair: dict[str, Any] = {name: _text(entry, name) for name in ("source", "target")}
    pair |= {name: _language(entry, name) for name in ("source_lang", "target_lang")}
    return key, pair | {"mode": _mode(entry)}


def _text(entry: dict[str, Any], name: str) -> str:
    text = entry.get(name)
    if not isinstance(text, str):
        raise ValueError(f'"{name}" must be a string')
    _require_text(text, name)
    return text


def _require_text(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f'"{name}" holds half of a surrogate pair, which is no text') from error


def _language(entry: dict[str, Any], name: str) -> str:
    tag = entry.get(name)
    primary = tag.replace("_", "-").split("-")[0].lower() if isinstance(tag, str) else None
    if primary not in LANGUAGES:
        raise ValueError(f'"{name}" must be one of {", ".join(LANGUAGES)}, not {json.dumps(tag)}')
    return primary


def _mode(entry: dict[str, Any]) -> Mode:
    try:
        return Mode(entry.get("mode", Mode.TRANSLATION))
    except ValueError:
        raise ValueError(f'"mode" must be "translation" or "summary", not {json.dumps(entry["mode"])}') from None


def _comparison_json(key: str | int, comparison: Comparison) -> dict[str, Any]:
    return {
        "id": key,
        "verdict": comparison.verdict.value,
        "figures": [
            {
                "source": _figure_json(pair.source) if pair.source else None,
                "target": _figure_json(pair.target) if pair.target else None,
                "relation": pair.relation.value,
                "reason": pair.reason,
                "minor": pair.minor,
            }
            for pair in comparison.pairs
        ],
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "start": figure.start,
        "end": figure.end,
        "kind": figure.kind.value,
        "value": value_text(figure.value),
        "unit": figure.unit,
        "qualifier": figure.qualifier.value if figure.qualifier else None,
        "counted": figure.counted,
        "doubt": figure.doubt,
    }


def _print(entry: dict[str, Any]) -> None:
    """One line, at once: the reader of a pipe need not wait for the last."""
    sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")
    sys.stdout.flush()
