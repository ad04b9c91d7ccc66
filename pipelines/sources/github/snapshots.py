"""Daily snapshots of a repository, each for one request, and no points while nothing changes."""

from collections.abc import Iterator
from datetime import UTC

from pipelines.contract import Page, Row, Visit
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.rest import get_first_page
from pipelines.sources.github.rows import make_repository_body


def read_snapshot(visit: Visit, client: Client) -> Iterator[Page]:
    """Yields today's row, with the last body if nothing has changed."""
    cursor, day = load_trusted_cursor(visit), visit.now.astimezone(UTC).date().isoformat()
    last_body = cursor.get("body")
    reply = get_first_page(client, cursor if last_body else {}, "")
    if reply.data is None and cursor.get("day") == day:
        yield Page([], cursor, is_unchanged=True)
        return
    body = {
        **(last_body if reply.data is None and last_body else make_repository_body(visit, reply.data)),
        "day_on": day,
    }
    cursor = make_cursor(visit, to_github_time(visit.now)) | reply.tag | {"day": day, "body": body}
    yield Page([Row(f"{body['repository_id']}:{day}", None, body)], cursor, 1)


def is_read_today(visit: Visit) -> bool:
    """Tells whether the day's row is there already."""
    return load_trusted_cursor(visit).get("day") == visit.now.astimezone(UTC).date().isoformat()
