"""Targets that come over a connection: whole answers as the client meets them, and the address of a dashboard's page."""

from typing import cast
from unittest.mock import patch
from urllib.parse import parse_qs

import httpx2
import streamlit as st

from dashboards.choose.fit import read_needs, read_weights
from dashboards.choose.fit_measures import MEASURES
from dashboards.choose.needs import QUESTIONS
from dashboards.frame import filters
from dashboards.frame.view import View
from dashboards.menu import NEEDS, WEIGHT
from pipelines.catalog.entries import Channel
from pipelines.http.clock import ClockWatch
from pipelines.http.errors import SourceError
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.running import Target
from tests.worlds.visits import make_visit

HEADERS = (
    "200\n", "301\n", "302\n", "304\n", "403\n", "429\n", "503\n", "location: ", "https://localhost/b", "//[", "https://localhost:99999/",
    "date: Fri, 31 Dec 9999 23:59:59 GMT", "age: 999999999", "retry-after: ", "x-ratelimit-remaining: 0", "x-ratelimit-reset: ",
    "9999999999", "etag: ", "content-type: text/html", "content-encoding: gzip", "content-length: 9", "ratelimit: r=0;t=", "\n", "\n\n",
    "link: <https://localhost/c>; rel=next", "transfer-encoding: chunked", "\x1f\x8b\x08", "last-modified: ", '{"error_type": "', "1",
)  # fmt: skip
ANSWERED = (
    "302\nlocation: https://localhost/b\ndate: Tue, 24 Nov 2026 12:00:00 GMT\n\n",
    "301\nlocation: //[\ndate: Fri, 31 Dec 9999 23:59:59 GMT\nage: 999999999\n\n",
    "429\nretry-after: 7\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 1790000000\n\n{}",
)
QUERY = ("family=", "window=", "30d", "kind=", "forum", "type=", "bots=", "role=", "gpu=", "24", "price=", "models=", "metric=", "weight-", *MEASURES, "&", ";", "%", "%00", "+", "=5", "=-1")  # fmt: skip


def make_web_targets() -> dict[str, Target]:
    """Makes the targets of the web."""
    return {
        "answer": Target(_receive, Grammar(HEADERS, ANSWERED), (SourceError,)),
        "query": Target(_read_query, Grammar(QUERY, ("family=qwen&window=30d&kind=forum&gpu=24&weight-answered=5",))),
    }


def _receive(text: str) -> None:
    """Sends one answer to a client for all that it asks: status, headers and body of the text."""
    head, _, body = text.partition("\n\n")
    status, *lines = head.split("\n")
    pairs = [line.partition(":")[::2] for line in lines]
    headers = [
        (name.strip().encode("utf-8", "replace"), value.strip().encode("utf-8", "replace"))
        for name, value in pairs
        if name.strip()
    ]
    code = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else 200

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(code, headers=headers, stream=httpx2.ByteStream(body.encode("utf-8", "surrogatepass")))

    channel = Channel(source="prices", target="s.example", role="prices", base_url="https://localhost/a")
    with (
        make_visit(channel).http as http,
        patch.object(http, "_client", httpx2.Client(transport=httpx2.MockTransport(answer))),
    ):
        http.hosts.clock = ClockWatch()
        http.get("https://localhost/a")


class _Address:
    """The parameters of an address, as Streamlit gives them."""

    def __init__(self, text: str) -> None:
        self._asked = parse_qs(text, keep_blank_values=True)

    def __iter__(self) -> object:
        return iter(self._asked)

    def get_all(self, name: str) -> list[str]:
        return self._asked.get(name, [])

    def get(self, name: str, default: str) -> str:
        return self._asked.get(name, [default])[-1]


def _read_query(text: str) -> None:
    """Reads the parameters as the pages do; whatever is asked, only what is offered is chosen."""
    with (
        patch.object(st, "query_params", _Address(text)),
        patch("dashboards.choose.fit.list_weighed", return_value=[*MEASURES]),
    ):
        for name, words in filters.CHOICE_WORDS.items():
            assert set(filters.read_known(name, words)) <= set(words)
        needs, weights = read_needs(), read_weights(cast("View", None))
        assert all(getattr(needs, name) in QUESTIONS[name].choices for name in NEEDS)
        assert all(0 <= weight <= 5 for weight in weights.values())
        assert all(name in (*filters.NAMES, *NEEDS) or name.startswith(WEIGHT) for name in filters.kept_choices())
