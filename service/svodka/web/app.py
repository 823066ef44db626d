"""The page and what it asks for. Requests and answers are those of the contract, in protobuf JSON."""

from __future__ import annotations

import contextlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from google.protobuf.message import Message
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from svodka import __version__
from svodka.client import CallFailed
from svodka.compare.report import SYMBOLS, page
from svodka.types import LANGUAGES
from svodka.v1 import summary_pb2, translation_pb2
from svodka.web.door import Door
from svodka.web.faults import Fault
from svodka.web.words import accepted, words
from svodka.wire.comparisons import sheet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from starlette.requests import Request

    from svodka.web.gateway import Gateway

__all__ = ["build_app"]

M = TypeVar("M", bound=Message)

_PACKAGE = "svodka.web"
# What could end a script element, or the JSON in it, is written as JSON's own escapes.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_INVALID = "INVALID_ARGUMENT"


def build_app(open_gateway: Callable[[], Gateway], hosts: Iterable[str]) -> Starlette:
    """The page before a server; browsers know it by the names in `hosts`. `open_gateway` is called when it starts, in its event loop."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "."), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return _Site(open_gateway, environment).app(frozenset(host.strip("[]").lower() for host in hosts))


class _Site:
    """The routes."""

    def __init__(self, open_gateway: Callable[[], Gateway], environment: Environment) -> None:
        self._open_gateway = open_gateway
        self._template = environment.get_template("page.html.j2")
        self._log = structlog.get_logger("svodka.web")

    def app(self, hosts: frozenset[str]) -> Starlette:
        with resources.as_file(resources.files(_PACKAGE)) as folder:
            static = StaticFiles(directory=folder / "static")
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/api/info", self._info),
                Route("/api/summarize", self._summarize, methods=["POST"]),
                Route("/api/compare", self._compare, methods=["POST"]),
                Route("/api/report", self._report, methods=["POST"]),
                Mount("/static", static),
            ],
            middleware=[Middleware(Door, hosts=hosts)],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._gateway = self._open_gateway()
        try:
            yield
        finally:
            await self._gateway.close()

    async def _page(self, request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else accepted(request.headers.get("accept-language", ""))
        data = {"words": {each: dict(words(each)) for each in LANGUAGES}, "symbols": SYMBOLS}
        html = self._template.render(
            language=language,
            words=words(language),
            version=__version__,
            data=Markup(json.dumps(data, ensure_ascii=False).translate(_ESCAPES)),  # noqa: S704 (escaped)
        )
        return HTMLResponse(html, headers={"vary": "accept-language", "content-language": language})

    async def _info(self, _: Request) -> Response:
        return await _told(self._gateway.info())

    async def _summarize(self, request: Request) -> Response:
        """Lines of JSON, each with `progress`, `answer` or `error`; the last one is no progress."""
        order = _read(await request.body(), summary_pb2.SummarizeRequest())
        if isinstance(order, Fault):
            return _refused(order)

        async def lines() -> AsyncIterator[str]:
            try:
                async with contextlib.aclosing(self._gateway.summarize(order)) as responses:
                    async for response in responses:
                        progress = response.HasField("progress")
                        yield _line({"progress" if progress else "answer": _dict(response.progress if progress else response)})
            except CallFailed as error:
                self._log.info("refused", method="SummarizeStream", code=error.code.name)
                yield _line({"error": Fault.of(error).told()})

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    async def _compare(self, request: Request) -> Response:
        order = _read(await request.body(), translation_pb2.CompareTranslationsRequest())
        if isinstance(order, Fault):
            return _refused(order)
        return await _told(self._gateway.compare(order))

    async def _report(self, request: Request) -> Response:
        """The report of a comparison that the page has got before: nothing is kept here."""
        response = _read(await request.body(), translation_pb2.CompareTranslationsResponse())
        if isinstance(response, Fault):
            return _refused(response)
        try:
            html = page(sheet(response), title=request.query_params.get("title", "")[:200] or "Svodka")
        except (IndexError, KeyError, ValueError):
            return _refused(Fault(code=_INVALID, message="the body is no comparison as the server answers it"))
        # It is a download: opened here, its own script would be forbidden.
        return Response(html, media_type="text/html", headers={"content-disposition": 'attachment; filename="comparison.html"'})


def _read(body: bytes, message: M) -> M | Fault:
    try:
        return Parse(body.decode(), message)
    except (UnicodeDecodeError, ParseError) as error:
        return Fault(code=_INVALID, message=f"the body is no {message.DESCRIPTOR.name} in protobuf JSON: {error}")


async def _told(answer: Awaitable[Message]) -> Response:
    try:
        return JSONResponse({"answer": _dict(await answer)})
    except CallFailed as error:
        return JSONResponse({"error": Fault.of(error).told()})


def _refused(fault: Fault) -> Response:
    return JSONResponse({"error": fault.told()}, 400)


def _dict(message: Message) -> dict[str, Any]:
    return MessageToDict(message, always_print_fields_with_no_presence=True)


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False) + "\n"
