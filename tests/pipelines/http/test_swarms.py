"""Answers with more values than any has: refused before they are parsed; what is real, or only text, passes."""

import gzip
import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.http.answers import Answer
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys, KeyWatch
from pipelines.http.swarms import MOST_ITEMS, MOST_TOKENS, is_swarm
from pipelines.sources.github.client import _parse_json
from pipelines.sources.huggingface import library
from tests.paths import RECORDINGS
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

SWARM = b"[" + b"{}," * (4 * 2**20 // 3) + b"{}]"
"""Four kilobytes, packed."""


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def test_a_swarm_at_a_status_page_is_refused_quickly(server: RawServer) -> None:
    """64 MB of it took 1.7 GB and most of a minute to parse, and again to look for keys."""
    body = gzip.compress(b'{"page": {}, "incidents": ' + SWARM + b"}")
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    for path in ("/api/v2/incidents.json", "/api/v2/summary.json"):
        server.script[path] = [answer(200, body, headers)]
    channel = Channel(source="status", target="s.example", role="status", format="statuspage", family="x")
    visit = make_visit(channel.model_copy(update={"base_url": server.url("")}), None)

    began = time.process_time()
    with pytest.raises(Fatal, match="more than 2,000,000 values"):
        list(sources.collect_stream("status", "incidents", visit))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("content", "is_refused"),
    [
        (SWARM, True), (b"[" + b"1," * MOST_TOKENS + b"1]", True), (b'["a"' + b',"a"' * MOST_TOKENS + b"]", True),
        (b"[" * (MOST_TOKENS + 1), True), (SWARM.decode().encode("utf-16"), True),
        (json.dumps({"body": '{["\\,' * MOST_TOKENS}).encode(), False), (b'"' + b'\\"' * MOST_TOKENS, False),
        (b'{"a": "' + b"{" * MOST_TOKENS + b"\\", False), (b"{}", False),
    ],
    ids=range(9),
)  # fmt: skip
def test_values_are_counted_and_not_what_people_write(content: bytes, is_refused: bool) -> None:
    """A post full of brackets must not stop the collection of its tracker; no form of text takes long to look at."""
    began = time.process_time()
    assert is_swarm(content) == is_refused
    assert time.process_time() - began < 5


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
def test_every_recorded_answer_is_far_from_a_swarm() -> None:
    """Ten times as many values would pass as well."""
    paths = sorted(RECORDINGS.rglob("*.json"))
    assert len(paths) > 20
    for path in paths:
        content = b"[" + b",".join([path.read_bytes()] * 10) + b"]"
        assert not is_swarm(content), path.name


def test_a_list_that_no_source_has_is_not_read_to_its_end() -> None:
    """Each item that cannot be read is named, so millions of them would fill the memory."""
    taken: list[int] = []

    def read(item: int) -> int:
        taken.append(item)
        return item

    with pytest.raises(Fatal, match="more than 20,000 items"):
        ItemReader("h.example").read_each(range(10**9), read)
    assert len(taken) == MOST_ITEMS


def test_keys_are_checked_in_as_many_items_as_are_read() -> None:
    """A swarm is left to the reader that refuses it."""
    watch, keys = KeyWatch(), ItemKeys("items", "", {"flag": bool})
    items: list[Any] = [{"flag": 1} for _ in range(MOST_ITEMS + 5)]
    watch.check(items, keys)
    assert sum("flag" in item for item in items) == 5 and watch.take_notes()[0].count == MOST_ITEMS
    assert watch.check_content(SWARM, keys) is SWARM and watch.take_notes() == []


def test_github_s_and_the_hub_s_libraries_parse_no_swarm() -> None:
    """What they read passes the same gate."""
    served = Answer(200, {"content-type": "application/json"}, SWARM, "https://huggingface.co/api/models", None, None)
    visit: Any = SimpleNamespace(http=SimpleNamespace(get=lambda *_, **__: served), keys=KeyWatch(), broken=[])
    token = library._current_visit.set(visit)
    try:
        with pytest.raises(Fatal, match="more than 2,000,000 values"):
            library._Transport().handle_request(httpx2.Request("GET", served.url))
    finally:
        library._current_visit.reset(token)
    with pytest.raises(Fatal, match="more than 2,000,000 values"):
        _parse_json(SWARM.decode(), "GraphQL")
