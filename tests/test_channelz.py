"""What a server tells of itself to channelz, where it is asked to."""

from __future__ import annotations

import grpc
import pytest
from grpc_channelz.v1 import channelz_pb2, channelz_pb2_grpc

from svodka.server import Server
from svodka.settings import Settings


async def _servers(*, channelz: bool) -> channelz_pb2.GetServersResponse:
    server = Server(Settings(port=0, channelz=channelz))
    port = await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = channelz_pb2_grpc.ChannelzStub(channel)
            answer: channelz_pb2.GetServersResponse = await stub.GetServers(channelz_pb2.GetServersRequest(), timeout=20)
            return answer
    finally:
        await server.stop()


async def test_channelz_tells_of_the_server() -> None:
    assert any(server.data.calls_started for server in (await _servers(channelz=True)).server)


async def test_channelz_is_silent_unless_asked() -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await _servers(channelz=False)
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
