"""How the objects of GitHub's answers are read: what must be there, what may be missing, and who somebody is."""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import Visit
from pipelines.people import Role
from pipelines.sources.github.cursors import to_github_time
from pipelines.text import values

Node = Mapping[str, Any]


def role_of(visit: Visit, account: Node, association: str | None, asker: str | None) -> Role:
    """Returns the part an account plays in the channel. `asker`: login of who opened the thread."""
    return visit.people.determine_role(
        account.get("login"),
        typename=account.get("__typename") or "User",
        association=association,
        is_official=visit.channel.official,
        staff=visit.channel.staff,
        asker=asker,
    )


def connection_nodes(node: Node, name: str) -> list[Node]:
    """Returns the items of a connection that are there."""
    return [item for item in ((node.get(name) or {}).get("nodes") or []) if item]


def get_instant(node: Node, name: str) -> str:
    """Returns an instant that must be there, as rows carry it. Raises ValueError where it is none."""
    instant = values.format_instant(node[name])
    if instant is None:
        raise ValueError(f"{name} is no instant")
    return instant


def get_time(node: Node, name: str) -> str:
    """Returns an instant that must be there, as GitHub writes it. Raises Fatal where it is none."""
    return to_github_time(values.parse_instant(node.get(name)))


def get_link(node: Node) -> str | None:
    """Returns the public page of something, where it has one."""
    url = values.clean_line(node.get("url"), 500)
    return url if url.startswith(("https://", "http://")) else None
