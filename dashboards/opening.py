"""What a page says while its scripts are on their way: a slow line shows nothing else for half a minute."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMPTY = b'<div id="root"></div>'
"""Where Streamlit's own page puts what its scripts draw; they replace whatever it holds."""
WORDS = (
    b'<div id="root"><div role="status" style="font: 16px/1.5 system-ui, sans-serif; max-width: 30em; '
    b'margin: 15vh auto; padding: 0 24px"><p style="font-weight: 600; font-size: 20px; margin: 0 0 8px">'
    b"Heartbeat is opening.</p>"
    b'<p style="margin: 0">The first visit loads about two megabytes, which takes half a minute on a slow line. '
    b"Later visits are quick.</p></div></div>"
)


class OpeningWords:
    """ASGI middleware that puts words into the page before its scripts have arrived."""

    def __init__(self, app: ASGIApp) -> None:
        """Takes the application whose page it fills."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fills the answer to a browser that asks for a page, and passes on all others."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        # A packed page could not be filled, and it is small.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, _fill_page(send))


def _fill_page(send: Send) -> Send:
    """Holds the head of an answer until its body is whole and filled, and its length known."""
    head: Message = {}
    body = bytearray()

    async def send_filled(message: Message) -> None:
        if message["type"] == "http.response.start":
            head.update(message)
            return
        if message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        filled = bytes(body).replace(EMPTY, WORDS)
        if len(filled) != len(body):
            MutableHeaders(scope=head)["content-length"] = str(len(filled))
        await send(head)
        await send({"type": "http.response.body", "body": filled})

    return send_filled
