"""Receivers of messages on 127.0.0.1: a webhook and a mail server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.worlds.ports import free_port


@dataclass
class Webhook:
    """A webhook and what it was sent; it answers with the code that it is asked to."""

    port: int = 0
    code: int = 200
    location: str = ""
    pause: threading.Event | None = None
    """What an answer waits for, if anything."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of each request."""
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        return [str(message["title"]) for message in self.messages]

    def address(self, path: str = "hook") -> str:
        return f"json://127.0.0.1:{self.port}/{path}"


@contextmanager
def open_webhook() -> Iterator[Webhook]:
    """Opens a webhook on a free port."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if hook.pause:
                hook.pause.wait(30)
            hook.asked.append((self.path, dict(self.headers)))
            if hook.code == 200:
                hook.messages.append(json.loads(body) if body else {})
            self.send_response(hook.code)
            if hook.location:
                self.send_header("location", hook.location)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  # so the library calls it

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield hook
        server.shutdown()


class Mailbox:
    """A mail server that keeps what it is sent."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802  # so aiosmtpd calls it
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def address(self, user: str = "operator") -> str:
        return f"mailto://127.0.0.1:{self.port}?from=heartbeat@example.com&to={user}@example.com&mode=insecure"


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Opens a mail server on a free port."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
