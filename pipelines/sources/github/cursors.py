"""What the cursors of all streams have in common: pure state, kept between two visits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.contract import Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.text import values

VERSION = 1
"""Of the cursors; one of another version is not used."""


def load_trusted_cursor(visit: Visit) -> dict[str, Any]:
    """Returns the kept cursor where it can be trusted, else nothing: then the visit starts again at `since`.

    One that lies ahead of now would skip what happened since it was true.
    """
    cursor = dict(visit.cursor)
    updated = values.parse_instant(cursor.get("updated_at"))
    if cursor.get("v") != VERSION or updated is None or updated > visit.now + timedelta(hours=1):
        return {}
    return cursor | {"updated_at": to_github_time(min(updated, visit.now))}


def make_cursor(visit: Visit, newest: str) -> dict[str, Any]:
    """Makes the cursor that the next visit starts from."""
    return {"v": VERSION, "updated_at": min(newest, to_github_time(visit.now))}


def get_next_position(connection: Mapping[str, Any], after: str | None) -> str:
    """Returns the position of the next page. Raises Retriable where it leads back to the page just read."""
    position = connection["pageInfo"]["endCursor"]
    if not position or position == after:
        raise Retriable("GitHub keeps returning the same page")
    return str(position)


def to_github_time(instant: datetime | None) -> str:
    """Writes an instant as GitHub does, in whole seconds: these sort as they follow."""
    if instant is None:
        raise Fatal("GitHub gives no time where one is expected; its interface has changed")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
