"""A real server on 127.0.0.1 that answers byte for byte what a test scripts, however broken."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

RESET = -1.0
"""Instead of a pause: the connection is reset."""


def answer(status: int = 200, body: bytes = b"ok", headers: dict[str, str] | None = None) -> bytes:
    """The bytes of an ordinary answer; the connection closes after it."""
    lines = {"content-length": str(len(body)), "connection": "close"} | (headers or {})
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return head.encode() + b"\r\n" + body


@dataclass
class RawServer:
    """`script[path]` is a list of answers, the last of which repeats; an answer is bytes, or a list of bytes and pauses
    in seconds."""

    port: int
    script: dict[str, list[bytes | list[bytes | float]]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                head += more
            first, *lines = head.decode("latin-1").split("\r\n")
            if len(first.split()) < 2:
                return
            path = first.split()[1]
            pairs = (line.partition(": ") for line in lines if line)
            self.requests.append((path, {name.lower(): value for name, _, value in pairs}))
            answers = self.script.get(path.partition("?")[0], [answer(404)])
            parts = answers.pop(0) if len(answers) > 1 else answers[0]
            for part in [parts] if isinstance(parts, bytes) else parts:
                if isinstance(part, bytes):
                    connection.sendall(part)
                elif part == RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    time.sleep(part)


@contextmanager
def raw_server(certificate: Path | None = None) -> Iterator[RawServer]:
    """Starts the server, with TLS where a certificate is given; stops it at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(listener.getsockname()[1])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        tls.load_cert_chain(certificate)

    def meet(connection: socket.socket) -> None:
        with suppress(OSError):
            server.serve(tls.wrap_socket(connection, server_side=True) if certificate else connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=meet, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
