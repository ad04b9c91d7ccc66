"""Connections to checked and pinned addresses only, under a single deadline."""

import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpcore2
import httpx2

from pipelines.http.errors import Fatal, Unreachable
from pipelines.http.proxies import ProxiedPool, find_proxy
from warehouse.faults import Fault

CONNECT_SECONDS = 10.0
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Resolve = Callable[[str, int], list[str]]

_until: ContextVar[float] = ContextVar("until", default=float("inf"))


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Limits all reads and writes inside the block to this many seconds in total, or to what is left of an outer
    block."""
    # One deadline for the whole request: a timeout per read would never stop a server that sends byte by byte.
    token = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


def get_seconds_left(timeout: float | None = None) -> float:
    """Returns the seconds until the deadline, or the timeout if that is sooner.

    Raises ReadTimeout if none are left.
    """
    remaining = _until.get() - time.monotonic()
    if remaining <= 0:
        raise httpcore2.ReadTimeout("the deadline of the request has passed")
    return remaining if timeout is None else min(timeout, remaining)


def is_public(address: str) -> bool:
    """True for an address on the public internet: not private, link-local, site-local, shared (CGNAT) or multicast."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if inner:
            return is_public(str(inner))
        if ip.sixtofour or ip.teredo or ip.is_reserved or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast


def resolve_host(host: str, port: int) -> list[str]:
    """Looks up the addresses of a host, in the system's order.

    Raises Unreachable if there are none or the lookup times out.
    """
    addresses: list[str] = []

    def look_up() -> None:
        try:
            addresses.extend(
                dict.fromkeys(str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            )
        except (OSError, UnicodeError):
            return  # an empty list reports it

    asking = threading.Thread(target=look_up, daemon=True)  # getaddrinfo has no timeout
    asking.start()
    asking.join(get_seconds_left(CONNECT_SECONDS))
    if not addresses:
        remedy = "this machine is offline or needs a proxy (HTTPS_PROXY), or the catalog names a wrong host"
        raise Unreachable(f"{host}: no address (DNS): {remedy}")
    return list(addresses)


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every operation ends by the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads the available bytes."""
        return self._inner.read(max_bytes, get_seconds_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes the whole buffer."""
        self._inner.write(buffer, get_seconds_left(timeout))

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Encrypts the connection."""
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, get_seconds_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """Returns information about the inner connection."""
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore2.NetworkBackend):
    """Resolves a host once, checks every address and connects to a checked one, so that DNS rebinding has no effect.

    `proxy`: host and port of the operator's proxy, which may be private.
    """

    def __init__(
        self, private_hosts: frozenset[str], resolve: Resolve = resolve_host, proxy: tuple[str, int] | None = None
    ) -> None:
        self._private_hosts = private_hosts
        self._resolve, self._proxy = resolve, proxy
        self._system = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connects to the first address that answers.

        Raises Fatal for a private address, Unreachable if none answers.
        """
        if (host, port) == self._proxy:
            try:
                return self._connect(host, port, resolve_host(host, port), timeout, local_address, socket_options)
            except Unreachable:
                raise Unreachable(f"{host}:{port}: no connection to the proxy of HTTPS_PROXY") from None
        addresses = self._resolve(host, port)
        self.check_addresses(host, addresses)
        return self._connect(host, port, addresses, timeout, local_address, socket_options)

    def check_addresses(self, host: str, addresses: Iterable[str]) -> None:
        """Raises Fatal for a private address of a host that may have none."""
        for address in addresses:
            if host not in self._private_hosts and not is_public(address):
                remedy = f"to allow it, add {host} to HEARTBEAT_ALLOW_PRIVATE_HOSTS"
                what = f"{host} resolves to {address}, which is not on the public internet"
                raise Fatal(f"{what}; {remedy}", Fault.MISCONFIGURED)

    def _connect(
        self, host: str, port: int, addresses: Iterable[str], timeout: float | None, *options: Any
    ) -> httpcore2.NetworkStream:
        for address in addresses:
            try:
                return _TimedStream(self._system.connect_tcp(address, port, get_seconds_left(timeout), *options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                refusal = error
        raise Unreachable(f"{host}:{port}: no connection ({refusal})")


def share_ssl_context() -> ssl.SSLContext:
    """Gives all connections one context: reading the trusted authorities takes longer than many a request."""
    return _create_ssl_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _create_ssl_context(cert_file: str | None, cert_folder: str | None) -> ssl.SSLContext:
    """Creates the context once for each value of the variables that httpx2 reads itself."""
    return httpx2.create_ssl_context()


class PinnedTransport(httpx2.HTTPTransport):
    """The transport of httpx2 on pinned connections, or through the proxy of HTTPS_PROXY.

    The proxy resolves names, so only literal addresses can be checked then; private hosts are asked without it.
    """

    def __init__(self, private_hosts: frozenset[str], resolve: Resolve = resolve_host) -> None:
        context, proxy = share_ssl_context(), find_proxy()
        super().__init__(verify=context)
        origin = httpcore2.URL(str(proxy.url)).origin if proxy else None
        self._backend = PinnedBackend(private_hosts, resolve, (origin.host.decode(), origin.port) if origin else None)
        options: dict[str, Any] = {
            "ssl_context": context, "max_connections": 20, "keepalive_expiry": 5.0, "network_backend": self._backend,
        }  # fmt: skip
        self._pool = ProxiedPool(proxy, private_hosts, **options) if proxy else httpcore2.ConnectionPool(**options)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request. Raises Fatal for a literal private address, Unreachable if the proxy refuses."""
        host = request.url.host
        self._backend.check_addresses(host, _read_literal(host))
        try:
            return super().handle_request(request)
        except httpx2.ProxyError as error:
            # Only its number: the proxy chooses the words.
            raise Unreachable(f"{host}: the proxy of HTTPS_PROXY answered {str(error)[:3]}") from None


def _read_literal(host: str) -> list[str]:
    """Returns the address that a host is, in any form that a system understands, such as 127.1; none for a name."""
    try:
        found = socket.getaddrinfo(host.rstrip("."), None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(item[4][0]) for item in found]
