"""Reads fields of GitHub's answers, and the cursors of all streams."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.contract import Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.people import Role, determine_role
from pipelines.text import values

Node = Mapping[str, Any]
VERSION = 1
"""Version of the cursors; a cursor of another version is ignored."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[\w=+/-]{4,200}", re.ASCII)


def role_of(visit: Visit, account: Node, association: str | None, asker: str | None) -> Role:
    """Determines an account's role in the channel; `asker` is the login that opened the thread."""
    return determine_role(
        account.get("login"),
        typename=account.get("__typename") or "User",
        association=association,
        is_official=visit.channel.official,
        staff=visit.channel.staff,
        asker=asker,
    )


def list_nodes(node: Node, name: str) -> list[Node]:
    """Returns the items of a connection, without nulls."""
    return [item for item in ((node.get(name) or {}).get("nodes") or []) if item is not None]


def get_id(node: Node) -> str:
    """Returns a required global ID. Raises ValueError if it is none."""
    if not isinstance(node["id"], str) or not _ID.fullmatch(node["id"]):
        raise ValueError("an ID of another shape")
    return node["id"]


def get_instant(node: Node, name: str) -> str:
    """Returns a required instant in the form that rows carry. Raises ValueError if it is missing."""
    instant = values.format_instant(node[name])
    if instant is None:
        raise ValueError(f"{name} is not an instant")
    return instant


def parse_time(value: object) -> datetime | None:
    """Parses a time of GitHub's, which is a text; None for anything else, and for one from before the Web."""
    instant = values.parse_instant(value) if isinstance(value, str) else None
    return instant if instant and instant >= EARLIEST else None


def get_time(node: Node, name: str) -> str:
    """Returns a required instant in GitHub's own form. Raises Fatal if it is missing."""
    return to_github_time(parse_time(node.get(name)))


def get_link(node: Node) -> str | None:
    """Returns the address of a node's public page, if it has one."""
    url = values.clean_line(node.get("url"), 500)
    return url if url.startswith(("https://", "http://")) else None


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
