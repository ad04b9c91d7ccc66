"""A company's proxy on 127.0.0.1: it notes each CONNECT, and leads all of them to one server of the test."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class ConnectProxy:
    """`heads` are the requests to the proxy itself."""

    port: int
    upstream: int
    tls: ssl.SSLContext
    refusal: str = ""
    heads: list[str] = field(default_factory=list)

    def url(self, login: str = "") -> str:
        return f"http://{login}127.0.0.1:{self.port}"

    def targets(self) -> set[str]:
        return {head.split()[1] for head in self.heads}

    def meet(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            self.heads.append(client.recv(65536).decode("latin-1"))
            client.sendall(f"HTTP/1.1 {self.refusal or '200 OK'}\r\n\r\n".encode())
            if not self.refusal:
                inner = self.tls.wrap_socket(client, server_side=True)
                server = socket.create_connection(("127.0.0.1", self.upstream))
                threading.Thread(target=pass_on, args=(server, inner), daemon=True).start()
                pass_on(inner, server)


def pass_on(source: socket.socket, sink: socket.socket) -> None:
    """Passes bytes on until one side closes."""
    with source, sink, suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)


@contextmanager
def connect_proxy(upstream: int, certificate: Path) -> Iterator[ConnectProxy]:
    """Starts the proxy before a plain server, for which it speaks TLS with a certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = ConnectProxy(listener.getsockname()[1], upstream, tls)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=proxy.meet, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield proxy
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
