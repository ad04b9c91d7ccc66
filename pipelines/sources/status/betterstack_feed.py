"""Better Stack's feed: pairs of `X went down` and `X recovered`, each one incident, and posts about reports."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.http.answers import to_web_link
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.incident import Incident, Update
from pipelines.text.values import clean_line

DOWN, UP = "went down", "recovered"
ALL_DOWN, PARTLY_DOWN = "downtime", "partial_outage"
"""Words for a monitor's failure: as far as it could see all of its resource was down, which may be all of the page or
a part."""
_AUTOMATIC = re.compile(rf"^(.*\S)\s+({DOWN}|{UP})$", re.IGNORECASE)
_HOST = re.compile(r"^https?://[^/]*")


@dataclass(frozen=True, slots=True)
class _MonitorPost:
    """A monitor's post about a resource: it went down, or it recovered."""

    resource: str
    update: Update
    id: str


def parse_incidents(entries: Iterable[FeedEntry], reader: ItemReader, grade: str = ALL_DOWN) -> Iterator[Incident]:
    """Yields the feed's incidents, independent of the order of its entries; monitors' bear `grade`."""
    monitor_posts: dict[str, list[_MonitorPost]] = {}
    report_posts: dict[str, list[tuple[Update, FeedEntry]]] = {}
    for at, entry in reader.read_each(entries, _date_entry):
        if match := _AUTOMATIC.match(entry.title):
            resource, word = match[1], match[2].lower()
            post = _MonitorPost(resource, Update(at, word), _make_incident_id(entry))
            monitor_posts.setdefault(resource, []).append(post)
        else:
            report_posts.setdefault(_make_incident_id(entry), []).append((Update(at, "update"), entry))
    for resource in sorted(monitor_posts):
        yield from (replace(incident, severity_word=grade) for incident in _pair_posts(monitor_posts[resource]))
    yield from (_make_report(code, posts) for code, posts in sorted(report_posts.items()))


def _date_entry(entry: FeedEntry) -> tuple[datetime, FeedEntry]:
    at = entry.published_at or entry.updated_at
    # A monitor's posts are paired by resource and time, and share an id: one of the two is enough.
    if not at or not (_make_incident_id(entry) or _AUTOMATIC.match(entry.title)):
        raise Fatal("an entry without an instant or an id; the feed has changed shape")
    return at, entry


def _make_incident_id(entry: FeedEntry) -> str:
    """Makes the id that all posts of one incident share; empty for an entry that only names the page."""
    # The end of the address, or else of the guid without the part of the single post. Without a guid of its own, an
    # entry bears its address as one: taken for an id, the page's own would make one incident of all of them.
    paths = (_HOST.sub("", address).strip("/").partition("#")[0] for address in (entry.link or "", entry.id))
    return clean_line(next((path.rpartition("/")[2] for path in paths if path), ""), 120)


def _pair_posts(posts: list[_MonitorPost]) -> Iterator[Incident]:
    """Pairs one resource's posts in the order of time: each failure with the recovery after it."""
    down: _MonitorPost | None = None
    # At one instant the failure sorts first: the other way round a short incident would never end.
    for post in sorted(posts, key=lambda post: (post.update.at, post.update.word == UP, post.id)):
        if post.update.word == DOWN:
            if down:  # it failed again without a recovery in between: the end of the first is unknown
                yield _make_monitor_incident(down, down.update)
            down = post
        else:
            if down:
                yield _make_monitor_incident(down, post.update, down.update, part=post.id)
            else:  # the feed has dropped the failure
                yield _make_monitor_incident(post, post.update)
            down = None
    if down:
        yield _make_monitor_incident(down, down.update)


def _make_monitor_incident(first: _MonitorPost, *newest_first: Update, part: str = "") -> Incident:
    """Makes the incident of a monitor's posts; `part` is the id of the recovery."""
    code = first.id or part
    return Incident(
        id=code,
        title=f"{first.resource} {DOWN}",
        url=None,
        severity_word=ALL_DOWN,
        updates=newest_first,
        components=(("", first.resource),),
        is_automatic=True,
        parts=(part,) if part not in ("", code) else (),
    )


def _make_report(code: str, posts: list[tuple[Update, FeedEntry]]) -> Incident:
    """Makes the incident of a report that the page's document has dropped: its posts are prose, so only dates count."""
    ordered = sorted(posts, key=lambda post: (post[0].at, post[1].title), reverse=True)
    newest, updates = ordered[0][1], tuple(update for update, _ in ordered)
    return Incident(
        id=code,
        title=newest.title,
        url=to_web_link(newest.link),
        severity_word=None,
        updates=updates,
        is_listed_open=False,
    )
