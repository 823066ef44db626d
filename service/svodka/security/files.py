"""Files that may be replaced while the server runs: their last good content counts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from svodka.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Watched", "wrong"]

T = TypeVar("T")


def wrong(setting: str, path: Path | None, problem: str) -> SettingsError:
    """The error about a file that a setting names."""
    return SettingsError(f"setting {setting!r} (SVODKA_{setting.upper()}) = {'none' if path is None else repr(str(path))}: {problem}")


class Watched(Generic[T]):
    """What a few small files say together, read anew whenever it is asked for, from any thread.

    The content itself is compared, since a file's time does not tell two changes within one tick of the clock apart.
    """

    def __init__(self, files: Mapping[str, Path], parse: Callable[[Mapping[str, bytes]], T]) -> None:
        """Read the files, given by the settings that name them.

        Raises:
            SettingsError: a file cannot be read, or `parse` refuses the content.
        """
        self._files = dict(files)
        self._parse = parse
        self._lock = threading.Lock()
        self._log = structlog.get_logger("svodka.security")
        self._told: str | None = None
        self._content = self._read()
        self._value = parse(self._content)

    def latest(self) -> T:
        """What the files say now; while that is wrong, what they said before, and the error is logged once."""
        with self._lock:
            try:
                content = self._read()
            except SettingsError as error:
                self._complain(error)
            else:
                if content != self._content:
                    self._content = content
                    self._take(content)
            return self._value

    def _read(self) -> dict[str, bytes]:
        content = {}
        for setting, path in self._files.items():
            try:
                content[setting] = path.read_bytes()
            except OSError as error:
                raise wrong(setting, path, error.strerror or str(error)) from error
        return content

    def _take(self, content: Mapping[str, bytes]) -> None:
        try:
            self._value = self._parse(content)
        except SettingsError as error:
            self._complain(error)
        else:
            self._told = None
            self._log.info("new files taken", files=[str(path) for path in self._files.values()])

    def _complain(self, error: SettingsError) -> None:
        if str(error) != self._told:
            self._told = str(error)
            self._log.error("new files not taken, the old ones stay in use", problem=str(error))
