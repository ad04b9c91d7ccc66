"""Snapshots: what a repository looks like today, a row a day, for one request without points while nothing changes."""

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import first, mark, second, trusted
from pipelines.sources.github.nodes import Node, shaped

PROFILE = "/community/profile"
Make = Callable[[Visit, Node], dict[str, Any]]


def snapshot(visit: Visit, client: Client, path: str, make: Make, key: str = "") -> Iterator[Page]:
    """Today's row; what is unchanged is as it was. `key`: field of the body that names the repository beside the day."""
    cursor, day = trusted(visit), visit.now.astimezone(UTC).date().isoformat()
    last = cursor.get("body")
    reply = first(client, cursor if last else {}, path)
    if reply.data is None and cursor.get("day") == day:
        yield Page([], cursor, is_unchanged=True)
        return
    body = {**(last if reply.data is None and last else make(visit, reply.data)), "day_on": day}
    kept = mark(visit, second(visit.now), reply) | {"day": day, "body": body}
    yield Page([Row(f"{body[key]}:{day}" if key else day, None, body)], kept, 1)


@shaped
def community_body(visit: Visit, node: Node) -> dict[str, Any]:
    """Which of the files that GitHub recommends are there, and GitHub's own score of them."""
    files = node["files"]
    return {
        "health_percentage": int(node["health_percentage"]),
        "has_description": bool(node.get("description")),
        "has_documentation": bool(node.get("documentation")),
        "has_code_of_conduct": bool(files.get("code_of_conduct") or files.get("code_of_conduct_file")),
        "has_contributing": bool(files["contributing"]),
        "has_issue_template": bool(files["issue_template"]),
        "has_pull_request_template": bool(files["pull_request_template"]),
        "has_licence": bool(files["license"]),
        "has_readme": bool(files["readme"]),
    }
