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
        raise Unreachable(f"{host}: no address (DNS): this machine is offline, or the catalog names a wrong host")
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
    """Resolves a host once, checks every address and connects to a checked one, so that DNS rebinding has no effect."""

    def __init__(self, private_hosts: frozenset[str], resolve: Resolve = resolve_host) -> None:
        self._private_hosts = private_hosts
        self._resolve = resolve
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
        addresses = self._resolve(host, port)
        for address in addresses:
            if host not in self._private_hosts and not is_public(address):
                remedy = f"to allow it, add {host} to HEARTBEAT_ALLOW_PRIVATE_HOSTS"
                what = f"{host} resolves to {address}, which is not on the public internet"
                raise Fatal(f"{what}; {remedy}", Fault.MISCONFIGURED)
        for address in addresses:
            try:
                return _TimedStream(
                    self._system.connect_tcp(address, port, get_seconds_left(timeout), local_address, socket_options)
                )
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
    """The transport of httpx2 on pinned connections."""

    def __init__(self, private_hosts: frozenset[str], resolve: Resolve = resolve_host) -> None:
        context = share_ssl_context()
        super().__init__(verify=context)
        backend = PinnedBackend(private_hosts, resolve)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context, max_connections=20, keepalive_expiry=5.0, network_backend=backend
        )
