"""Daily snapshots of a repository, each for one request, and no points while nothing changes."""

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.keys import PROFILE as PROFILE_KEYS
from pipelines.sources.github.nodes import Node
from pipelines.sources.github.rest import get_first_page

PROFILE = "/community/profile"
MakeBody = Callable[[Visit, Node], dict[str, Any]]


def read_snapshot(visit: Visit, client: Client, path: str, make_body: MakeBody, key: str = "") -> Iterator[Page]:
    """Yields today's row, with the last body if nothing has changed.

    `key` is the body's field that identifies the repository in the row's key.
    """
    cursor, day = load_trusted_cursor(visit), visit.now.astimezone(UTC).date().isoformat()
    last_body = cursor.get("body")
    reply = get_first_page(client, cursor if last_body else {}, path)
    if reply.data is None and cursor.get("day") == day:
        yield Page([], cursor, is_unchanged=True)
        return
    body = {**(last_body if reply.data is None and last_body else make_body(visit, reply.data)), "day_on": day}
    cursor = make_cursor(visit, to_github_time(visit.now)) | reply.tag | {"day": day, "body": body}
    yield Page([Row(f"{body[key]}:{day}" if key else day, None, body)], cursor, 1)


def is_read_today(visit: Visit) -> bool:
    """Tells whether the day's row is there already."""
    return load_trusted_cursor(visit).get("day") == visit.now.astimezone(UTC).date().isoformat()


@raises_on_unexpected_shape("a community profile of GitHub")
def make_community_body(visit: Visit, node: Node) -> dict[str, Any]:
    """Makes the body of a community profile: which recommended files exist, and GitHub's score."""
    visit.keys.check(node, PROFILE_KEYS)
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
