"""Reads the commits of the default branch, each exactly once, including those of late merges and rewritten branches.

It uses REST: a request returns a hundred commits with parents and trailers (each a list of its own in GraphQL, which
doubles the price), and a 304 is free. A commit may be dated long before it is merged, so the cursor is not a date but
the hash of the newest commit: GitHub's comparison of two hashes lists the commits that one has and the other lacks.
Pages are requested by hash, so they do not move while they are read, and a visit may stop after any of them.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from pipelines.contract import Page, Visit
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.passed_over import PassedOver
from pipelines.sources.github.client import Client, RestReply
from pipelines.sources.github.commit_rows import make_commit_row
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.keys import COMMITS
from pipelines.sources.github.rest import get_first_page, list_items, make_rows, read_with_passed
from pipelines.text import values
from warehouse.faults import Fault

PROBE = "/commits?per_page=1"
"""The newest commit; with one per page, the number of the `last` page is the number of commits."""
OVERLAP = timedelta(days=30)
"""Overlap of a read by date, needed if GitHub cannot compare: it has forgotten the old hash, or too much differs."""
Cursor = Mapping[str, Any]


def read_commits(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads the commits passed over before, then the rest of an interrupted walk, then the new commits."""
    passed = PassedOver.load(_load_cursor(visit), visit.now, "commit")
    pages = _read_new(visit, client, passed)
    return read_with_passed(client, "/commits", partial(make_commit_row, visit), passed, pages)


def _read_new(visit: Visit, client: Client, passed: PassedOver) -> Iterator[Page]:
    cursor, is_resumed = _load_cursor(visit), False
    if rest := _get_next_page(client, cursor):
        is_resumed = True
        for page in _walk_pages(visit, client, cursor, rest, None, passed):
            yield page
            cursor = dict(page.cursor)
    elif cursor.get("next"):
        cursor = {}
    probe = get_first_page(client, cursor, PROBE)
    last_head = cursor.get("head")
    head = _get_head(probe) or str(last_head or "")
    start_cursor = {"since": cursor.get("since") or to_github_time(visit.since), "head": head}
    if probe.data is None or head == (last_head or ""):
        unchanged = cursor if probe.data is None else start_cursor | _make_visited(visit, probe)
        yield Page([], unchanged, total=_count_commits(probe), is_unchanged=not is_resumed)
        return
    base = probe.url.partition("/commits?")[0]
    start = _compare_heads(client, base, last_head, head) if last_head else None
    if start is not None and start.data["behind_by"]:
        yield from _read_dropped(visit, client, cursor, passed, f"{base}/compare/{head}...{last_head}?per_page=100")
    if start is None:
        since = _get_overlap_start(cursor) if last_head else to_github_time(visit.since)
        start = client.get(f"{base}/commits?sha={head}&since={since}&per_page=100")
        # Taken at its word, it would move the cursor to the newest commit, and no visit would ask for the others again.
        if not list_items(start) and not _is_older(probe, since):
            raise Fatal(f"{start.url}: no commit, not even the newest of the branch; answer rejected", Fault.EMPTY)
    yield from _walk_pages(visit, client, start_cursor | {"last_head": last_head}, start, probe, passed)


def _load_cursor(visit: Visit) -> dict[str, Any]:
    """Returns the cursor; an empty one if the operator asks for a longer backfill than before."""
    cursor = load_trusted_cursor(visit)
    return cursor if str(cursor.get("since") or "") <= to_github_time(visit.since) else {}


def _make_visited(visit: Visit, probe: RestReply | None) -> dict[str, Any]:
    """Makes the cursor's record of the visit; with the probe's ETag only once everything is read."""
    return make_cursor(visit, to_github_time(visit.now)) | (probe.tag if probe else {})


def _get_overlap_start(cursor: Cursor) -> str:
    updated = values.parse_instant(cursor["updated_at"])
    return to_github_time(updated - OVERLAP if updated else None)


def _get_next_page(client: Client, cursor: Cursor) -> RestReply | None:
    """Gets the next page of an interrupted walk; None if there is none, or GitHub has forgotten its hash."""
    try:
        return client.get(str(cursor["next"])) if cursor.get("next") else None
    except Gone:
        return None


def _get_head(probe: RestReply) -> str | None:
    """Returns the hash of the newest commit."""
    newest = list_items(probe) if probe.data is not None else []
    # Its row may be broken; its hash alone decides where the next walk begins.
    sha = newest[0].get("sha") if newest and isinstance(newest[0], dict) else None
    if newest and not (isinstance(sha, str) and re.fullmatch("[0-9a-f]{40,64}", sha)):
        raise Fatal(f"{probe.url}: the newest commit has no hash; GitHub's interface has changed")
    return sha


def _is_older(probe: RestReply, since: str) -> bool:
    """Tells whether the newest commit is older than `since`, so that a list from there may be empty."""
    with suppress(LookupError, TypeError):
        committed = values.parse_instant(list_items(probe)[0]["commit"]["committer"]["date"])
        return committed is not None and to_github_time(committed) <= since
    return False


def _walk_pages(
    visit: Visit, client: Client, start: Cursor, reply: RestReply, probe: RestReply | None, passed: PassedOver
) -> Iterator[Page]:
    """Reads all pages of a comparison or a list."""
    cursor, seen = {"since": start["since"], "head": start["head"]}, {reply.url}
    last_head = {"head": start["last_head"]} if start.get("last_head") else {}
    expected = reply.data.get("total_commits") if isinstance(reply.data, dict) and probe is not None else None
    while True:
        commits = visit.keys.check(_get_commits(reply), COMMITS)
        if not commits and (probe is None or len(seen) > 1):
            passed.add_unnamed(Fatal("a further page of commits is empty", Fault.EMPTY))
        rows = make_rows(commits, "sha", partial(make_commit_row, visit), passed)
        if reply.next_url is None:
            is_repeated = passed.must_repeat()
            passed.settle_unnamed()
            # With an empty page, or an entry that has no hash, the next visit reads from the last head again.
            reached = {"since": start["since"]} | last_head if is_repeated else cursor
            tag = _make_visited(visit, None if is_repeated else probe)
            yield Page(rows, reached | tag, expected, _count_commits(probe))
            return
        if reply.next_url in seen:
            raise Retriable(f"{visit.channel.target}: a page of commits points back to an earlier one")
        seen.add(reply.next_url)
        unfinished = cursor | _make_visited(visit, None) | {"next": reply.next_url}
        yield Page(rows, unfinished, expected, _count_commits(probe))
        reply = client.get(reply.next_url)


def _compare_heads(client: Client, base: str, last_head: str, head: str) -> RestReply | None:
    """Gets the commits that the new head has and the last one lacks; None if GitHub cannot list them all."""
    try:
        reply = client.get(f"{base}/compare/{last_head}...{head}?per_page=100")
    except (Gone, Retriable):
        return None
    if not isinstance(reply.data, dict) or not isinstance(reply.data.get("behind_by"), int):
        raise Fatal(f"{reply.url}: not a comparison of commits; GitHub's interface has changed")
    is_whole = reply.next_url is not None or len(_get_commits(reply)) >= int(reply.data.get("total_commits") or 0)
    return reply if is_whole else None


def _read_dropped(visit: Visit, client: Client, cursor: Cursor, passed: PassedOver, url: str | None) -> Iterator[Page]:
    """Reads the commits that a rewritten branch no longer has."""
    while url:
        try:
            reply = client.get(url)
        except (Gone, Retriable):
            return  # they stay as they were last seen
        make = partial(make_commit_row, visit, is_dropped=True)
        yield Page(make_rows(visit.keys.check(_get_commits(reply), COMMITS), "sha", make, passed), cursor)
        url = reply.next_url if reply.next_url != url else None


def _get_commits(reply: RestReply) -> list[dict[str, Any]]:
    if not isinstance(reply.data, dict):
        return list_items(reply)
    commits = reply.data.get("commits")
    if not isinstance(commits, list):
        raise Fatal(f"{reply.url}: a comparison without commits; GitHub's interface has changed")
    return commits


def _count_commits(probe: RestReply | None) -> int | None:
    """Counts the commits of the branch; None if unchanged."""
    if probe is None or probe.data is None:
        return None
    # The probe has one commit per page.
    return probe.last_page or len(list_items(probe))
