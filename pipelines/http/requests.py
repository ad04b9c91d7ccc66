"""Requests before they are sent, and what of them another host may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request before it is sent."""

    url: str
    headers: Mapping[str, str]
    accept: tuple[str, ...]
    content: bytes | None = None
    """The body to post; None for a GET."""


def has_token(ask: Request) -> bool:
    """Returns whether a request carries a token: in a header, or as Stack Exchange's key in its address."""
    return "authorization" in ask.headers or "key" in parse_qs(urlsplit(ask.url).query)


def is_address(url: str) -> bool:
    """Returns whether a text can be asked for at all: as an address, an upstream may send anything."""
    try:
        return urlsplit(url).port != 0 and bool(httpx2.URL(url))
    except (ValueError, httpx2.InvalidURL):
        return False


def join_address(base: str, target: str) -> str:
    """Joins an address and what an answer names from there; what is no address comes back as it is."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def redirect_request(ask: Request, target: str) -> Request:
    """Returns the request for another URL; another origin gets no headers that could hold a secret."""
    if get_origin(target) == get_origin(ask.url):
        return replace(ask, url=target)
    return replace(ask, url=target, headers={name: value for name, value in ask.headers.items() if name in HARMLESS})


def get_origin(url: str) -> tuple[str, str | None, int | None]:
    """Returns scheme, host and port of a URL."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
