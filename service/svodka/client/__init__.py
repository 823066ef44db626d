"""Calling Svodka from Python: `Client` for threads, `AsyncClient` for asyncio. Requests and answers are the messages of `svodka.v1`."""

from svodka.channel import Connection
from svodka.client.aio import AsyncClient
from svodka.client.blocking import Client
from svodka.client.errors import (
    AnswerNotVerified,
    CallFailed,
    DeadlinePassed,
    NobodyThere,
    NotLetIn,
    QuotaUsedUp,
    RequestRefused,
    TryLater,
    article_error,
)

__all__ = [
    "AnswerNotVerified",
    "AsyncClient",
    "CallFailed",
    "Client",
    "Connection",
    "DeadlinePassed",
    "NobodyThere",
    "NotLetIn",
    "QuotaUsedUp",
    "RequestRefused",
    "TryLater",
    "article_error",
]
