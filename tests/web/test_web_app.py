"""The page's routes before a whole server over fakes: what it asks for, what it is answered, what is refused."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import trustme

from fake_server import fake_server
from fakes import FakeTranslator
from svodka.channel import Connection
from svodka.security.clients import entry_of
from svodka.web.app import build_app
from svodka.web.door import MAX_BODY_BYTES
from svodka.web.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PAGE = "http://127.0.0.1:8080"
RIGHT = "The forum opened on 14 August."
SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
HOPELESS = "The town has 82 ships."
TRANSLATOR = FakeTranslator(
    {
        HOPELESS: ["Корабли стоят."],
        SENTENCE: ["Фирма заплатила 8 млн долларов за 82 корабля 8 октября."],
        RIGHT: ["Форум открылся 14 августа."],
    }
)


async def _client(connection: Connection) -> AsyncIterator[httpx2.AsyncClient]:
    app = build_app(lambda: Gateway(connection, timeout=60), ["127.0.0.1", "News.example"])
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=PAGE) as client:
        yield client


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    async with fake_server(monkeypatch, TRANSLATOR) as address:
        async for client in _client(Connection(target=address)):
            yield client


@pytest.fixture
async def lost() -> AsyncIterator[httpx2.AsyncClient]:
    """A page whose server is not there."""
    async for client in _client(Connection(target="127.0.0.1:1")):
        yield client


async def _post(client: httpx2.AsyncClient, path: str, body: Any, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(path, content=content, headers={"origin": PAGE, "content-type": "application/json", **headers})


async def test_an_article_gets_its_steps_and_then_its_answer(client: httpx2.AsyncClient) -> None:
    response = await _post(client, "/api/summarize", {"text": f"{RIGHT} {SENTENCE}", "policy": "REPORT"})
    *steps, last = [json.loads(line) for line in response.text.splitlines()]
    assert [step["progress"]["stage"] for step in steps] == ["read", "summarise", "translate", "check", "respond"]
    answer = last["answer"]
    assert answer["verdict"] == "UNVERIFIED"
    assert [summary["language"] for summary in answer["summaries"]] == ["en", "ru"]
    assert "CHANGED" in {relation["relation"] for entry in answer["ledger"] for relation in entry["relations"]}


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({"text": " "}, "text", "is empty"),
        ({"text": RIGHT, "profile": "gpt"}, "profile", "no profile 'gpt'"),
        ({"text": RIGHT, "length": {"maxSentences": -1}}, "length.max_sentences", "is -1"),
    ],
)
async def test_what_the_server_refuses_is_told_with_its_field(
    client: httpx2.AsyncClient, body: dict[str, Any], field: str, told: str
) -> None:
    response = await _post(client, "/api/summarize", body)
    (line,) = [json.loads(line) for line in response.text.splitlines()]
    assert line["error"]["code"] == "INVALID_ARGUMENT"
    (violation,) = line["error"]["violations"]
    assert violation["field"] == field
    assert told in violation["description"]


async def test_a_strict_refusal_tells_its_reasons(client: httpx2.AsyncClient) -> None:
    response = await _post(client, "/api/summarize", {"text": HOPELESS, "policy": "STRICT"})
    error = json.loads(response.text.splitlines()[-1])["error"]
    assert error["code"] == "FAILED_PRECONDITION"
    assert any("82" in reason for reason in error["reasons"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "no SummarizeRequest in protobuf JSON"),
        (b"\xff", "no SummarizeRequest in protobuf JSON"),
        ({"headline": "x"}, 'has no field named "headline"'),
    ],
)
async def test_a_body_that_is_no_request_is_refused(client: httpx2.AsyncClient, body: Any, told: str) -> None:
    response = await _post(client, "/api/summarize", body)
    assert response.status_code == 400
    assert told in response.json()["error"]["message"]


async def test_a_comparison_and_its_report(client: httpx2.AsyncClient) -> None:
    asked = {
        "text": SENTENCE,
        "translators": [
            {"name": "ours", "given": "Фирма заплатила 8 млрд долларов за 82 корабля 8 октября."},
            {"name": "<b>x</b>", "policy": "REPORT"},
        ],
    }
    answer = (await _post(client, "/api/compare", asked)).json()["answer"]
    assert [translation["totals"]["wrong"] for translation in answer["translations"]] == [0, 1]
    report = await _post(client, "/api/report?title=Ships", answer)
    assert report.headers["content-disposition"] == 'attachment; filename="comparison.html"'
    assert "<h1>Ships</h1>" in report.text
    assert "<b>x</b>" not in report.text


@pytest.mark.parametrize("broken", [{"passages": [{}], "translations": [{}]}, {"passages": 3}])
async def test_no_report_of_what_is_no_comparison(client: httpx2.AsyncClient, broken: dict[str, Any]) -> None:
    response = await _post(client, "/api/report", broken)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "INVALID_ARGUMENT"


async def test_the_server_tells_what_it_is(client: httpx2.AsyncClient) -> None:
    answer = (await client.get("/api/info")).json()["answer"]
    assert (answer["defaultProfile"], answer["limits"]["maxSummarySentences"]) == ("embedded", 20)


async def test_a_server_that_is_not_there_is_told_of(lost: httpx2.AsyncClient) -> None:
    asked = lost.get("/api/info"), _post(lost, "/api/compare", {}), _post(lost, "/api/summarize", {"text": RIGHT})
    for answer in await asyncio.gather(*asked):
        assert json.loads(answer.text)["error"]["code"] == "UNAVAILABLE"


async def test_the_token_goes_with_every_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    token = "svodka_" + 40 * "a"
    clients, token_file = tmp_path / "clients.toml", tmp_path / "token"
    clients.write_text(entry_of("page", token), encoding="utf-8")
    token_file.write_text(token, encoding="utf-8")
    async with fake_server(monkeypatch, TRANSLATOR, clients_file=clients) as address:
        async for client in _client(Connection(target=address, token_file=token_file)):
            summary = await _post(client, "/api/summarize", {"text": RIGHT})
            assert "answer" in json.loads(summary.text.splitlines()[-1])
            assert "answer" in (await client.get("/api/info")).json()
        async for client in _client(Connection(target=address)):
            assert json.loads((await _post(client, "/api/summarize", {"text": RIGHT})).text)["error"]["code"] == "UNAUTHENTICATED"


async def test_tls_is_spoken_where_the_authorities_are_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    certificate, key, ca = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "ca.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    async with fake_server(monkeypatch, TRANSLATOR, tls_certificate=certificate, tls_key=key) as address:
        async for client in _client(Connection(target=address, tls_ca=ca)):
            assert "answer" in (await client.get("/api/info")).json()
        async for client in _client(Connection(target=address)):
            assert (await client.get("/api/info")).json()["error"]["code"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://127.0.0.1:9"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"host": "evil.example", "origin": "http://evil.example"}, 421),
        ({"content-length": str(MAX_BODY_BYTES + 1)}, 413),
        ({"content-length": "-1"}, 411),
    ],
)
async def test_what_is_not_the_page_s_own_is_refused_unread(lost: httpx2.AsyncClient, headers: dict[str, str], status: int) -> None:
    response = await _post(lost, "/api/summarize", {"text": RIGHT}, **headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == "REFUSED"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "news.example", "NEWS.example:443"])
async def test_the_page_is_known_by_its_names(lost: httpx2.AsyncClient, host: str) -> None:
    assert (await lost.get("/", headers={"host": host})).status_code == 200


async def test_the_page_has_no_script_or_style_of_its_own_and_loads_nothing_from_elsewhere(lost: httpx2.AsyncClient) -> None:
    response = await lost.get("/")
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "<style" not in response.text
    assert " style=" not in response.text
    assert response.text.count("<script") == 2  # the module's address, and data
    assert "http://" not in response.text.replace("http://www.w3.org", "")
    for path in ("main.js", "page.css", "icon.svg", "example.ru.txt"):
        assert (await lost.get(f"/static/{path}")).status_code == 200
    for path in ("../app.py", "%2e%2e/app.py", "nothing.js"):
        assert (await lost.get(f"/static/{path}")).status_code == 404


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "", "en"), ("", "ru-RU,ru;q=0.9", "ru"), ("?lang=ru", "en", "ru"), ("?lang=fr", "ru", "ru"), ("?lang=en", "ru", "en")],
)
async def test_the_page_comes_in_the_reader_s_language(lost: httpx2.AsyncClient, query: str, header: str, language: str) -> None:
    response = await lost.get(f"/{query}", headers={"accept-language": header})
    assert f'<html lang="{language}">' in response.text
    assert ("Составить сводку</span></button>" in response.text) == (language == "ru")
