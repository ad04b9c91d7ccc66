"""Pages of GitHub's REST interface, and the probe that detects changes with one request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.http.errors import Fatal, Gone
from pipelines.sources.github.client import Client, RestReply
from pipelines.sources.github.cursors import to_github_time
from pipelines.text import values

NEWEST_CHANGE = "/issues?state=all&sort=updated&direction=desc&per_page=1"
"""The latest change among issues and pull requests; its ETag shows whether there was one."""


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
    items = [] if reply.data is None else items_of(reply)
    newest = max((to_github_time(values.parse_instant(item.get("updated_at"))) for item in items), default="")
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


def items_of(reply: RestReply) -> list[dict[str, Any]]:
    """Returns the items of a page. Raises Fatal if it is not a list."""
    if not isinstance(reply.data, list):
        raise Fatal(f"{reply.url}: not a list; GitHub's interface has changed")
    return reply.data
