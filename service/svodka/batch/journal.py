"""The file of answers: whole lines, each on the disk before its article counts as answered. It is a run's only memory."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from typing import TYPE_CHECKING, BinaryIO, Self

from google.protobuf import descriptor_pool
from google.protobuf.json_format import MessageToJson

from svodka.batch.outcome import Outcome, outcome_of
from svodka.errors import InvalidRequest, SvodkaError
from svodka.v1 import summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from google.protobuf.any_pb2 import Any

__all__ = ["Journal"]

# Of every line that is written here.
_BEGINNING = b'{"requestId": "'


class Journal:
    """An open file of answers, locked for this run; `answered` says what came of every id in it."""

    def __init__(self, path: Path, *, retry_errors: bool = False) -> None:
        """Open the file or make it, and read what it holds; a last line that was torn by a kill is cut off.

        With `retry_errors`, the answers that are errors are taken out, so that their articles count as unanswered.

        Raises:
            InvalidRequest: it cannot be opened, another run writes it, or a line of it is no answer.
        """
        self._path = path.resolve()
        self.answered: dict[str, Outcome] = {}
        with _told(path):
            if self._path.exists() and not self._path.is_file():
                raise InvalidRequest.field(str(path), "is no ordinary file, which a later run could read")
            self._file = self._open()
            try:
                self._read()
                if retry_errors and Outcome.FAILED in self.answered.values():
                    self._drop_errors()
            except BaseException:
                self._file.close()
                raise

    def append(self, response: summary_pb2.SummarizeResponse) -> Outcome:
        """Write an answer and wait until it is on the disk.

        Raises:
            SvodkaError: it cannot be written.
        """
        try:
            self._file.write(_line(response))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise SvodkaError(f"{self._path}: {error.strerror or error}") from error
        outcome = self.answered[response.request_id] = outcome_of(response)
        return outcome

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        # What a full disk left in the buffer is a torn line; the next run cuts it off.
        with contextlib.suppress(OSError):
            self.close()

    def _open(self) -> BinaryIO:
        file = self._path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise self._taken() from error
        # Another run may have put a new file in its place between the two.
        if not self._path.exists() or not os.path.samestat(self._path.stat(), os.fstat(file.fileno())):
            file.close()
            raise self._taken()
        _sync_folder(self._path)
        return file

    def _taken(self) -> InvalidRequest:
        return InvalidRequest.field(str(self._path), "another run is writing to it")

    def _read(self) -> None:
        whole = 0
        self._file.seek(0)
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                # Nothing is cut off a file that is none of ours.
                if not line.startswith(_BEGINNING[: len(line)]):
                    raise self._no_answer(number)
                break
            try:
                request_id, outcome = _read_line(line)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise self._no_answer(number) from error
            self.answered[request_id] = outcome
            whole += len(line)
        self._file.truncate(whole)

    def _no_answer(self, number: int) -> InvalidRequest:
        return InvalidRequest.field(f"{self._path}, line {number}", "is no answer of an earlier run; name another file, or remove the line")

    def _drop_errors(self) -> None:
        """Write the file anew without its errors, beside it, and put it in its place in one step."""
        beside = self._path.with_name(f"{self._path.name}.new")
        with beside.open("wb") as file:
            self._file.seek(0)
            file.writelines(line for line in self._file if _read_line(line)[1] is not Outcome.FAILED)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(self._path, beside)
        beside.replace(self._path)
        self._file.close()
        self._file = self._open()
        self.answered = {request_id: outcome for request_id, outcome in self.answered.items() if outcome is not Outcome.FAILED}


def _read_line(line: bytes) -> tuple[str, Outcome]:
    entry = json.loads(line)
    request_id = entry["requestId"]
    if not isinstance(request_id, str):
        raise TypeError(request_id)
    return request_id, Outcome.FAILED if "error" in entry else Outcome[entry["verdict"]]


def _line(response: summary_pb2.SummarizeResponse) -> bytes:
    """An answer as `svodka summarize --json` prints it, in one line; an error without the fields that it leaves unset."""
    failed = response.HasField("error")
    if failed and not all(_printable(detail) for detail in response.error.details):
        response = summary_pb2.SummarizeResponse.FromString(response.SerializeToString())
        known = [detail for detail in response.error.details if _printable(detail)]
        del response.error.details[:]
        response.error.details.extend(known)
    text = MessageToJson(response, indent=None, ensure_ascii=False, always_print_fields_with_no_presence=not failed)
    return text.encode() + b"\n"


def _printable(detail: Any) -> bool:
    """Whether JSON can show it: only what is of a known type."""
    try:
        descriptor_pool.Default().FindMessageTypeByName(detail.TypeName())
    except KeyError:
        return False
    return True


def _sync_folder(path: Path) -> None:
    """Make sure that the name of a new file is on the disk, too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InvalidRequest.field(str(path), error.strerror or str(error)) from error
