"""Readers of the nodes in GitHub's answers: required and optional fields, and the roles of accounts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pipelines.contract import Visit
from pipelines.people import Role
from pipelines.sources.github.cursors import to_github_time
from pipelines.text import values

Node = Mapping[str, Any]
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[\w=+/-]{4,200}", re.ASCII)


def role_of(visit: Visit, account: Node, association: str | None, asker: str | None) -> Role:
    """Determines an account's role in the channel; `asker` is the login that opened the thread."""
    return visit.people.determine_role(
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
