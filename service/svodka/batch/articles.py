"""The file of requests: one SummarizeRequest a line in protobuf JSON, read lazily, each with an id."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.json_format import Parse, ParseError

from svodka.errors import FieldViolation, InvalidRequest
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Article", "identify", "read"]

# Half of a SHA-256: no two lines of a corpus share that by chance.
_DIGEST_CHARACTERS = 32
_TOLD_DUPLICATES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A line of the file. Its request always has an id; where the line is no request, `fault` says why, and the id is `line-N`."""

    number: int
    offset: int  # where the line begins, bytes
    request: summary_pb2.SummarizeRequest
    fault: str = ""


def read(path: Path, *, number: int = 1, offset: int = 0) -> Iterator[Article]:
    """The lines that are not empty, one at a time. A request without an id gets one made of its line and of how often that came before.

    Args:
        path: the file.
        number: of the line to begin with; what came before it does not count for the ids.
        offset: where that line begins.

    Raises:
        InvalidRequest: the file cannot be read.
    """
    seen: Counter[bytes] = Counter()
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for at, raw in enumerate(file, start=number):
                line = (raw.removeprefix(b"\xef\xbb\xbf") if at == 1 else raw).strip()
                if line:
                    yield _parse(at, offset, line, seen)
                offset += len(raw)
    except OSError as error:
        raise InvalidRequest.field(str(path), error.strerror or str(error)) from error


def identify(path: Path) -> dict[str, int]:
    """The ids of all lines, with their numbers.

    Raises:
        InvalidRequest: the file cannot be read, or an id stands in two lines; both are told.
    """
    numbers: dict[str, int] = {}
    duplicates: list[FieldViolation] = []
    for article in read(path):
        request_id = article.request.request_id
        first = numbers.setdefault(request_id, article.number)
        if first != article.number and len(duplicates) < _TOLD_DUPLICATES:
            told = f"the request id {request_id!r} stands in line {first} already"
            duplicates.append(FieldViolation(field=f"{path}, line {article.number}", description=told))
    if duplicates:
        raise InvalidRequest(*duplicates)
    return numbers


def _parse(number: int, offset: int, line: bytes, seen: Counter[bytes]) -> Article:
    try:
        if not line.startswith(b"{"):
            raise ParseError("is not a JSON object")
        request = Parse(line.decode(), summary_pb2.SummarizeRequest())
    except UnicodeDecodeError as error:
        return _unreadable(number, offset, f"is not UTF-8: byte {line[error.start]:#04x} at {error.start}")
    except ParseError as error:
        return _unreadable(number, offset, f"is no SummarizeRequest in protobuf JSON: {error}")
    request.ClearField("report_progress")  # answers alone are counted and written
    if not request.request_id:
        digest = hashlib.sha256(line)
        seen[digest.digest()] += 1
        request.request_id = f"{digest.hexdigest()[:_DIGEST_CHARACTERS]}-{seen[digest.digest()]}"
    return Article(number=number, offset=offset, request=request)


def _unreadable(number: int, offset: int, fault: str) -> Article:
    request = summary_pb2.SummarizeRequest(request_id=f"line-{number}")
    return Article(number=number, offset=offset, request=request, fault=f"line {number} {fault}")
