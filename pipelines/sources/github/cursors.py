"""Where a visit to GitHub begins and what its cursor keeps, the same for all things that it collects."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.contract import Visit
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.sources.github.client import Client, Reply
from pipelines.text import values

CURSOR = 1
"""Version of the cursors; one of another version is not used."""


def trusted(visit: Visit) -> dict[str, Any]:
    """The kept cursor where it can be trusted, else nothing: then the visit starts again at `since`.

    One that lies ahead of now would skip what happened since it was true.
    """
    kept = dict(visit.cursor)
    time = values.parse_instant(kept.get("updated_at"))
    if kept.get("v") != CURSOR or time is None or time > visit.now + timedelta(hours=1):
        return {}
    return kept | {"updated_at": second(min(time, visit.now))}


def mark(visit: Visit, newest: str, probe: Reply | None) -> dict[str, Any]:
    """Where the next visit starts; with the ETag only when this visit has read everything that the ETag stands for."""
    kept = {"v": CURSOR, "updated_at": min(newest, second(visit.now))}
    return kept if probe is None else kept | {"etag": probe.etag, "url": probe.url}


def first(client: Client, cursor: Mapping[str, Any], path: str) -> Reply:
    """The first page, asked for where the last visit found it: a renamed repository costs its redirect only once."""
    named = f"/repos/{client.owner}/{client.name}{path}"
    if not cursor.get("url"):
        return client.get(named)
    try:
        return client.get(cursor["url"], cursor.get("etag"))
    except Gone:
        return client.get(named)


def onward(found: Mapping[str, Any], after: str | None) -> str:
    """The position of the next page. Raises Retriable where it leads back to the page just read."""
    position = found["pageInfo"]["endCursor"]
    if not position or position == after:
        raise Retriable("GitHub gives the same page again and again")
    return str(position)


def second(time: datetime | None) -> str:
    """An instant as GitHub writes it, in whole seconds: these sort as they follow."""
    if time is None:
        raise Fatal("GitHub gives no time where one is expected; its interface has changed")
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(reply: Reply) -> list[dict[str, Any]]:
    """The items of a page. Raises Fatal where there is no list."""
    if not isinstance(reply.data, list):
        raise Fatal(f"{reply.url}: no list where one is expected; GitHub's interface has changed")
    return reply.data
