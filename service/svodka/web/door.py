"""What stands before every request: only the page itself may ask, only so much, and a browser does with the page only what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MAX_BODY_BYTES", "Door"]

# A comparison of a long text, sent back to be made a report of, is the largest.
MAX_BODY_BYTES = 16 * 1024 * 1024

_HEADERS = {
    # A text file that an editor names is fetched by the browser, from wherever it is: connections go to any https address. Scripts and
    # styles come from here alone.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' https:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class Door:
    """Refuses what another site's page could send, and what is too large, before it is read."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Stand before `app`, which is known by these names; a page at another one, whose name may point here, is not ours."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            status, message = refusal
            await JSONResponse({"error": {"code": "REFUSED", "message": message}}, status)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """An HTTP status and why."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return 421, "this address is not one that the page is known by; see svodka web --allow-host"
        if scope["method"] in {"GET", "HEAD"}:
            return None
        if headers.get("origin", "").partition("://")[2] != host:
            return 403, "only the page itself may ask"
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return 415, "the body must be application/json"
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdecimal()):
            return 411, "the length of the body must be told"
        if int(length) > MAX_BODY_BYTES:
            return 413, f"the body has {length} bytes; at most {MAX_BODY_BYTES} are taken"
        return None


def _name(host: str) -> str:
    """The name or address in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]").lower()
