"""One threaded HTTP/1.1 server on 127.0.0.1 for one kind of upstream; it records requests and injects faults."""

import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.http import http_date

from tests.upstream.messages import Record, Request, Response, packed, text_answer

Answer = Callable[[Request], Response]
SMALLEST_PACKED = 1024


class Server(ThreadingHTTPServer):
    """Serves one upstream. `hosts` maps the first part of a path to its host; empty means a single host, `name`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        name: str,
        answer: Answer,
        now: Callable[[], float],
        keep: Callable[[Record], None],
        hosts: tuple[str, ...] = (),
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name, self.answer, self.now, self.keep, self.hosts = name, answer, now, keep, hosts
        self.stopping = threading.Event()
        self.mistakes: list[str] = []
        self._open: set[socket.socket] = set()
        self.resets: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name=f"upstream-{name}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """If it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def place(self, path: str) -> tuple[str, str]:
        """The host that a path belongs to, and the path within it."""
        if not self.hosts:
            return self.name, path
        first, _, rest = path.removeprefix("/").partition("/")
        return (first, f"/{rest}") if first in self.hosts else (self.name, path)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            self._open.discard(request)
            if request in self.resets:
                self.resets.discard(request)
                request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                request.close()
                return
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""

    def stop(self) -> None:
        """Ends the server and whatever connection is still open, hanging answers too."""
        self.stopping.set()
        self.shutdown()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Else each answer waits 40 ms for the client's delayed acknowledgement of its head."""
    server: Server

    def do_GET(self) -> None:
        """Answers any method."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        at = time.monotonic()
        parts = urlsplit(self.path)
        host, path = self.server.place(parts.path)
        target = f"{path}?{parts.query}" if parts.query else path
        base = self.server.url + (f"/{host}" if host != self.server.name else "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = MultiDict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, host, unquote(path), query, headers, body, base, target)
        response = self._answer(request)
        self.server.keep(Record(self.command, host, target, headers, body, response.status, response.points, at))
        self._send(request, response)

    do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def _answer(self, request: Request) -> Response:
        """Keeps a mistake of the emulator itself for the end of the test: it must not pass for a fault of an upstream."""
        try:
            return self.server.answer(request)
        except Exception:
            self.server.mistakes.append(traceback.format_exc())
            return text_answer(self.server.mistakes[-1], "text/plain", 500)

    def _send(self, request: Request, response: Response) -> None:
        if response.pause_seconds and self.server.stopping.wait(response.pause_seconds):
            self.close_connection = True
            return
        if response.status:
            self._send_answer(request, response)
        if response.is_reset:
            self.server.resets.add(self.connection)
        if response.is_reset or response.keep < 1 or not response.is_length_told or not response.status:
            self.close_connection = True

    def _send_answer(self, request: Request, response: Response) -> None:
        body, headers = (
            response.body,
            {"server": self.server.name, "date": http_date(self.server.now()), **response.headers},
        )
        if response.is_coded and len(body) >= SMALLEST_PACKED and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["content-encoding"] = packed(body), "gzip"
        if response.is_length_told and response.status not in (204, 304):
            headers["content-length"] = str(len(body))
        if not response.is_length_told:
            headers["connection"] = "close"
        self.send_response_only(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        sent = body[: int(len(body) * response.keep)] if response.keep < 1 else body
        if request.method != "HEAD":
            self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written: the records say it all."""
