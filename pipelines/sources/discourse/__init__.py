"""Discourse forums: topics with their posts, latest activity first.

An unchanged forum costs one request per section (one in all for a forum without sections). Once a day the visit also
reads robots.txt, the forum's own totals and its newest pages, since accepting an answer does not bump a topic. A first
visit reads back to `since` and may stop anywhere. Of a longer topic only the first 200 posts are read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.number_set import NumberSet
from pipelines.passed_over import PassedOver
from pipelines.sources.discourse.client import Forum, Topic, check_sections
from pipelines.sources.discourse.rows import make_gone_row, make_thread_rows
from pipelines.sources.discourse.walk import TopicWalk

STREAMS = {"topics": Stream(resumable=True, also=("posts",))}
CURSOR = 1
"""Version of the cursors; a cursor of another version is ignored."""


def topics(visit: Visit) -> Iterator[Page]:
    """Yields topics with their posts: those skipped before, those bumped or changed, then the older ones."""
    check_sections(visit.channel.sections)
    reader = _ForumReader(visit, visit.cursor if visit.cursor.get("v") == CURSOR else {})
    has_news = False
    for rows in reader.read_rows():
        has_news = has_news or bool(rows)
        yield reader.make_page(rows)
    yield reader.make_page([], is_unchanged=not has_news)


class _ForumReader:
    """Reads the topics of one visit, from the cursor of the last one."""

    def __init__(self, visit: Visit, cursor: Mapping[str, Any]) -> None:
        self._visit = visit
        self._forum = Forum(visit, cursor.get("forum", {}))
        self._passed = PassedOver.load(cursor, visit.now, "topic")
        self._numbers = NumberSet.unpack(cursor.get("numbers"))
        """Numbers of all topics held."""
        before = cursor.get("sections", {})
        self._walks = {
            section: TopicWalk(
                self._forum, section, before.get(section, {}), self._read_topic, visit.since, self._passed
            )
            for section in visit.channel.sections or ("",)
        }

    def read_rows(self) -> Iterator[list[Row]]:
        """Yields batches of rows; a later visit may resume after each of them."""
        self._forum.load_rules()
        for walk in self._walks.values():
            yield from walk.read_rows()
        self._passed.settle_unnamed()

    def make_page(self, rows: list[Row], is_unchanged: bool = False) -> Page:
        """Makes a page with the position that has been reached."""
        total, waiting, older = self._forum.total, None, None
        if total is not None:
            beyond = max(0, total - len(self._numbers) - len(self._passed))
            is_whole = all(walk.is_whole for walk in self._walks.values())
            is_cut = any(walk.is_cut for walk in self._walks.values())
            waiting, older = (0, beyond if is_cut else 0) if is_whole else (beyond, None)
        return Page(
            rows,
            self._make_cursor(),
            total=total,
            waiting=waiting,
            older=older,
            passed_over=self._passed,
            is_unchanged=is_unchanged,
        )

    def _read_topic(self, topic: Topic) -> list[Row]:
        whole = self._forum.get_topic(topic.id)
        if whole is None:
            self._numbers.remove(topic.id)
            return [make_gone_row(topic.id)]
        rows = make_thread_rows(self._visit, self._forum.base, whole, topic.has_accepted, self._forum.solved)
        self._numbers.add([topic.id])
        return rows

    def _make_cursor(self) -> dict[str, object]:
        return {
            "v": CURSOR,
            "forum": self._forum.to_cursor(),
            "sections": {section: walk.to_cursor() for section, walk in self._walks.items()},
            "numbers": self._numbers.pack(),
            **self._passed.to_cursor(),
        }
