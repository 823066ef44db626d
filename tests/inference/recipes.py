"""Models for processes of tests: what they do is told by their names."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from svodka.errors import ModelDamaged


class Model:
    """Answers, fails, ends its process or hangs."""

    def __init__(self) -> None:
        self._meetings: dict[int, threading.Barrier] = {}

    def echo(self, text: str, *, times: int = 1) -> str:
        return text * times

    def meet(self, many: int) -> int:
        """Wait until so many are here; return the number of this one."""
        return self._meetings.setdefault(many, threading.Barrier(many)).wait(10)

    def fail(self) -> None:
        raise ValueError("wrong on purpose")

    def die(self) -> None:
        os._exit(9)

    def hang(self) -> None:
        threading.Event().wait()


@dataclass(frozen=True)
class GoodRecipe:
    def load(self) -> Model:
        return Model()


@dataclass(frozen=True)
class DamagedRecipe:
    def load(self) -> Model:
        raise ModelDamaged("the file is not the expected one")


@dataclass(frozen=True)
class DyingRecipe:
    def load(self) -> Model:
        os._exit(9)
