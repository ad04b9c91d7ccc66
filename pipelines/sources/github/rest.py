"""Pages of GitHub's REST interface, and the probe that detects changes with one request."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pipelines.contract import Page, Row
from pipelines.http.errors import Fatal, Gone
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import KEY, PassedOver
from pipelines.sources.github.client import Client, RestReply
from pipelines.sources.github.nodes import get_time
from warehouse.faults import Fault

NEWEST_CHANGE = "/issues?state=all&sort=updated&direction=desc&per_page=1"
"""The latest change among issues and pull requests; its ETag shows whether there was one."""


_NAME = re.compile(r"[1-9]\d{0,17}|[0-9a-f]{40,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Probe:
    """The newest change of a repository."""

    is_changed: bool
    newest: str
    """Time of the newest change; empty if there is none, or nothing changed."""
    etag: str | None
    url: str


def probe_changes(client: Client, url: str, etag: str | None, path: str = NEWEST_CHANGE) -> Probe:
    """Asks for the latest change, at the address and with the ETag of the last visit."""
    reply = get_first_page(client, {"url": url, "etag": etag}, path)
    items = [] if reply.data is None else list_items(reply)
    with raises_on_unexpected_shape("GitHub's newest change"):
        newest = max((get_time(item, "updated_at") for item in items), default="")
    return Probe(reply.data is not None, newest, reply.etag, reply.url)


def get_first_page(client: Client, cursor: Mapping[str, Any], path: str) -> RestReply:
    """Gets the first page, from the address of the last visit if possible."""
    # So a renamed repository costs its redirect only once.
    default_path = f"/repos/{client.owner}/{client.name}{path}"
    if not cursor.get("url"):
        return client.get(default_path)
    try:
        return client.get(cursor["url"], cursor.get("etag"))
    except Gone:
        return client.get(default_path)


def make_rows(items: Iterable[Any], name: str, make: Callable[[Any], Row], passed: PassedOver) -> list[Row]:
    """Makes rows of a list's items; a broken one is passed over under the field `name`, a number or a hash."""
    rows: list[Row] = []
    for item in items:
        key = str(item.get(name)) if isinstance(item, dict) and type(item.get(name)) in (int, str) else ""
        if not _NAME.fullmatch(key):
            passed.add_unnamed(Fatal("an entry of GitHub's list names no item"))
            continue
        with passed.attempt(key, is_asked=False):
            rows.append(make(item))
    return rows


def read_with_passed(
    client: Client, path: str, make: Callable[[Any], Row], passed: PassedOver, pages: Iterator[Page]
) -> Iterator[Page]:
    """Yields pages together with what is passed over, which is asked for again, one by one, at `path` first."""
    rows: list[Row] = []
    for key in passed.list_due():
        with passed.attempt(key), suppress(Gone):
            rows.append(_read_item(client, f"{path}/{key}", key, make))
    if rows:
        yield Page(rows, passed_over=passed)
    for page in pages:
        cursor = {name: value for name, value in page.cursor.items() if name != KEY}
        yield replace(page, cursor=cursor | passed.to_cursor() if cursor else cursor, passed_over=passed)


def _read_item(client: Client, path: str, key: str, make: Callable[[Any], Row]) -> Row:
    """Reads one item. Raises Fatal for another one than was asked for, which would leave this one out for good."""
    reply = client.get(client.get_url(path))
    row = make(reply.data)
    if row.key != key:
        raise Fatal(f"{reply.url}: GitHub answers with another item", Fault.UNEXPECTED_SHAPE)
    return row


def list_items(reply: RestReply) -> list[dict[str, Any]]:
    """Returns the items of a page. Raises Fatal if it is not a list."""
    if not isinstance(reply.data, list):
        raise Fatal(f"{reply.url}: not a list; GitHub's interface has changed")
    return reply.data
