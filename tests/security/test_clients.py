from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svodka.errors import InvalidRequest, SettingsError, Unauthenticated
from svodka.security.clients import Client, Clients, entry_of

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "kSx0-token-of-the-newsroom"
OTHER = "9fQ_-token-of-the-archive"
EXPECTED = "send the header 'authorization: Bearer TOKEN'"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.toml"
    path.write_text(
        f"{entry_of('newsroom', TOKEN)}\nmax_concurrent_requests = 4\nrequests_per_minute = 120\n{entry_of('archive', OTHER)}\n"
    )
    return path


def _bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("user-agent", "x"), ("authorization", f"Bearer {token}"))


def _named(client: Client) -> tuple[str, int | None, int | None]:
    return client.name, client.max_concurrent_requests, client.requests_per_minute


def test_a_token_names_its_client(file: Path) -> None:
    clients = Clients(file)
    assert _named(clients.identify(_bearer(TOKEN))) == ("newsroom", 4, 120)
    assert _named(clients.identify(_bearer(OTHER))) == ("archive", None, None)
    assert clients.identify([("authorization", f"bearer {TOKEN}")]).name == "newsroom"


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ((), "no 'authorization' header"),
        ((("authorization-bin", b"Bearer " + TOKEN.encode()),), "no 'authorization' header"),
        ((*_bearer(TOKEN), *_bearer(TOKEN)), "more than one 'authorization' header"),
        ((("authorization", TOKEN),), "has another form"),
        ((("authorization", f"Basic {TOKEN}"),), "has another form"),
        ((("authorization", "Bearer "),), "has another form"),
        ((("authorization", f"Bearer  {TOKEN}"),), "has another form"),
        ((("authorization", b"Bearer \xff"),), "unknown token"),
        (_bearer(TOKEN + "x"), "unknown token"),
        (_bearer(TOKEN.upper()), "unknown token"),
    ],
    ids=["none", "binary", "two", "bare", "basic", "empty", "two spaces", "bytes", "longer", "upper case"],
)
def test_anything_else_is_refused_without_repeating_it(file: Path, metadata: Any, message: str) -> None:
    with pytest.raises(Unauthenticated, match=message) as caught:
        Clients(file).identify(metadata)
    assert EXPECTED in str(caught.value)
    assert TOKEN.lower() not in str(caught.value).lower()


def test_a_changed_file_counts_at_once(file: Path) -> None:
    clients = Clients(file)
    file.write_text(entry_of("desk", OTHER))
    assert clients.identify(_bearer(OTHER)).name == "desk"
    with pytest.raises(Unauthenticated):
        clients.identify(_bearer(TOKEN))


@pytest.mark.parametrize("content", ["[newsroom", "", "[newsroom]\ntoken_sha256 = 1\n", None], ids=["no TOML", "empty", "wrong", "gone"])
def test_a_broken_new_file_leaves_the_old_one_and_is_told_once(file: Path, logged: list[Any], content: str | None) -> None:
    clients = Clients(file)
    good = file.read_text()
    file.unlink() if content is None else file.write_text(content)
    for _ in range(3):
        assert clients.identify(_bearer(TOKEN)).name == "newsroom"
    assert [entry["log_level"] for entry in logged] == ["error"]
    assert str(file) in logged[0]["problem"]
    file.write_text(good.replace("newsroom", "desk"))
    assert clients.identify(_bearer(TOKEN)).name == "desk"


HASH = "0" * 64


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("", "names no client"),
        ("[newsroom", "is no TOML in UTF-8"),
        (b"\xff", "is no TOML in UTF-8"),
        ("newsroom = 1\n", "newsroom: "),
        ("[newsroom]\n", "newsroom.token_sha256: Field required"),
        (f'[newsroom]\ntoken_sha256 = "{TOKEN}"\n', "newsroom.token_sha256: String should match pattern"),
        (f'[newsroom]\ntoken = "{TOKEN}"\ntoken_sha256 = "{HASH}"\n', "newsroom.token: Extra inputs are not permitted"),
        (f'[newsroom]\ntoken_sha256 = "{HASH}"\nrequests_per_minute = 0\n', "newsroom.requests_per_minute: .*greater than or equal to 1"),
        (f'[newsroom]\ntoken_sha256 = "{HASH}"\nmax_concurrent_requests = "4"\n', "newsroom.max_concurrent_requests: .*valid integer"),
        (f'[newsroom]\ntoken_sha256 = "{HASH}"\n[desk]\ntoken_sha256 = "{HASH}"\n', "newsroom.token_sha256: is that of desk, too"),
    ],
)
def test_a_wrong_file_stops_the_start_and_names_client_and_key(file: Path, content: str | bytes | None, message: str) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=rf"'clients_file' \(SVODKA_CLIENTS_FILE\) = '.*clients.toml': {message}") as caught:
        Clients(file)
    assert TOKEN not in str(caught.value)


def test_a_name_that_toml_would_read_otherwise_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"name: 'news\.room' is not of the letters"):
        entry_of("news.room", TOKEN)
