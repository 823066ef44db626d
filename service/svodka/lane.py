"""A bounded queue of calls before a few threads: what is over its bounds is refused at once, what nobody waits for is never begun."""

from __future__ import annotations

import asyncio
import contextvars
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from svodka.call import Call, working_for
from svodka.errors import DeadlineExceeded, Overloaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from svodka.metrics import Metrics
    from svodka.turns import Turns

__all__ = ["Lane"]

T = TypeVar("T")

# Weight of the latest answer in the running mean of seconds a token.
_SMOOTHING = 0.2
_LEAST_RETRY_SECONDS = 1.0
# What is accepted should be answered in time, or it only takes the time of others: without this, a server that was asked for four times
# what it can do answered a third of what it can. Some work is dearer than it looks, so what is foreseen must fit so many times.
_CAUTION = 1.5
# What a thread that stops at the deadline needs to put its answer together.
_SPARE_SECONDS = 0.25


class Lane:
    """Does pieces of work in threads of its own, for the event loop's thread alone."""

    def __init__(self, name: str, *, threads: int, max_calls: int, max_tokens: int, metrics: Metrics, turns: Turns) -> None:
        """Make the threads.

        Args:
            name: as the metrics name it.
            threads: calls that are worked on at once.
            max_calls: calls that are accepted at once, the waiting ones included.
            max_tokens: tokens of work that are accepted at once; a single call may have more.
            metrics: are told of the queue and of refusals.
            turns: the threads take turns with each other, and with those of other lanes that have the same.
        """
        self._name = name
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=f"svodka-{name}")
        self._max_calls = max_calls
        self._max_tokens = max_tokens
        self._metrics = metrics
        self._turns = turns
        self._calls = 0
        self._tokens = 0
        self._room = asyncio.Condition()
        self._seconds_a_token = 0.0
        self._counted_from = 0.0  # when the last answer was given, or work began again
        metrics.queued(name, 0, 0)

    @property
    def calls(self) -> int:
        """Calls that are accepted and not answered yet."""
        return self._calls

    async def do(self, work: Callable[[], T], *, tokens: int, call: Call, patient: bool = False) -> T:
        """Do a piece of work in a thread, for a call.

        Args:
            work: is not begun where the call is over before its turn.
            tokens: how much work it is.
            call: is cancelled when this returns, whatever way it does: the thread stops at its next step.
            patient: whether to wait for room instead of being refused.

        Raises:
            Overloaded: there is no room, or the answer would hardly be ready in time; its `retry_after` is when it may be otherwise.
            DeadlineExceeded: the call's deadline passed.
        """
        if patient:
            await self._wait_for_room(tokens, call)
        else:
            self._refuse_without_room(tokens, call)
        self._enter(tokens)
        try:
            answer = await self._in_thread(work, call)
        except DeadlineExceeded:
            self._metrics.refused(self._name, "expired")
            raise
        finally:
            call.cancel()
            await self._leave(tokens)
        now = time.monotonic()
        self.learn(tokens, now - self._counted_from)
        self._counted_from = now
        return answer

    def learn(self, tokens: int, seconds: float) -> None:
        """Take note that so much work took so long; where it was done, nothing else was answered in that time."""
        latest = seconds / max(1, tokens)
        self._seconds_a_token += (_SMOOTHING if self._seconds_a_token else 1.0) * (latest - self._seconds_a_token)

    def close(self) -> None:
        """Give the threads back; work not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T], call: Call) -> T:
        with working_for(call):
            context = contextvars.copy_context()

        def checked() -> T:
            with self._turns.taken():
                call.check()
                return work()

        remaining = call.remaining
        try:
            async with asyncio.timeout(None if remaining is None else remaining + _SPARE_SECONDS) as limit:
                return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, checked)
        except TimeoutError:
            if not limit.expired():
                raise
            raise DeadlineExceeded from None

    def _has_room(self, tokens: int) -> bool:
        return self._calls == 0 or (self._calls < self._max_calls and self._tokens + tokens <= self._max_tokens)

    def _refuse_without_room(self, tokens: int, call: Call) -> None:
        seconds = self._tokens * self._seconds_a_token
        if not self._has_room(tokens):
            taken = f"{self._calls} of {self._max_calls} requests, {self._tokens} of {self._max_tokens} tokens"
            self._refuse("full", taken, seconds)
        needed = _CAUTION * (seconds + tokens * self._seconds_a_token)
        if self._calls and call.remaining is not None and call.remaining < needed:
            self._refuse(
                "late", f"the answer may take {needed:.0f} s, and its deadline is in {call.remaining:.0f} s", needed - call.remaining
            )

    def _refuse(self, reason: str, taken: str, retry_after: float) -> None:
        self._metrics.refused(self._name, reason)
        raise Overloaded(taken, max(_LEAST_RETRY_SECONDS, retry_after))

    async def _wait_for_room(self, tokens: int, call: Call) -> None:
        async with self._room:
            try:
                async with asyncio.timeout(call.remaining):
                    await self._room.wait_for(lambda: self._has_room(tokens))
            except TimeoutError:
                raise DeadlineExceeded from None

    def _enter(self, tokens: int) -> None:
        if self._calls == 0:
            self._counted_from = time.monotonic()
        self._calls += 1
        self._tokens += tokens
        self._metrics.queued(self._name, self._calls, self._tokens)

    async def _leave(self, tokens: int) -> None:
        self._calls -= 1
        self._tokens -= tokens
        self._metrics.queued(self._name, self._calls, self._tokens)
        async with self._room:
            self._room.notify_all()
