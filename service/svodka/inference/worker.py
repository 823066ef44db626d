"""A model in a process of its own, so that it can be lost, or killed when it hangs, and started again while the server lives on."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from svodka.errors import ModelLost, SvodkaError
from svodka.turns import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

__all__ = ["ModelRecipe", "Recipe", "Worker"]

_READY = "ready"
_START_SECONDS = 120.0  # hashing and loading take two seconds on an idle machine
_CLOSE_SECONDS = 2.0
# How far a process lets others go first: with all cores computing, the server must still hear and refuse at once.
_NICENESS = 10
# A call that took so long has used much memory, and has time to give it back.
_LONG_SECONDS = 0.1
# Of glibc's malloc.h. Threads that search would each keep freed memory of their own. What is as large as a step's scores would be strewn
# over the heap, amid what stays: the kernel gives that, and has it back at once.
_M_MMAP_THRESHOLD, _LARGE = -3, 1 << 20
_M_ARENA_MAX = -8


class Recipe(Protocol):
    """How a process comes by its model; is pickled, between two processes of ours alone."""

    def load(self) -> object:
        """Load the model.

        Raises:
            SvodkaError: it cannot be loaded.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRecipe:
    """A model of a profile."""

    profile: str
    model: str  # its name in the catalogue
    models_dir: Path | None
    catalogue_file: Path | None
    cache_dir: Path | None
    threads: int
    batch_tokens: int  # as in `load_generator`

    def load(self) -> object:
        """Load the model, here.

        Raises:
            ModelError, UnknownProfile: as `load_profile`.
        """
        from svodka.inference import runtime  # the inference libraries stay out of the server's own process

        return runtime.load_model(
            self.profile,
            self.model,
            models_dir=self.models_dir,
            catalogue_file=self.catalogue_file,
            cache_dir=self.cache_dir,
            threads=self.threads,
            batch_tokens=self.batch_tokens,
        )


class Worker:
    """Calls the methods of a model that lives in another process, so many calls at a time.

    `start` may be called again once the process is lost; callers wait for that as long as their own patience lasts.
    """

    def __init__(self, name: str, recipe: Recipe, *, at_once: int = 1) -> None:
        """Take what the process is made from; nothing is started yet.

        Args:
            name: the model's, for those who operate the server.
            recipe: how the process loads it.
            at_once: calls that it answers at a time; the model must be safe to call from so many threads.
        """
        self.name = name
        self.at_once = at_once
        self.load_seconds = 0.0
        self._recipe = recipe
        self._changed = threading.Condition()
        self._process: BaseProcess | None = None
        self._connections: tuple[Connection, ...] = ()  # none while the process is down
        self._free: list[Connection] = []  # those of them that no call uses
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Of the process; None before the first start."""
        return None if self._process is None else self._process.pid

    @property
    def sentinel(self) -> int:
        """A file descriptor that turns readable when the process ends."""
        if self._process is None:
            raise ModelLost(self.name)
        return self._process.sentinel

    def start(self) -> None:
        """Start the process and wait until it has loaded the model.

        Raises:
            SvodkaError: what loading raised there; ModelLost where the process ended or hung instead.
        """
        started = time.monotonic()
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        ours, theirs = zip(*(context.Pipe() for _ in range(self.at_once)), strict=True)
        process = context.Process(target=_serve, args=(theirs, self._recipe), name=f"svodka-{self.name}", daemon=True)
        process.start()
        for connection in theirs:
            connection.close()
        try:
            answer = ours[0].recv() if ours[0].poll(_START_SECONDS) else None
        except EOFError:
            answer = None
        if answer != _READY:
            _end(process, ours)
            raise answer if isinstance(answer, SvodkaError) else ModelLost(self.name)
        self.load_seconds = time.monotonic() - started
        with self._changed:
            self._process, self._connections, self._free = process, ours, list(ours)
            self._changed.notify_all()

    def call(self, method: str, *args: Any, limit: float, **options: Any) -> Any:
        """What `method` of the model returns.

        Args:
            method: its name.
            args: sent to the process, as are `options`.
            limit: seconds that the call may take; longer ones hang, and their process is killed.

        Raises:
            ModelLost: the process ended before it answered.
        """
        with waiting():
            connection = self._taken()
            try:
                connection.send((method, args, options))
                if not connection.poll(limit):
                    raise TimeoutError
                succeeded, answer = connection.recv()
            except (EOFError, OSError) as error:  # TimeoutError is an OSError
                self._lose(connection)
                connection.close()
                raise ModelLost(self.name) from error
            self._give_back(connection)
        if succeeded:
            return answer
        raise answer

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    def lose(self) -> None:
        """Take note that the process is lost: calls wait from now on until it is started again."""
        with self._changed:
            connections = self._connections
        if connections:
            self._lose(connections[0])

    def close(self) -> None:
        """End the process; whoever waits for it gets ModelLost."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.lose()

    def _taken(self) -> Connection:
        """A connection that no other call uses, once there is one; while the process is up, that may take as long as those calls."""
        with self._changed:
            while not self._free:
                self._changed.wait_for(lambda: self._closed or self._connections, _START_SECONDS)
                if not self._connections:
                    raise ModelLost(self.name)
                self._changed.wait_for(lambda: self._free or not self._connections)
            return self._free.pop()

    def _give_back(self, connection: Connection) -> None:
        with self._changed:
            if connection in self._connections:
                self._free.append(connection)
                self._changed.notify_all()
            else:
                connection.close()  # the process was lost since it answered

    def _lose(self, connection: Connection) -> None:
        """End the process that has this connection. Calls that use another one close it: they are told of the end by it."""
        with self._changed:
            if connection not in self._connections:  # started again already, or closed
                return
            process, free = self._process, self._free
            self._connections, self._free = (), []
            self._changed.notify_all()
        if process is not None:
            _end(process, free)


def _end(process: BaseProcess, connections: Sequence[Connection]) -> None:
    process.kill()
    process.join(_CLOSE_SECONDS)
    for connection in connections:
        connection.close()


def _serve(connections: Sequence[Connection], recipe: Recipe) -> None:
    """In the process: load, then answer calls, one of each connection at a time, until the server closes them or is gone."""
    # Read as the libraries' OpenMP is loaded: threads that wait by spinning take the cores from the other processes.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.nice(_NICENESS)  # before there are other threads: they inherit it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the server drains, and needs its models for that
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    allocator = ctypes.CDLL(None)
    give_back = getattr(allocator, "malloc_trim", None)  # glibc alone keeps what was freed, and has it
    if give_back is not None:
        allocator.mallopt(_M_ARENA_MAX, 1)
        allocator.mallopt(_M_MMAP_THRESHOLD, _LARGE)
    try:
        model = recipe.load()
    except SvodkaError as error:
        connections[0].send(error)
        return
    connections[0].send(_READY)
    with ThreadPoolExecutor(len(connections)) as pool:
        list(pool.map(lambda connection: _answer_calls(connection, model, give_back), connections))


def _answer_calls(connection: Connection, model: object, give_back: Callable[[int], int] | None) -> None:
    """Answer call after call, until the connection is closed."""
    while True:
        try:
            method, args, options = connection.recv()
        except (EOFError, OSError):
            return
        started = time.monotonic()
        connection.send(_answered(getattr(model, method), args, options))
        if give_back is not None and time.monotonic() - started > _LONG_SECONDS:
            give_back(0)


def _answered(method: Callable[..., object], args: tuple[Any, ...], options: dict[str, Any]) -> tuple[bool, object]:
    try:
        return True, method(*args, **options)
    except Exception as error:  # noqa: BLE001 (whatever it is belongs to the caller)
        return False, error


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(0)
