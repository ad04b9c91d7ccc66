"""Walks a forum's list of topics without missing any, whatever moves meanwhile, and resumes if it stopped.

The list is ordered by latest activity. Everything still to be read is recorded as gaps, that is, stretches of that
order, newest first. A topic that is bumped moves to the top, where the next visit starts; a page number is only a hint
of where a gap begins.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pipelines.contract import Row
from pipelines.http.errors import Fatal, Retriable, SourceError
from pipelines.passed_over import PassedOver
from pipelines.sources.discourse import stretches
from pipelines.sources.discourse.client import Forum, Listing, Topic
from pipelines.sources.discourse.stretches import PINNED, UnreadStretch, find_end
from pipelines.text import values
from warehouse.faults import Fault

BATCH = 10
"""Topics landed together, which is the most that a kill can cost."""
REMEMBERED = 200
"""Number of topics whose stamp is remembered: those with the latest activity."""
LOOK_BACK_PAGES = 5
"""Pages checked once a day for changes that do not bump a topic: accepted answers, closings, deletions."""
ReadTopic = Callable[[Topic], list[Row]]


class TopicWalk:
    """A walk through one list of topics, from the cursor of the last visit."""

    def __init__(
        self,
        forum: Forum,
        section: str,
        cursor: Mapping[str, Any],
        read: ReadTopic,
        since: datetime,
        passed: PassedOver,
    ) -> None:
        self._forum, self._section, self._read = forum, section, read
        self._passed = passed
        self._since = min(values.format_instant(since) or "", cursor.get("since") or "~")
        self._high = str(cursor.get("high") or "")
        self._gaps = [UnreadStretch(**gap) for gap in cursor.get("gaps", [])]
        self._seen: dict[str, tuple[str, str]] = {
            key: (str(at), str(stamp)) for key, (at, stamp) in cursor.get("seen", {}).items()
        }
        self._checked_on = str(cursor.get("looked") or "")
        self._visited: set[int] = set()
        self.is_cut: bool | None = cursor.get("is_cut")
        """True if the list goes on beyond the collected period; None until its end was reached."""
        # The operator may ask for a longer backfill than before.
        if self._high and cursor.get("since", "") > self._since:
            self._gaps.append(
                UnreadStretch(cursor["since"], self._since, max((gap.page for gap in self._gaps), default=0))
            )

    def to_cursor(self) -> dict[str, Any]:
        """Returns where the next visit resumes, as a copy that later steps do not change."""
        newest = sorted(self._seen.items(), key=lambda pair: pair[1][0], reverse=True)[:REMEMBERED]
        gaps = [
            {"upper": gap.upper, "lower": gap.lower, "page": gap.page, "part": dict(gap.part)} for gap in self._gaps
        ]
        seen = {key: list(value) for key, value in newest}
        position = {"since": self._since, "high": self._high, "gaps": gaps, "seen": seen, "looked": self._checked_on}
        return position if self.is_cut is None else position | {"is_cut": self.is_cut}

    @property
    def is_whole(self) -> bool:
        """True once everything in the collected period is read."""
        return not self._gaps and self.is_cut is not None

    def read_rows(self) -> Iterator[list[Row]]:
        """Yields rows of topics skipped before, of new activity, of older gaps, and of silent changes."""
        yield from self._read_passed()
        head = self._get_listing(0)
        if not head.topics:
            raise Fatal(
                f"{self._forum.visit.channel.target}: the list of topics is empty; the forum has changed or hides it",
                Fault.EMPTY,
            )
        is_first = not self._high
        self._open_stretch(head)
        for gap in list(self._gaps):
            yield from self._read_stretch(gap, head)
            self._gaps.remove(gap)
        if is_first:
            self._checked_on = self._forum.day
        if self._checked_on != self._forum.day:
            yield from self._look_back(head)
            self._checked_on = self._forum.day

    def _read_passed(self) -> Iterator[list[Row]]:
        """Reads the topics whose pause is over, by number."""
        for key in self._passed.list_due():
            rows: list[Row] = []
            if not key.isdecimal():
                continue
            with self._passed.attempt(key):
                rows = self._read(Topic(int(key), "", False, ""))
            if rows:
                self._visited.add(int(key))
                yield rows

    def _open_stretch(self, head: Listing) -> None:
        newest = max(topic.bumped_at for topic in head.topics)
        lower = stretches.subtract_overlap(self._high) if self._high else self._since
        gap = UnreadStretch(newest, lower)
        for old in list(self._gaps):
            if old.upper >= lower:
                gap.lower, gap.part = min(gap.lower, old.lower), gap.part | old.part
                self._gaps.remove(old)
        self._gaps.insert(0, gap)
        self._high = max(newest, self._high)

    def _read_stretch(self, gap: UnreadStretch, head: Listing) -> Iterator[list[Row]]:
        page, listing = (0, head) if gap.page == 0 else self._find_page(gap)
        above: list[Topic] = []
        while True:
            todo = [topic for topic in listing.topics if self._is_unread(topic, gap)]
            todo += [topic for topic in above if topic.id not in self._visited and topic.bumped_at >= gap.lower]
            yield from self._read_topics(todo, gap.part)
            self._visited |= {topic.id for topic in [*listing.topics, *above] if topic.bumped_at >= gap.lower}
            moved, end = [topic.bumped_at for topic in listing.unpinned], find_end(listing)
            if listing.has_unnamed:
                self._passed.add_unnamed(Fatal("an entry of Discourse's list of topics has no number"))
                if self._passed.must_repeat():
                    stamps = {str(topic.id): topic.stamp for topic in listing.topics}
                    self._gaps.append(UnreadStretch(gap.upper, end, page, stamps))
            gap.upper, gap.page, gap.part = min(gap.upper, end), page, {}
            if not listing.has_more or end < gap.lower:
                has_older = listing.has_more or any(at < self._since for at in moved)
                self.is_cut = has_older if gap.lower <= self._since else self.is_cut
                return
            page += 1
            before = listing
            listing, above = self._get_next(page, gap)
            if listing.topics == before.topics:
                raise Retriable(f"{self._forum.visit.channel.target} keeps returning the same page of topics")

    def _get_next(self, page: int, gap: UnreadStretch) -> tuple[Listing, list[Topic]]:
        """Gets the next page, and the topics that moved up to the page before it meanwhile."""
        # A deletion above moves the rest up, past the page just read; a bump from below moves it down again. So unless
        # the new page overlaps the last one, both are read once more. Only a list that moves both ways within these
        # three requests can hide a topic.
        listing = self._get_listing(page)
        if listing.unpinned and listing.unpinned[0].bumped_at > gap.upper:
            return listing, []
        above = self._get_listing(page - 1)
        again = self._get_listing(page)
        both = {topic.id: topic for topic in [*listing.topics, *again.topics]}
        has_unnamed = listing.has_unnamed and again.has_unnamed
        return Listing(list(both.values()), again.has_more, has_unnamed=has_unnamed), above.topics

    def _find_page(self, gap: UnreadStretch) -> tuple[int, Listing]:
        """Finds the page on which a gap begins, searching upwards from its last known page."""
        page, step = gap.page, 1
        listing = self._get_listing(page)
        while page > 0 and (not listing.unpinned or listing.unpinned[0].bumped_at <= gap.upper):
            page, step = max(0, page - step), step * 2
            listing = self._get_listing(page)
        return page, listing

    def _get_listing(self, page: int) -> Listing:
        """Gets a page of the list; its unreadable entries are skipped."""
        listing = self._forum.get_listing(self._section, page)
        for key in listing.unreadable:
            if not self._passed.is_paused(key):
                self._passed.add(key, Fatal("an entry of Discourse's list of topics has an unexpected shape"))
        return listing

    def _is_unread(self, topic: Topic, gap: UnreadStretch) -> bool:
        if topic.id in self._visited:
            return False
        stamp = gap.part.get(str(topic.id)) or self._seen.get(str(topic.id), ("", ""))[1]
        if stamp:
            return stamp != topic.stamp
        return (self._since if topic.is_pinned else gap.lower) <= topic.bumped_at <= gap.upper

    def _read_topics(self, todo: Iterable[Topic], part: dict[str, str]) -> Iterator[list[Row]]:
        """Reads topics; if an error stops it, yields the rows read so far before raising it."""
        rows: list[Row] = []
        try:
            for topic in {topic.id: topic for topic in todo}.values():
                if not self._passed.is_paused(str(topic.id)):
                    rows += self._read_topic(topic, part)
                if sum(row.stream == "" for row in rows) >= BATCH:
                    yield rows
                    rows = []
        except SourceError:
            # Also without rows: the cursor has to carry what was skipped.
            yield rows
            raise
        if rows:
            yield rows

    def _read_topic(self, topic: Topic, part: dict[str, str]) -> list[Row]:
        """Reads one topic; returns no rows if it is skipped."""
        key, rows = str(topic.id), list[Row]()
        with self._passed.attempt(key):
            rows = self._read(topic)
        if not rows:
            return []
        part[key] = topic.stamp
        self._seen[key] = (PINNED if topic.is_pinned else topic.bumped_at, topic.stamp)
        if rows[0].body["state"] == "gone":
            del self._seen[key]
        return rows

    def _look_back(self, head: Listing) -> Iterator[list[Row]]:
        """Compares the newest pages with the remembered stamps; a topic missing from them is read by number."""
        lists = [head]
        oldest = min((at for at, _ in self._seen.values()), default=PINNED)
        while (
            lists[-1].has_more
            and len(lists) < LOOK_BACK_PAGES
            and min((topic.bumped_at for topic in lists[-1].unpinned), default=PINNED) > oldest
        ):
            lists.append(self._get_listing(len(lists)))
        yield from self._read_topics(stretches.list_changed(lists, self._seen, self._since), {})
