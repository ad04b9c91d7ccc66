"""What travels between a client and the emulator, and how an answer may be spoilt on its way."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import orjson
from werkzeug.datastructures import MultiDict
from werkzeug.http import http_date, parse_date, quote_etag

EXPIRED = "expired"
"""A token that was valid once."""
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; `host` is the upstream it was meant for, `path` the path within that upstream."""

    method: str
    host: str
    path: str
    query: MultiDict[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str
    """`http://127.0.0.1:port` plus the prefix of the host: what addresses in answers begin with."""
    target: str = ""
    """Path and query as they came, the host's prefix excluded."""

    @property
    def token(self) -> str:
        """The bearer token or empty."""
        return self.headers.get("authorization", "").partition(" ")[2].strip()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; the fields after `points` say how it is spoilt."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    points: int = 0
    keep: float = 1.0
    """The share of the body that is sent before the connection ends."""
    is_length_told: bool = True
    """False: no Content-Length, so the end of the connection is the end of the body."""
    pause_seconds: float = 0.0
    """Silence before the answer."""
    is_reset: bool = False
    """The connection is reset where the body ends."""
    is_coded: bool = True
    """False: the body goes as it is even where the client takes gzip."""

    def but(self, **changes: Any) -> Self:
        """The same answer with some fields changed."""
        return replace(self, **changes)

    def plus(self, **headers: str) -> Self:
        """Returns the answer with further headers; `_` in a name becomes `-`."""
        return replace(
            self, headers={**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One request that came and what it got; `status` 0 if no answer was sent."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    points: int
    at: float
    """Seconds of a monotonic clock when the request had come in."""


def json_answer(value: object, code: int = 200, /, **headers: str) -> Response:
    """An answer in JSON."""
    return Response(code, orjson.dumps(value), {"content-type": JSON}).plus(**headers)


def text_answer(text: str, kind: str, status: int = 200, **headers: str) -> Response:
    """An answer in text of a content type."""
    return Response(status, text.encode(), {"content-type": kind}).plus(**headers)


def conditional(request: Request, response: Response, etag: str, modified: int | None = None) -> Response:
    """The answer with its ETag (and the date of its last change), or 304 where the client has it already."""
    if response.status != 200:
        return response
    known = {"etag": quote_etag(etag, weak=True)} | ({} if modified is None else {"last-modified": http_date(modified)})
    stated, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    is_same = (
        stated.removeprefix("W/") == known["etag"].removeprefix("W/") or stated == "*"
        if stated
        else _is_old(modified, since)
    )
    if is_same:
        kept = {name: value for name, value in response.headers.items() if name != "content-type"}
        return Response(304, b"", {**kept, **known})
    return response.but(headers={**response.headers, **known})


def _is_old(modified: int | None, since: str | None) -> bool:
    date = parse_date(since)
    return modified is not None and date is not None and date.timestamp() >= modified


def packed(body: bytes) -> bytes:
    """The body in gzip, lightly."""
    return gzip.compress(body, 1, mtime=0)
