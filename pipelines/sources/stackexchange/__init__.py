"""Stack Exchange sites: questions of some tags, with all their answers.

`/search` finds questions that have any of the tags, so an unchanged channel costs one request for any number of tags.
Once a day the newest hundred are checked as well, since the site does not count an accepted answer or a closing as
activity. A first visit reads back to `since` by creation time, newest first; each request starts at the time of the
last item, so that no question is missed while others move.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import Fatal
from pipelines.passed_over import PassedOver
from pipelines.sources.stackexchange import client
from pipelines.sources.stackexchange.client import IDS, PAGE, Site
from pipelines.sources.stackexchange.items import (
    Item,
    check_end,
    find_end,
    get_key,
    get_number,
    is_sound,
    make_stamp,
    read_total,
)
from pipelines.sources.stackexchange.question_reader import QuestionReader
from pipelines.sources.stackexchange.rows import make_gone_row
from pipelines.text import values
from warehouse.faults import Fault

BASE_URL = client.BASE_URL
OPTIONAL_TOKENS = ("STACKEXCHANGE_KEY",)
STREAMS = {"questions": Stream(resumable=True, also=("answers",), empty_is_normal=True)}
CURSOR = 1
"""Version of the cursors; a cursor of another version is ignored."""
OVERLAP_SECONDS = 600
"""Overlap with the last visit: the search index lags behind the site."""


def questions(visit: Visit) -> Iterator[Page]:
    """Yields questions with new activity, then silent changes of the newest, then the backfill."""
    if not visit.channel.sections:
        raise Fatal(
            f"{visit.channel.target}: list the tags to collect in the channel's `sections`", Fault.MISCONFIGURED
        )
    reader = _Reader(visit, visit.cursor if visit.cursor.get("v") == CURSOR else {})
    has_rows = False
    for rows in reader.read_rows():
        has_rows = has_rows or bool(rows)
        yield reader.make_page(rows)
    yield reader.make_page([], is_unchanged=not has_rows)


class _Reader:
    """Reads the questions of one visit, from the cursor of the last one."""

    def __init__(self, visit: Visit, cursor: Mapping[str, Any]) -> None:
        self._visit, self._site = visit, Site(visit, cursor)
        self._passed = PassedOver.load(cursor, visit.now, "question")
        self._questions = QuestionReader(visit, self._site, self._passed)
        now = int(visit.now.timestamp())
        self._day = visit.now.date().isoformat()
        self._since = min(int(visit.since.timestamp()), int(cursor.get("since", now)))
        self._active = int(cursor.get("active", now))
        """Time of the newest known activity; on a first visit its start, since the backfill reads everything older."""
        self._edge: dict[str, tuple[int, str]] = {
            key: (int(at), str(stamp)) for key, (at, stamp) in cursor.get("edge", {}).items()
        }
        """Time of activity and stamp of the questions within the overlap, by key."""
        self._recent: dict[str, str] = dict(cursor.get("recent", {}))
        """Stamps of the newest questions, by key."""
        self._checked_on = str(cursor.get("looked", ""))
        self._is_first = not cursor
        self._known_until = visit.now if not cursor else None
        """Instant until which all activity is read; None until this visit has read it."""
        self._low: int | None = cursor.get("low") if cursor else now + 1
        """Upper end of the creation times still to be read; None when the backfill is complete."""
        # The operator may ask for a longer backfill than before.
        if self._low is None and self._since < int(cursor["since"]):
            self._low = int(cursor["since"])
        self._read: dict[str, str] = {}
        """Stamps of the questions read in this visit, by key."""
        self.total: int | None = cursor.get("total")
        self.expected: int | None = None
        self._waiting: int | None = cursor.get("waiting")
        """Number of questions that the backfill has still to read."""
        self._older: int | None = cursor.get("older") if cursor.get("since") == self._since else None
        """Number of questions asked before `since`; None until it is counted."""

    def to_cursor(self) -> dict[str, Any]:
        """Returns where the next visit resumes, as a copy that later steps do not change."""
        edge = {
            key: [active_at, stamp]
            for key, (active_at, stamp) in self._edge.items()
            if active_at >= self._active - OVERLAP_SECONDS
        }
        recent = dict(sorted(self._recent.items(), key=lambda entry: int(entry[0]), reverse=True)[:PAGE])
        position = {
            "since": self._since, "active": self._active, "low": self._low, "looked": self._checked_on,
            "total": self.total, "waiting": self._waiting, "older": self._older,
        }  # fmt: skip
        own = {"edge": edge, "recent": recent, **self._site.to_cursor()}
        return {"v": CURSOR, **position, **own, **self._passed.to_cursor()}

    def make_page(self, rows: list[Row], is_unchanged: bool = False) -> Page:
        """Makes a page with the position that has been reached."""
        reach = self._since if self._low is None else self._low
        return Page(
            rows,
            self.to_cursor(),
            self.expected,
            self.total,
            self._waiting,
            self._older,
            reach_at=values.format_instant(reach) or "",
            known_until=values.format_instant(self._known_until) or "",
            passed_over=self._passed,
            is_unchanged=is_unchanged,
        )

    def read_rows(self) -> Iterator[list[Row]]:
        """Yields batches of rows; a later visit may resume after each of them."""
        if self._passed.list_due():
            yield self._questions.read_passed()
        if not self._is_first:
            yield from self._read_updates()
        if self._is_first or self._checked_on != self._day:
            yield from self._check_newest()
        if self._low is not None:
            yield from self._read_backfill()
        self._passed.settle_unnamed()

    def _search(self, page: int, **params: object) -> tuple[dict[str, Any], list[Item]]:
        """Searches for a page of questions; those that cannot be read are skipped."""
        data = self._site.search(page=page, **params)
        check_end(data, page)
        return data, self._questions.select_sound(data["items"])

    def _read_updates(self) -> Iterator[list[Row]]:
        low, page = self._active - OVERLAP_SECONDS, 1
        while True:
            data, items = self._search(page, sort="activity", order="asc", min=low)
            changed = [item for item in items if self._edge.get(get_key(item), (0, ""))[1] != make_stamp(item)]
            rows = self._questions.make_rows(changed)
            # A question without a number cannot be asked for: the list must bring it again.
            if not self._passed.must_repeat():
                self._active = max([self._active, *(get_number(item, "last_activity_date") for item in items)])
            self._remember_stamps(items)
            if rows:
                yield rows
            if not data.get("has_more") or not items:
                self._known_until = None if self._passed.must_repeat() else self._visit.now
                return
            last = get_number(items[-1], "last_activity_date")
            # Restarting at the last item's time skips nothing; the page number is needed only if one second fills a
            # whole page.
            low, page = (last, 1) if last > low else (low, page + 1)

    def _check_newest(self) -> Iterator[list[Row]]:
        """Checks the newest questions for late acceptances, closings and deletions, and reads the total."""
        data, listed = self._search(1, sort="creation", order="desc")
        if self._recent and not data["items"]:
            where = f"{self._visit.channel.target}: no question, although the last visit knew {len(self._recent)}"
            raise Fatal(f"{where}; answer rejected", Fault.EMPTY)
        items = [item for item in listed if get_number(item, "creation_date") >= self._since]
        self.total = data.get("total", self.total)
        if self._older is None and not self._is_first:
            self._older = read_total(self._site.search(sort="creation", order="desc", max=self._since - 1, page=1))
        listed_keys = {get_key(item) for item in listed}
        # Numbers grow over time: below the lowest listed one, a question was merely pushed off the page by newer ones.
        lowest = min(map(int, listed_keys), default=0) if data.get("has_more") else 0
        missing = [int(key) for key in self._recent if key not in listed_keys and int(key) > lowest][: IDS - 1]
        changed = [item for item in items if self._recent.get(get_key(item)) != make_stamp(item)]
        rows = self._questions.make_rows(changed)
        deleted = self._find_deleted(missing, listed) if missing else []
        if deleted is not None:
            rows += map(make_gone_row, deleted)
            self._recent = {key: stamp for key, stamp in self._recent.items() if int(key) not in missing}
        self._remember_stamps(items)
        self._checked_on = self._day
        if self._is_first:
            is_all = not data.get("has_more") or len(items) < len(listed)
            self._low = None if is_all else get_number(items[-1], "creation_date")
            if is_all:
                self._waiting, total = 0, read_total(data)
                self._older = None if total is None else max(0, total - len(items) - len(self._passed))
            self.expected = len(items)
        if rows:
            yield rows

    def _find_deleted(self, missing: list[int], listed: list[Item]) -> list[int] | None:
        """Finds the missing questions that were deleted; one that only lost its tag stays as last seen.

        None if that cannot be known: a question of another shape may be any of them, and an answer that lacks even a
        question of the list may lack others.
        """
        witness = [get_number(item, "question_id") for item in listed[:1]]
        items = self._site.get_questions([*witness, *missing])
        if not all(is_sound(item, self._visit.now) for item in items):
            return None
        existing = {get_number(item, "question_id") for item in items}
        return [number for number in missing if number not in existing] if existing.issuperset(witness) else None

    def _read_backfill(self) -> Iterator[list[Row]]:
        page, is_started = 1, False
        while self._low is not None:
            high = self._low
            data, items = self._search(page, sort="creation", order="desc", max=high, min=self._since)
            if not is_started and (left := read_total(data)) is not None:
                self.expected = len(self._read) + left - sum(get_key(item) in self._read for item in items)
                self._waiting = left
                if self._is_first and self.total is not None:
                    self._older = max(0, self.total - left)
            is_started = True
            # Compared by stamp, since a question read earlier in this visit may have been answered since.
            changed = [item for item in items if self._read.get(get_key(item)) != make_stamp(item)]
            rows = self._questions.make_rows(changed)
            self._remember_stamps(items)
            if self._questions.has_unnamed and self._passed.must_repeat():
                yield rows
                return
            low = find_end(items, high)
            page = page + 1 if low == high else 1
            self._low = low if data.get("has_more") and items else None
            self._waiting = 0 if self._low is None else max(0, (self._waiting or 0) - len(items))
            if rows:
                yield rows

    def _remember_stamps(self, items: list[Item]) -> None:
        """Remembers the questions just read that this visit or a later one would see again."""
        newest = max(map(int, self._recent), default=0)
        for item in items:
            key, stamp = get_key(item), make_stamp(item)
            if key in self._passed.items:
                continue
            self._read[key] = stamp
            self._edge[key] = (get_number(item, "last_activity_date"), stamp)
            if key in self._recent or int(key) > newest or len(self._recent) < PAGE:
                self._recent[key] = stamp
