"""Functions common to the cursors of all streams."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.contract import Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.text import values

VERSION = 1
"""Version of the cursors; a cursor of another version is ignored."""


def load_trusted_cursor(visit: Visit) -> dict[str, Any]:
    """Returns the cursor if it can be trusted, or else an empty one, which restarts the visit at `since`."""
    # A cursor from the future, written under a wrong clock, would skip everything until then.
    cursor = dict(visit.cursor)
    updated = values.parse_instant(cursor.get("updated_at"))
    if cursor.get("v") != VERSION or updated is None or updated > visit.now + timedelta(hours=1):
        return {}
    return cursor | {"updated_at": to_github_time(min(updated, visit.now))}


def make_cursor(visit: Visit, newest: str) -> dict[str, Any]:
    """Makes the cursor that the next visit starts from."""
    return {"v": VERSION, "updated_at": min(newest, to_github_time(visit.now))}


def get_next_position(connection: Mapping[str, Any], after: str | None) -> str:
    """Returns the position of the next page. Raises Retriable if it leads back to the page just read."""
    position = connection["pageInfo"]["endCursor"]
    if not position or position == after:
        raise Retriable("GitHub keeps returning the same page")
    return str(position)


def to_github_time(instant: datetime | None) -> str:
    """Formats an instant as GitHub does, in whole seconds, so that text order is time order."""
    if instant is None:
        raise Fatal("a time is missing in GitHub's answer; its interface has changed")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
