"""The articles that were sent and are not answered yet: few at a time, so that a corpus of any size needs little memory."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.v1 import summary_pb2

__all__ = ["Window"]


class Window:
    """At most `size` requests on their way; `requests` is read only as places become free."""

    def __init__(self, requests: Iterator[summary_pb2.SummarizeRequest], size: int) -> None:
        self._requests = requests
        self._size = size
        self._unanswered: dict[str, summary_pb2.SummarizeRequest] = {}
        self._to_send: deque[str] = deque()
        self._refusals: Counter[str] = Counter()

    def to_send(self) -> Iterator[summary_pb2.SummarizeRequest]:
        """What may be sent now: first what has to be sent again, then new requests while there are places."""
        while True:
            if not self._to_send and len(self._unanswered) < self._size and (request := next(self._requests, None)) is not None:
                self._unanswered[request.request_id] = request
                self._to_send.append(request.request_id)
            if not self._to_send:
                return
            # One that was refused may have been answered all the same.
            if (waiting := self._unanswered.get(self._to_send.popleft())) is not None:
                yield waiting

    @property
    def empty(self) -> bool:
        """Whether everything that was read is answered; ask after `to_send` has run dry."""
        return not self._unanswered

    def holds(self, request_id: str) -> bool:
        """Whether a request of that id waits for its answer."""
        return request_id in self._unanswered

    def settle(self, request_id: str) -> None:
        """Take out an article that is answered; its place is free."""
        del self._unanswered[request_id]
        self._refusals.pop(request_id, None)

    def refused(self, request_id: str) -> int:
        """Put an article back to be sent again; how often that was done with it."""
        self._to_send.append(request_id)
        self._refusals[request_id] += 1
        return self._refusals[request_id]

    def send_all_again(self) -> None:
        """The stream broke: whatever is not answered has to be sent anew."""
        self._to_send = deque(self._unanswered)
