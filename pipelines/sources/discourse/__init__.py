"""Discourse forums: topics with their posts, latest activity first.

An unchanged forum costs one request per section (one in all for a forum without sections). Once a day the visit also
reads robots.txt, the forum's own totals and its newest pages, since accepting an answer does not bump a topic. A first
visit reads back to `since` and may stop anywhere. Of a longer topic only the first 200 posts are read.
"""

from collections.abc import Iterator

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.sources.discourse.client import Forum, Topic, check_sections
from pipelines.sources.discourse.rows import make_gone_row, make_thread_rows
from pipelines.sources.discourse.walk import TopicWalk

STREAMS = {"topics": Stream("newest-first", resumable=True, also=("posts",))}
CURSOR = 1
"""Version of the cursors; a cursor of another version is ignored."""


def topics(visit: Visit) -> Iterator[Page]:
    """Yields topics with their posts: those bumped or changed since the last visit, then the rest of the backfill."""
    check_sections(visit.channel.sections)
    cursor = visit.cursor if visit.cursor.get("v") == CURSOR else {}
    forum = Forum(visit, cursor.get("forum", {}))
    forum.load_rules()
    sections = visit.channel.sections or ("",)
    before = cursor.get("sections", {})
    walks = {
        section: TopicWalk(
            forum, section, before.get(section, {}), lambda topic: _read_topic(forum, topic), visit.since
        )
        for section in sections
    }
    has_news = False
    for walk in walks.values():
        for rows in walk.read_rows():
            has_news = True
            yield Page(rows, _make_cursor(forum, walks), total=forum.total)
    yield Page([], _make_cursor(forum, walks), total=forum.total, is_unchanged=not has_news)


def _read_topic(forum: Forum, topic: Topic) -> list[Row]:
    whole = forum.get_topic(topic.id)
    if whole is None:
        return [make_gone_row(topic.id)]
    return make_thread_rows(forum.visit, forum.base, whole, topic.has_accepted, forum.solved)


def _make_cursor(forum: Forum, walks: dict[str, TopicWalk]) -> dict[str, object]:
    return {
        "v": CURSOR,
        "forum": forum.to_cursor(),
        "sections": {section: walk.to_cursor() for section, walk in walks.items()},
    }
