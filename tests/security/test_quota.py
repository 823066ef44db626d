from __future__ import annotations

import asyncio
import contextlib

import pytest

from svodka.errors import QuotaExceeded
from svodka.security.clients import Client
from svodka.security.quota import Quota


class Clock:
    """Goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _client(concurrent: int | None = None, per_minute: int | None = None) -> Client:
    return Client(name="newsroom", digest=b"", max_concurrent_requests=concurrent, requests_per_minute=per_minute)


def _refused(quota: Quota, client: Client) -> QuotaExceeded:
    with pytest.raises(QuotaExceeded) as caught, quota.use(client):
        pytest.fail("was let in")
    return caught.value


def _use(quota: Quota, client: Client, times: int) -> None:
    for _ in range(times):
        with quota.use(client):
            pass


def test_as_many_run_at_once_as_may() -> None:
    quota, client = Quota(), _client(concurrent=2)
    with quota.use(client):
        with quota.use(client):
            error = _refused(quota, client)
            assert (error.client, error.what, error.limit, error.retry_after) == ("newsroom", "concurrent requests", 2, 1.0)
        with contextlib.suppress(KeyError), quota.use(client):
            raise KeyError
        with quota.use(client):
            _refused(quota, client)
    _use(quota, client, 3)


def test_a_whole_minute_s_calls_may_come_at_once_and_more_only_evenly() -> None:
    clock = Clock()
    quota, client = Quota(clock), _client(per_minute=120)
    _use(quota, client, 120)
    error = _refused(quota, client)
    assert (error.what, error.limit, error.retry_after) == ("requests per minute", 120, 0.5)
    assert str(error) == "client 'newsroom' has reached its limit of 120 requests per minute; try again in 0.5 s"
    clock.now += 0.5
    _use(quota, client, 1)
    _refused(quota, client)
    clock.now += 3600
    _use(quota, client, 120)
    _refused(quota, client)


def test_a_call_that_is_refused_uses_up_nothing() -> None:
    quota, client = Quota(Clock()), _client(concurrent=1, per_minute=2)
    with quota.use(client):
        for _ in range(5):
            assert _refused(quota, client).what == "concurrent requests"
    _use(quota, client, 1)
    assert _refused(quota, client).what == "requests per minute"


def test_new_limits_count_for_what_was_used_before() -> None:
    clock = Clock()
    quota = Quota(clock)
    _use(quota, _client(per_minute=100), 50)
    _refused(quota, _client(per_minute=10))
    _use(quota, _client(per_minute=60), 10)
    _refused(quota, _client(per_minute=60))
    _use(quota, _client(), 1000)


async def test_a_stream_s_next_request_waits_for_its_turn() -> None:
    clock = Clock()
    quota, client = Quota(clock), _client(per_minute=6000)
    _use(quota, client, 5999)
    await quota.turn(client)
    waiting = asyncio.ensure_future(quota.turn(client))
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.now += 0.015
    await asyncio.wait_for(waiting, 20)
    _refused(quota, client)
    await quota.turn(_client())
