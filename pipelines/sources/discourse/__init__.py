"""Discourse forums: topics with their posts, the last moved first.

An unchanged forum costs one request for each section that is read (one for a forum that is read as a whole); once a day robots.txt, the
forum's own totals and its newest pages are looked at too, since an answer that is accepted moves no topic. A first visit goes back
to `since` and may be stopped anywhere. Of a topic of more than 200 posts the first 200 are read.
"""

from collections.abc import Iterator

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.sources.discourse.client import Forum, Topic, check_sections
from pipelines.sources.discourse.rows import gone_row, thread_rows
from pipelines.sources.discourse.walk import Walk

STREAMS = {"topics": Stream("newest-first", resumable=True, also=("posts",))}
CURSOR = 1
"""Version of the cursors; one of another version is not used."""


def topics(visit: Visit) -> Iterator[Page]:
    """Topics that moved or changed since the last visit, then what earlier visits have left, with all their posts."""
    check_sections(visit.channel.sections)
    kept = visit.cursor if visit.cursor.get("v") == CURSOR else {}
    forum = Forum(visit, kept.get("forum", {}))
    forum.enter()
    sections = visit.channel.sections or ("",)
    before = kept.get("sections", {})
    walks = {
        one: Walk(forum, one, before.get(one, {}), lambda topic: _read(forum, topic), visit.since) for one in sections
    }
    came = False
    for walk in walks.values():
        for rows in walk.rows():
            came = True
            yield Page(rows, _mark(forum, walks), total=forum.total)
    yield Page([], _mark(forum, walks), total=forum.total, is_unchanged=not came)


def _read(forum: Forum, topic: Topic) -> list[Row]:
    whole = forum.topic(topic.id)
    if whole is None:
        return [gone_row(topic.id)]
    return thread_rows(forum.visit, forum.base, whole, topic.has_accepted, forum.solved)


def _mark(forum: Forum, walks: dict[str, Walk]) -> dict[str, object]:
    return {"v": CURSOR, "forum": forum.mark(), "sections": {section: walk.mark() for section, walk in walks.items()}}
