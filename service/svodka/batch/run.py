"""A run: what is not answered yet is asked, and every answer is written before it is counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import grpc

from svodka.batch.articles import read
from svodka.batch.outcome import Outcome, failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from svodka.batch.journal import Journal
    from svodka.v1 import summary_pb2

    Ask = Callable[[Iterator[summary_pb2.SummarizeRequest]], Iterator[summary_pb2.SummarizeResponse]]

__all__ = ["run"]


def run(source: Path, ids: Mapping[str, int], journal: Journal, ask: Ask, show: Callable[[Counter[Outcome]], None]) -> Counter[Outcome]:
    """Ask for what the journal does not have; `show` is told after every answer what came of the articles so far, earlier runs' too.

    `ids` are those of `articles.identify`: lines that came into the file since then are left for another run.

    Raises:
        SvodkaError: as `ask` and the journal.
    """
    tally = Counter(journal.answered[request_id] for request_id in ids if request_id in journal.answered)

    def record(response: summary_pb2.SummarizeResponse) -> None:
        tally[journal.append(response)] += 1
        show(tally)

    def unanswered() -> Iterator[summary_pb2.SummarizeRequest]:
        for article in read(source):
            request_id = article.request.request_id
            if request_id in journal.answered or ids.get(request_id) != article.number:
                continue
            if article.fault:
                record(failure(request_id, grpc.StatusCode.INVALID_ARGUMENT, article.fault))
            else:
                yield article.request

    show(tally)
    for response in ask(unanswered()):
        record(response)
    return tally
