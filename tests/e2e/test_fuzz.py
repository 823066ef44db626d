"""Ten thousand messages that the contract's types allow, and bytes that they do not: no answer is INTERNAL or UNKNOWN."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svodka.v1 import figures_pb2, summary_service_pb2

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from .conftest import RunningServer

pytestmark = pytest.mark.models

SERVICE = summary_service_pb2.DESCRIPTOR.services_by_name["SummaryService"]
METHODS = {method.name: method for method in SERVICE.methods}
ROUNDS = 100
AT_ONCE = 64
SECONDS = 300
WRONG = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}

TAGS = st.sampled_from(["", "", "de", "EN", "ru-RU", "en_US", "und", "x" * 50, "э", "\0", "en", "ru"])
NEWS = st.sampled_from(
    [
        "It cost over $8 billion.",  # short ones: what is translated takes nearly all of the time
        "Более 1,5 тыс. человек.",
        "1/2/3 4:5 6-7 8,9 10.11 €№§ 5°",
        "The 3rd 3rd.",
    ]
)
# Lone halves of surrogate pairs cannot be sent at all.
CHARACTERS = st.characters(codec="utf-8")
FIGURES = st.text(st.sampled_from("0123456789.,:-–—/%$€№ ktmтмлрдXIVсч'\"«»()\n\t"), max_size=60)
TEXTS = st.one_of(st.text(CHARACTERS, max_size=60), FIGURES, NEWS)


def values(field: FieldDescriptor, name: str) -> st.SearchStrategy[Any]:
    """Of a field's type; most values of its range are wrong, which is the point."""
    if field.message_type is not None:
        return messages(field.message_type)
    if field.type == FieldDescriptor.TYPE_STRING:
        return TAGS if "language" in name or name == "profile" else TEXTS
    if field.type == FieldDescriptor.TYPE_ENUM:
        return st.one_of(st.integers(0, 4), st.integers(-(2**31), 2**31 - 1))
    if field.type == FieldDescriptor.TYPE_INT32:
        return st.one_of(st.integers(-1, 4), st.integers(-(2**31), 2**31 - 1))
    if field.type == FieldDescriptor.TYPE_BOOL:
        return st.booleans()
    raise AssertionError(f"no values for {field.full_name}")


@st.composite
def messages(draw: st.DrawFn, descriptor: Descriptor) -> Message:
    """A message with any of its fields."""
    message = GetMessageClass(descriptor)()
    for field in descriptor.fields:
        if field.is_repeated:
            for value in draw(st.lists(values(field, field.name), max_size=2)):
                if field.message_type is not None:
                    getattr(message, field.name).add().CopyFrom(value)
                else:
                    getattr(message, field.name).append(value)
        elif draw(st.booleans()):
            value = draw(values(field, field.name))
            if field.message_type is not None:
                getattr(message, field.name).CopyFrom(value)
            else:
                setattr(message, field.name, value)
    return message


@st.composite
def rounds(draw: st.DrawFn) -> list[tuple[str, bytes]]:
    """Calls of every method: three messages in every order, any number as one (protobuf merges what is joined), bytes cut out."""
    made: list[tuple[str, bytes]] = []
    for name, method in METHODS.items():
        drawn = [draw(messages(method.input_type)).SerializeToString() for _ in range(3)]
        joined = [b"".join(some) for count in (1, 2, 3) for some in itertools.permutations(drawn, count)]
        wrong = [draw(st.binary(max_size=40)), _cut(joined[-1], draw(st.floats(0, 1)))]
        made += [(name, raw) for raw in (*joined, *wrong)]
    return made


def _cut(raw: bytes, share: float) -> bytes:
    at = int(share * len(raw))
    return raw[:at] + raw[at + 1 :]


class Caller:
    """Makes the calls of a round side by side, as bytes, and counts what comes back."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.codes: Counter[tuple[str, grpc.StatusCode]] = Counter()

    async def round(self, made: list[tuple[str, bytes]]) -> None:
        places = asyncio.Semaphore(AT_ONCE)
        async with grpc.aio.insecure_channel(self._address) as channel, asyncio.TaskGroup() as group:
            for method, raw in made:
                group.create_task(self._call(channel, places, method, raw))

    async def _call(self, channel: grpc.aio.Channel, places: asyncio.Semaphore, method: str, raw: bytes) -> None:
        path = f"/{SERVICE.full_name}/{method}"
        code = grpc.StatusCode.OK
        async with places:
            try:
                if METHODS[method].client_streaming:
                    async for _ in channel.stream_stream(path)(iter([raw]), timeout=SECONDS):
                        pass
                else:
                    await channel.unary_unary(path)(raw, timeout=SECONDS)
            except grpc.aio.AioRpcError as error:
                code = error.code()
        assert code not in WRONG, (method, raw, code)
        self.codes[method, code] += 1


def test_no_request_makes_the_server_fail(server: RunningServer) -> None:
    caller = Caller(server.address)

    @settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(rounds())
    def fuzz(made: list[tuple[str, bytes]]) -> None:
        asyncio.run(caller.round(made))

    fuzz()
    assert caller.codes.total() >= 10_000
    codes = {code for _, code in caller.codes}
    assert {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT} <= codes
    assert all(any(called == method for called, _ in caller.codes) for method in METHODS)
    assert server.stub.ExtractFigures(figures_pb2.ExtractFiguresRequest(text="It cost $8."), timeout=SECONDS).figures
