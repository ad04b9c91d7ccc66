"""Daily snapshots of a repository, each for one request: number and name, which show a renaming."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.keys import ItemKeys
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.github.client import Client, get_first_page
from pipelines.sources.github.nodes import Node, load_trusted_cursor, make_cursor, to_github_time
from pipelines.text import values

REPOSITORY = ItemKeys("repositories", "", {"id": int, "full_name": str})


def read_snapshot(visit: Visit, client: Client) -> Iterator[Page]:
    """Yields today's row, with the last body if nothing has changed."""
    cursor, day = load_trusted_cursor(visit), visit.now.astimezone(UTC).date().isoformat()
    last_body = cursor.get("body")
    reply = get_first_page(client, cursor if last_body else {}, "")
    if reply.data is None and cursor.get("day") == day:
        yield Page([], cursor, is_unchanged=True)
        return
    body = {
        **(last_body if reply.data is None and last_body else _make_body(visit, reply.data)),
        "day_on": day,
    }
    cursor = make_cursor(visit, to_github_time(visit.now)) | reply.tag | {"day": day, "body": body}
    yield Page([Row(f"{body['repository_id']}:{day}", None, body)], cursor, 1)


def is_read_today(visit: Visit) -> bool:
    """Returns whether the day's row is there already."""
    return load_trusted_cursor(visit).get("day") == visit.now.astimezone(UTC).date().isoformat()


@raises_on_unexpected_shape("a repository of GitHub")
def _make_body(visit: Visit, node: Node) -> dict[str, Any]:
    """Makes the body of a repository's row."""
    visit.keys.check(node, REPOSITORY)
    # Identified by number, since a repository may be renamed.
    return {
        "repository_id": node["id"],
        "full_name": values.clean_line(node.get("full_name")) or visit.channel.target,
    }
