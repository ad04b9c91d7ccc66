"""How commits of the default branch are read: each exactly once, also those that a late merge or a rewritten branch
brings.

By REST: a hundred commits cost a request, as a page of GraphQL costs a point, but parents and trailers come with them
(GraphQL asks a list for each, which doubles its price) and a 304 says for nothing that no commit came. A commit may be
dated long before it is merged, so no date serves as a cursor; the hash of the newest one does: GitHub's comparison of
two hashes gives what one has and the other lacks. All pages are asked for by hash, so they do not move while they are
read, and a visit may stop at any of them.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pipelines.contract import Page, Visit
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.sources.github.client import Client, RestReply
from pipelines.sources.github.commit_rows import commit_row
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.rest import get_first_page, items_of
from pipelines.text import values

PROBE = "/commits?per_page=1"
"""The newest commit; its `last` page is the number of all."""
OVERLAP = timedelta(days=30)
"""Read again by date where GitHub cannot compare any more: the old hash is forgotten, or the difference too large."""
Cursor = Mapping[str, Any]


def read_commits(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads the rest of a walk that was cut short, then what is new since."""
    cursor, is_resumed = _load_cursor(visit), False
    if rest := _resume(client, cursor):
        is_resumed = True
        for page in _walk_pages(visit, client, cursor, rest, None):
            yield page
            cursor = dict(page.cursor)
    elif cursor.get("next"):
        cursor = {}
    probe = get_first_page(client, cursor, PROBE)
    last_head = cursor.get("head")
    head = _get_head(visit, probe) or str(last_head or "")
    start_cursor = {"since": cursor.get("since") or to_github_time(visit.since), "head": head}
    if probe.data is None or head == (last_head or ""):
        unchanged = cursor if probe.data is None else start_cursor | _make_visited(visit, probe)
        yield Page([], unchanged, total=_count_commits(probe), is_unchanged=not is_resumed)
        return
    base = probe.url.partition("/commits?")[0]
    start = _compare(client, base, last_head, head) if last_head else None
    if start is not None and start.data["behind_by"]:
        yield from _read_dropped(visit, client, cursor, f"{base}/compare/{head}...{last_head}?per_page=100")
    if start is None:
        since = _get_overlap_start(cursor) if last_head else to_github_time(visit.since)
        start = client.get(f"{base}/commits?sha={head}&since={since}&per_page=100")
    yield from _walk_pages(visit, client, start_cursor, start, probe)


def _load_cursor(visit: Visit) -> dict[str, Any]:
    """Returns the cursor, as long as nobody wants to look further back than it did."""
    cursor = load_trusted_cursor(visit)
    return cursor if str(cursor.get("since") or "") <= to_github_time(visit.since) else {}


def _make_visited(visit: Visit, probe: RestReply | None) -> dict[str, Any]:
    """Marks the visit in a cursor; with the probe's ETag only where everything that it stands for is read."""
    return make_cursor(visit, to_github_time(visit.now)) | (probe.tag if probe else {})


def _get_overlap_start(cursor: Cursor) -> str:
    updated = values.parse_instant(cursor["updated_at"])
    return to_github_time(updated - OVERLAP if updated else None)


def _resume(client: Client, cursor: Cursor) -> RestReply | None:
    """Gets the next page of a walk that was cut short; None where there is none, or GitHub has forgotten its hash."""
    try:
        return client.get(str(cursor["next"])) if cursor.get("next") else None
    except Gone:
        return None


def _get_head(visit: Visit, probe: RestReply) -> str | None:
    """Returns the hash of the newest commit."""
    newest = items_of(probe) if probe.data is not None else []
    return commit_row(visit, newest[0]).key if newest else None


def _walk_pages(
    visit: Visit, client: Client, start: Cursor, reply: RestReply, probe: RestReply | None
) -> Iterator[Page]:
    """Reads pages up to the last; a comparison and a list alike."""
    cursor, seen = {"since": start["since"], "head": start["head"]}, {reply.url}
    expected = reply.data.get("total_commits") if isinstance(reply.data, dict) and probe is not None else None
    while True:
        rows = [commit_row(visit, commit) for commit in _get_commits(reply)]
        if reply.next_url is None:
            yield Page(rows, cursor | _make_visited(visit, probe), expected, _count_commits(probe))
            return
        if reply.next_url in seen:
            raise Retriable(f"{visit.channel.target}: a page of commits points back to an earlier one")
        seen.add(reply.next_url)
        unfinished = cursor | _make_visited(visit, None) | {"next": reply.next_url}
        yield Page(rows, unfinished, expected, _count_commits(probe))
        reply = client.get(reply.next_url)


def _compare(client: Client, base: str, last_head: str, head: str) -> RestReply | None:
    """Compares what the new head has and the last one lacks; None where GitHub cannot say it, or says it in part."""
    try:
        reply = client.get(f"{base}/compare/{last_head}...{head}?per_page=100")
    except (Gone, Retriable):
        return None
    if not isinstance(reply.data, dict) or not isinstance(reply.data.get("behind_by"), int):
        raise Fatal(f"{reply.url}: no comparison where one is expected; GitHub's interface has changed")
    is_whole = reply.next_url is not None or len(_get_commits(reply)) >= int(reply.data.get("total_commits") or 0)
    return reply if is_whole else None


def _read_dropped(visit: Visit, client: Client, cursor: Cursor, url: str | None) -> Iterator[Page]:
    """Reads commits that a rewritten branch does not have any more."""
    while url:
        try:
            reply = client.get(url)
        except (Gone, Retriable):
            return  # they stay as they were last seen
        yield Page([commit_row(visit, commit, is_dropped=True) for commit in _get_commits(reply)], cursor)
        url = reply.next_url if reply.next_url != url else None


def _get_commits(reply: RestReply) -> list[dict[str, Any]]:
    if not isinstance(reply.data, dict):
        return items_of(reply)
    commits = reply.data.get("commits")
    if not isinstance(commits, list):
        raise Fatal(f"{reply.url}: a comparison without commits; GitHub's interface has changed")
    return commits


def _count_commits(probe: RestReply | None) -> int | None:
    """Counts the commits of the branch: pages of one."""
    if probe is None or probe.data is None:
        return None
    return probe.last_page or len(items_of(probe))
