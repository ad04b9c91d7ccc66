"""A guard before the dashboard: answers only requests that name one of its own hosts and come from its own pages."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from re import DOTALL, findall
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")
INTERNAL = "/_stcore/"
OPEN_INTERNAL = frozenset({"/_stcore/health", "/_stcore/host-config", "/_stcore/stream"})
"""Paths that Streamlit's client needs below `/_stcore/`. Metrics, uploads and the agent API are closed."""
CLOSED = ("/auth/", "/oauth2callback", "/component/")
"""Further parts of Streamlit that no page uses: logins and components of others."""
EMBED = b"embed=true"
"""What Streamlit calls the view for a frame of another page, in the address."""


class RequestGuard:
    """ASGI middleware that refuses foreign hosts and origins, closes unused paths and adds security headers."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        """Takes the hosts, with their ports, that it answers beside the loopback address."""
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._headers = make_security_headers()
        self._framed_headers = allow_frames(self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        status, reason = self._find_refusal(scope)
        if not status:
            await self._app(scope, receive, self._add_headers(scope, send))
        elif scope["type"] == "websocket":
            # Closing before accepting refuses the handshake with 403.
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
        else:
            await PlainTextResponse(f"{reason}\n", status, self._headers)(scope, receive, send)

    def _find_refusal(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        _, port = scope.get("server") or ("", None)
        # Browsers leave the usual port out of `Host` and `Origin`.
        own_hosts = self._hosts | {f"{name}:{port}" for name in LOOPBACK} | (set(LOOPBACK) if port == 80 else set())
        # A page of another site can reach this port only under a name of that site (DNS rebinding).
        if [host.lower() in own_hosts for host in headers.getlist("host")] != [True]:
            return 421, "This host name is not served here. To serve it, add it to HEARTBEAT_HOSTS."
        if any(not _is_from(origin, own_hosts) for origin in headers.getlist("origin")):
            return 403, "Requests from other sites are refused."
        path = scope["path"]
        if (path.startswith(INTERNAL) and path not in OPEN_INTERNAL) or path.startswith(CLOSED):
            return 404, "Not found."
        return 0, ""

    def _add_headers(self, scope: Scope, send: Send) -> Send:
        headers = self._framed_headers if EMBED in scope["query_string"].split(b"&") else self._headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        return send_with_headers


def _is_from(origin: str, hosts: Iterable[str]) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() in hosts


def make_security_headers() -> dict[str, str]:
    """Returns the headers of every answer: no framing, no sniffing, no content from elsewhere."""
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' {_hash_inline_scripts()}",
        # Streamlit's styles are written by its scripts.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}".strip() for name, sources in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def allow_frames(headers: Mapping[str, str]) -> dict[str, str]:
    """Returns the headers of an answer that a page elsewhere may frame: one figure, with nothing to log in to or to
    change."""
    framed = {name: text for name, text in headers.items() if name != "X-Frame-Options"}
    policy = framed["Content-Security-Policy"]
    return framed | {"Content-Security-Policy": policy.replace("frame-ancestors 'none'", "frame-ancestors *")}


def _hash_inline_scripts() -> str:
    """Returns the sources that allow the inline scripts of Streamlit's own page, and no others."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = findall(r"<script>(.*?)</script>", page, DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
