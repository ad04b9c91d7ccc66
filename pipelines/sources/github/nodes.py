"""How the objects of GitHub's answers are read: what must be there, what may be missing, and who somebody is."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pipelines.contract import Visit
from pipelines.http.errors import Fatal
from pipelines.people import Role
from pipelines.text import values

Given = ParamSpec("Given")
Made = TypeVar("Made")
Node = Mapping[str, Any]


def shaped(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """An answer of another shape is an error that says so, not a crash."""

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return make(*args, **kwargs)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Fatal(f"GitHub's answer has another shape than {make.__name__} knows: {error!r}") from None

    return made


def part(visit: Visit, account: Node, association: str | None, asker: str | None) -> Role:
    """The part an account plays in the channel. `asker`: login of who opened the thread."""
    return visit.people.role(
        account.get("login"),
        typename=account.get("__typename") or "User",
        association=association,
        is_official=visit.channel.official,
        staff=visit.channel.staff,
        asker=asker,
    )


def listed(node: Node, name: str) -> list[Node]:
    """The items of a connection that are there."""
    return [one for one in ((node.get(name) or {}).get("nodes") or []) if one]


def instant(node: Node, name: str) -> str:
    """An instant that must be there. Raises ValueError where it is none."""
    found = values.format_instant(node[name])
    if found is None:
        raise ValueError(f"{name} is no instant")
    return found


def link(node: Node) -> str | None:
    """The public page of something, where it has one."""
    url = values.clean_line(node.get("url"), 500)
    return url if url.startswith(("https://", "http://")) else None
