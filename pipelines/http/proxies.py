"""The proxy of the operator's network, which HTTPS_PROXY names, and the hosts that NO_PROXY excludes from it."""

from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from warehouse.settings import SettingsError


def find_proxy() -> httpx2.Proxy | None:
    """Returns the proxy for HTTPS, if the environment names one.

    Raises SettingsError, which does not repeat the value: it may hold a password.
    """
    value = getproxies().get("https", "")
    if not value:
        return None
    try:
        proxy = httpx2.Proxy(value if "://" in value else f"http://{value}")
    except (ValueError, httpx2.InvalidURL):
        proxy = None
    if proxy is None or proxy.url.scheme not in ("http", "https") or not proxy.url.host:
        raise SettingsError("HTTPS_PROXY: write http://host:port, or http://user:password@host:port")
    return proxy


class ProxiedPool(httpcore2.HTTPProxy):
    """Connections through a proxy, except to the direct hosts and those of NO_PROXY."""

    def __init__(self, proxy: httpx2.Proxy, direct_hosts: frozenset[str], **options: Any) -> None:
        is_encrypted = proxy.url.scheme == "https"
        super().__init__(
            str(proxy.url), proxy.raw_auth,
            proxy_ssl_context=options["ssl_context"] if is_encrypted else None, **options,
        )  # fmt: skip
        self._direct_hosts = direct_hosts

    def create_connection(self, origin: httpcore2.Origin) -> httpcore2.ConnectionInterface:
        """Opens a connection to a host, or a tunnel to it."""
        host = origin.host.decode("ascii")
        if host in self._direct_hosts or proxy_bypass(host):
            return httpcore2.ConnectionPool.create_connection(self, origin)
        return super().create_connection(origin)
