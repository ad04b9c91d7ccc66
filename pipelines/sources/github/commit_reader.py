"""How commits of the default branch are read: each exactly once, also those that a late merge or a rewritten branch brings.

By REST: a hundred commits cost a request, as a page of GraphQL costs a point, but parents and trailers come with them (GraphQL asks a
list for each, which doubles its price) and a 304 says for nothing that no commit came. A commit may be dated long before it is
merged, so no date serves as a cursor; the hash of the newest one does: GitHub's comparison of two hashes gives what one has and the
other lacks. All pages are asked for by hash, so they do not move while they are read, and a visit may stop at any of them.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pipelines.contract import Page, Visit
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.sources.github.client import Client, Reply
from pipelines.sources.github.commit_rows import commit_row
from pipelines.sources.github.cursors import first, listed, mark, second, trusted
from pipelines.text import values

PROBE = "/commits?per_page=1"
"""The newest commit; its `last` page is the number of all."""
OVERLAP = timedelta(days=30)
"""Read again by date where GitHub cannot compare any more: the old hash is forgotten, or the difference too large."""
Cursor = Mapping[str, Any]


def pages(visit: Visit, client: Client) -> Iterator[Page]:
    """First the rest of a walk that was cut short, then what is new since."""
    cursor, is_resumed = _kept(visit), False
    if rest := _rest(client, cursor):
        is_resumed = True
        for page in _walk(visit, client, cursor, rest, None):
            yield page
            cursor = dict(page.cursor)
    elif cursor.get("next"):
        cursor = {}
    probe = first(client, cursor, PROBE)
    head = _head(visit, probe) or str(cursor.get("head") or "")
    if probe.data is None or head == (cursor.get("head") or ""):
        kept = cursor if probe.data is None else _place(visit, cursor, head) | mark(visit, second(visit.now), probe)
        yield Page([], kept, total=_total(probe), is_unchanged=not is_resumed)
        return
    place, known = probe.url.partition("/commits?")[0], cursor.get("head")
    start = _compared(client, place, known, head) if known else None
    if start is not None and start.data["behind_by"]:
        yield from _dropped(visit, client, cursor, f"{place}/compare/{head}...{known}?per_page=100")
    if start is None:
        since = second(_moment(cursor) - OVERLAP) if known else second(visit.since)
        start = client.get(f"{place}/commits?sha={head}&since={since}&per_page=100")
    yield from _walk(visit, client, _place(visit, cursor, head), start, probe)


def _kept(visit: Visit) -> dict[str, Any]:
    """The cursor, as long as nobody wants to look further back than it did."""
    cursor = trusted(visit)
    return cursor if str(cursor.get("since") or "") <= second(visit.since) else {}


def _place(visit: Visit, cursor: Cursor, head: object) -> dict[str, Any]:
    return {"since": cursor.get("since") or second(visit.since), "head": head}


def _rest(client: Client, cursor: Cursor) -> Reply | None:
    """The next page of a walk that was cut short; None where there is none, or GitHub has forgotten the hash that it is asked by."""
    try:
        return client.get(str(cursor["next"])) if cursor.get("next") else None
    except Gone:
        return None


def _head(visit: Visit, probe: Reply) -> str | None:
    """Hash of the newest commit."""
    newest = listed(probe) if probe.data is not None else []
    return commit_row(visit, newest[0]).key if newest else None


def _walk(visit: Visit, client: Client, place: Cursor, reply: Reply, probe: Reply | None) -> Iterator[Page]:
    """Pages up to the last; a comparison and a list alike."""
    kept, seen = {"since": place["since"], "head": place["head"]}, {reply.url}
    expected = reply.data.get("total_commits") if isinstance(reply.data, dict) and probe is not None else None
    while True:
        rows = [commit_row(visit, one) for one in _commits(reply)]
        if reply.next_url is None:
            yield Page(rows, kept | mark(visit, second(visit.now), probe), expected, _total(probe))
            return
        if reply.next_url in seen:
            raise Retriable(f"{visit.channel.target}: a page of commits points back to an earlier one")
        seen.add(reply.next_url)
        yield Page(
            rows, kept | mark(visit, second(visit.now), None) | {"next": reply.next_url}, expected, _total(probe)
        )
        reply = client.get(reply.next_url)


def _compared(client: Client, place: str, known: str, head: str) -> Reply | None:
    """What the new head has and the known one lacks; None where GitHub cannot say it, or says it in part."""
    try:
        reply = client.get(f"{place}/compare/{known}...{head}?per_page=100")
    except (Gone, Retriable):
        return None
    if not isinstance(reply.data, dict) or not isinstance(reply.data.get("behind_by"), int):
        raise Fatal(f"{reply.url}: no comparison where one is expected; GitHub's interface has changed")
    is_whole = reply.next_url is not None or len(_commits(reply)) >= int(reply.data.get("total_commits") or 0)
    return reply if is_whole else None


def _dropped(visit: Visit, client: Client, cursor: Cursor, url: str | None) -> Iterator[Page]:
    """Commits that a rewritten branch does not have any more."""
    while url:
        try:
            reply = client.get(url)
        except (Gone, Retriable):
            return  # they stay as they were last seen
        yield Page([commit_row(visit, one, is_dropped=True) for one in _commits(reply)], cursor)
        url = reply.next_url if reply.next_url != url else None


def _commits(reply: Reply) -> list[dict[str, Any]]:
    if not isinstance(reply.data, dict):
        return listed(reply)
    found = reply.data.get("commits")
    if not isinstance(found, list):
        raise Fatal(f"{reply.url}: a comparison without commits; GitHub's interface has changed")
    return found


def _total(probe: Reply | None) -> int | None:
    """How many commits the branch has: pages of one."""
    if probe is None or probe.data is None:
        return None
    return probe.last_page or len(listed(probe))


def _moment(cursor: Cursor) -> Any:
    return values.parse_instant(cursor["updated_at"])
