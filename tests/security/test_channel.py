from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svodka.channel import Connection, find_way
from svodka.errors import SettingsError
from svodka.security.exposure import is_loopback

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Authority

TOKEN = "kSx0-token-of-the-newsroom"


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "newsroom.token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_what_never_leaves_this_machine(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize("target", ["127.0.0.1:1", "localhost:1", "[::1]:1"])
def test_a_token_goes_to_this_machine_in_plaintext(target: str, token_file: Path) -> None:
    assert find_way(Connection(target=target, token_file=token_file)).metadata == (("authorization", f"Bearer {TOKEN}"),)


@pytest.mark.parametrize(
    "target",
    [
        "10.0.0.1:1",
        "news.example.org:1",
        "0.0.0.0:1",
        "dns://10.0.0.1/localhost:1",
        "ipv4:127.0.0.1:1,10.0.0.1:1",
        "::1:443",
        "example.org",
    ],
)
def test_a_token_goes_nowhere_else_in_plaintext(target: str, token_file: Path, authority: Authority) -> None:
    with pytest.raises(SettingsError, match="in plaintext, for anybody on the way to read; give --tls-ca") as caught:
        find_way(Connection(target=target, token_file=token_file))
    assert TOKEN not in str(caught.value)
    assert find_way(Connection(target=target, token_file=token_file, tls_ca=authority.file)).credentials is not None


@pytest.mark.parametrize("content", [b"", b"\n", b"two words\n", b"one\ntwo\n", "жетон".encode(), b"a\x00b"])
def test_a_file_without_a_token_is_told_without_repeating_it(token_file: Path, content: bytes) -> None:
    token_file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"newsroom.token: holds no token: one line of ASCII without spaces, and nothing else$"):
        find_way(Connection(target="127.0.0.1:1", token_file=token_file))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tls_cert": "client.pem", "tls_key": "client.key"}, "--tls-cert and --tls-key need --tls-ca"),
        ({"tls_ca": "ca.pem", "tls_cert": "client.pem"}, "--tls-cert and --tls-key need each other"),
        ({"tls_ca": "ca.pem", "tls_key": "client.key"}, "--tls-cert and --tls-key need each other"),
        ({"tls_ca": "none.pem"}, "none.pem: No such file"),
        ({"tls_ca": "client.key"}, "client.key: holds no certificate in PEM"),
        ({"tls_ca": "ca.pem", "tls_cert": "client.key", "tls_key": "client.key"}, "client.key: holds no certificate in PEM"),
        ({"tls_ca": "ca.pem", "tls_cert": "client.pem", "tls_key": "client.pem"}, "client.pem: holds no private key in PEM"),
        ({"tls_ca": "ca.pem", "tls_cert": "client.pem", "tls_key": "other.key"}, "other.key: is not the key of the certificate"),
        ({"token_file": "none.token"}, "none.token: No such file"),
    ],
)
def test_files_that_are_wrong_or_do_not_go_together_are_told(authority: Authority, given: dict[str, Any], message: str) -> None:
    authority.issue("client")
    authority.issue("other")
    folder = authority.file.parent
    connection = Connection(target="127.0.0.1:1", **{key: folder / name for key, name in given.items()})
    with pytest.raises(SettingsError, match=message):
        find_way(connection)
