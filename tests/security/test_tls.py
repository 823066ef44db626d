from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from grpc_health.v1 import health_pb2, health_pb2_grpc

from svodka.errors import SettingsError
from svodka.security.tls import ServerCertificate
from svodka.server import Server
from svodka.settings import load_settings
from svodka.v1 import info_pb2, summary_service_pb2_grpc

from .conftest import EXPIRED, FUTURE, serving

if TYPE_CHECKING:
    import contextlib

    from .conftest import Authority, Files


def _serving(files: Files, **others: object) -> contextlib.AbstractAsyncContextManager[int]:
    return serving(tls_certificate=files.certificate, tls_key=files.key, **others)


def _tls(authority: Authority, client: Files | None = None) -> grpc.ChannelCredentials:
    if client is None:
        return grpc.ssl_channel_credentials(authority.pem)
    return grpc.ssl_channel_credentials(authority.pem, client.key.read_bytes(), client.certificate.read_bytes())


async def _version(port: int, credentials: grpc.ChannelCredentials | None) -> str:
    """The version, over a connection of its own."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    address = f"localhost:{port}"
    make = grpc.aio.insecure_channel(address, options) if credentials is None else grpc.aio.secure_channel(address, credentials, options)
    async with make as channel:
        answer = await summary_service_pb2_grpc.SummaryServiceStub(channel).GetServiceInfo(info_pb2.GetServiceInfoRequest(), timeout=20)
    return answer.version


async def _refused(port: int, credentials: grpc.ChannelCredentials | None) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _version(port, credentials)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def _shown(port: int, authority: Authority) -> bytes:
    """The certificate that a new connection is shown."""
    context = ssl.create_default_context(cadata=authority.pem.decode())
    context.set_alpn_protocols(["h2"])
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return certificate


def _der(files: Files) -> bytes:
    return ssl.PEM_cert_to_DER_cert(files.certificate.read_text())


async def test_over_tls_the_server_answers_and_in_plaintext_it_does_not(authority: Authority, stranger: Authority) -> None:
    async with _serving(authority.issue("server")) as port:
        assert await _version(port, _tls(authority))
        await _refused(port, None)
        await _refused(port, _tls(stranger))


async def test_with_an_authority_of_clients_only_its_certificates_get_in(authority: Authority, stranger: Authority, tmp_path: Path) -> None:
    clients_ca = stranger  # the clients' authority need not be the server's
    async with _serving(authority.issue("server"), tls_client_ca=clients_ca.file) as port:
        assert await _version(port, _tls(authority, clients_ca.issue("client")))
        await _refused(port, _tls(authority))
        await _refused(port, _tls(authority, authority.issue("client")))
        await _refused(port, _tls(authority, clients_ca.issue("late", days=EXPIRED)))


async def test_a_new_certificate_counts_for_new_connections_and_old_ones_go_on(authority: Authority, logged: list[Any]) -> None:
    served = authority.issue("server")
    first = _der(served)
    async with _serving(served) as port, grpc.aio.secure_channel(f"localhost:{port}", _tls(authority)) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        await health.Check(health_pb2.HealthCheckRequest(), timeout=20)
        assert await _shown(port, authority) == first
        assert authority.issue("server") == served
        assert _der(served) != first
        assert await _shown(port, authority) == _der(served)
        await health.Check(health_pb2.HealthCheckRequest(), timeout=20)
        assert await _version(port, _tls(authority))
    assert [entry["files"] for entry in logged if entry["event"] == "new files taken"] == [[str(served.certificate), str(served.key)]]


@pytest.mark.parametrize("damage", ["another certificate", "no PEM", "gone", "expired"])
async def test_a_wrong_new_certificate_leaves_the_old_one_and_is_told_once(authority: Authority, logged: list[Any], damage: str) -> None:
    served = authority.issue("server")
    good = served.certificate.read_bytes()
    first = _der(served)
    async with _serving(served) as port:
        if damage == "another certificate":
            served.certificate.write_bytes(authority.issue("other").certificate.read_bytes())
        elif damage == "no PEM":
            served.certificate.write_bytes(good[:40])
        elif damage == "gone":
            served.certificate.unlink()
        else:
            authority.issue("server", days=EXPIRED)
        for _ in range(3):
            assert await _shown(port, authority) == first
        errors = [entry for entry in logged if entry["log_level"] == "error"]
        assert [entry["event"] for entry in errors] == ["new files not taken, the old ones stay in use"]
        assert str(authority.file.parent) in errors[0]["problem"]
        authority.issue("server")
        assert await _shown(port, authority) == _der(served) != first


def _encrypted(files: Files) -> None:
    key = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
    form = serialization.PrivateFormat.PKCS8
    files.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.BestAvailableEncryption(b"secret")))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda files, _: files.certificate.unlink(), r"'tls_certificate' \(SVODKA_TLS_CERTIFICATE\) = '.*server.pem': No such file"),
        (lambda files, _: files.key.unlink(), r"'tls_key' \(SVODKA_TLS_KEY\) = '.*server.key': No such file"),
        (lambda files, _: files.certificate.write_text("x"), r"'tls_certificate' .*server.pem': holds no certificate in PEM"),
        (lambda files, _: files.key.write_text("x"), r"'tls_key' .*server.key': holds no private key in PEM without a password"),
        (lambda files, _: _encrypted(files), r"'tls_key' .*server.key': holds no private key in PEM without a password"),
        (
            lambda files, authority: files.key.write_bytes(authority.issue("other").key.read_bytes()),
            r"'tls_key' .*server.key': is not the key of the certificate",
        ),
        (
            lambda _, authority: authority.issue("server", days=EXPIRED),
            r"'tls_certificate' .*server.pem': the certificate expired at 20",
        ),
        (
            lambda _, authority: authority.issue("server", days=FUTURE),
            r"'tls_certificate' .*server.pem': the certificate is not valid before",
        ),
        (lambda _, authority: authority.file.write_text("x"), r"'tls_client_ca' .*ca.pem': holds no certificate in PEM"),
        (lambda _, authority: authority.file.unlink(), r"'tls_client_ca' .*ca.pem': No such file"),
    ],
    ids=[
        "no certificate",
        "no key",
        "bad certificate",
        "bad key",
        "password",
        "other key",
        "expired",
        "future",
        "bad authority",
        "no authority",
    ],
)
def test_wrong_files_stop_the_start(authority: Authority, damage: Any, message: str) -> None:
    files = authority.issue("server")
    settings = load_settings({"tls_certificate": files.certificate, "tls_key": files.key, "tls_client_ca": authority.file})
    damage(files, authority)
    with pytest.raises(SettingsError, match=message):
        Server(settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tls_key": Path("a.key")}, r"'tls_certificate' \(SVODKA_TLS_CERTIFICATE\) = none: is needed with tls_key"),
        ({"tls_client_ca": Path("a.pem")}, r"'tls_certificate' .* = none: is needed"),
        ({"tls_certificate": Path("a.pem")}, r"'tls_key' \(SVODKA_TLS_KEY\) = none: is needed with tls_certificate"),
    ],
)
def test_a_setting_without_those_that_it_needs_stops_the_start(settings: dict[str, Path], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        ServerCertificate.of(load_settings(settings))


def test_without_settings_there_is_no_tls() -> None:
    assert ServerCertificate.of(load_settings()) is None


def test_the_time_left_is_that_of_the_newest_certificate_and_little_of_it_is_told(authority: Authority, logged: list[Any]) -> None:
    day = 24 * 3600
    files = authority.issue("server", days=(-1, 2))
    certificate = ServerCertificate(files.certificate, files.key)
    assert certificate.seconds_left() == pytest.approx(2 * day, abs=60)
    assert [(entry["log_level"], entry["event"]) for entry in logged] == [("warning", "the certificate expires soon")]
    authority.issue("server", days=(-1, 90))
    assert certificate.seconds_left() == pytest.approx(90 * day, abs=60)
    ServerCertificate(files.certificate, files.key)
    assert [entry["log_level"] for entry in logged] == ["warning", "info"]


@pytest.mark.parametrize(
    ("host", "warnings"), [("127.0.0.1", []), ("::1", []), ("localhost", []), ("0.0.0.0", [["clients_file"]]), ("::", [["clients_file"]])]
)
async def test_a_server_that_others_can_reach_unguarded_says_so(
    authority: Authority, logged: list[Any], host: str, warnings: list[Any]
) -> None:
    try:
        async with _serving(authority.issue("server"), host=host):
            pass
    except SettingsError:
        if ":" in host:
            pytest.skip("no IPv6 here")
        raise
    assert [entry["not_set"] for entry in logged if entry["log_level"] == "warning"] == warnings
