"""Stack Exchange sites: questions of some tags, with all their answers.

`/search` finds questions that have any of the tags, so an unchanged channel costs one request for any number of tags.
Once a day the newest hundred are checked as well, since the site does not count an accepted answer or a closing as
activity. A first visit reads back to `since` by creation time, newest first; each request starts at the time of the
last item, so that no question is missed while others move.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import Fatal
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.stackexchange import client
from pipelines.sources.stackexchange.client import IDS, PAGE, Site
from pipelines.sources.stackexchange.rows import gone_row, question_rows
from warehouse.faults import Fault

BASE_URL = client.BASE_URL
STREAMS = {"questions": Stream("newest-first", resumable=True, also=("answers",), empty_is_normal=True)}
CURSOR = 1
"""Version of the cursors; a cursor of another version is ignored."""
OVERLAP_SECONDS = 600
"""Overlap with the last visit: the search index lags behind the site."""
Item = Mapping[str, Any]


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
        yield Page(rows, reader.to_cursor(), reader.expected, reader.total)
    yield Page([], reader.to_cursor(), reader.expected, reader.total, is_unchanged=not has_rows)


class _Reader:
    """Reads the questions of one visit, from the cursor of the last one."""

    def __init__(self, visit: Visit, cursor: Mapping[str, Any]) -> None:
        self._visit, self._site = visit, Site(visit, cursor)
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
        self._low: int | None = cursor.get("low") if cursor else now + 1
        """Upper end of the creation times still to be read; None when the backfill is complete."""
        # The operator may ask for a longer backfill than before.
        if self._low is None and self._since < int(cursor["since"]):
            self._low = int(cursor["since"])
        self._read: dict[str, str] = {}
        """Stamps of the questions read in this visit, by key."""
        self.total: int | None = cursor.get("total")
        self.expected: int | None = None

    def to_cursor(self) -> dict[str, Any]:
        """Returns where the next visit resumes, as a copy that later steps do not change."""
        edge = {
            key: [active_at, stamp]
            for key, (active_at, stamp) in self._edge.items()
            if active_at >= self._active - OVERLAP_SECONDS
        }
        recent = dict(sorted(self._recent.items(), key=lambda entry: int(entry[0]), reverse=True)[:PAGE])
        position = {
            "since": self._since,
            "active": self._active,
            "low": self._low,
            "looked": self._checked_on,
            "total": self.total,
        }
        return {"v": CURSOR, **position, "edge": edge, "recent": recent, **self._site.to_cursor()}

    def read_rows(self) -> Iterator[list[Row]]:
        """Yields batches of rows; a later visit may resume after each of them."""
        if not self._is_first:
            yield from self._read_updates()
        if self._checked_on != self._day:
            yield from self._check_newest()
        if self._low is not None:
            yield from self._read_backfill()

    def _read_updates(self) -> Iterator[list[Row]]:
        low, page = self._active - OVERLAP_SECONDS, 1
        while True:
            data = self._site.search(sort="activity", order="asc", min=low, page=page)
            items = data["items"]
            changed = [item for item in items if self._edge.get(_get_key(item), (0, ""))[1] != _make_stamp(item)]
            rows = self._read_questions(changed)
            self._active = max([self._active, *(_get_number(item, "last_activity_date") for item in items)])
            self._remember_stamps(items)
            if rows:
                yield rows
            if not data.get("has_more") or not items:
                return
            last = _get_number(items[-1], "last_activity_date")
            # Restarting at the last item's time skips nothing; the page number is needed only where one second fills a
            # whole page.
            low, page = (last, 1) if last > low else (low, page + 1)

    def _check_newest(self) -> Iterator[list[Row]]:
        """Checks the newest questions for late acceptances, closings and deletions, and reads the total."""
        data = self._site.search(sort="creation", order="desc", page=1)
        items = [item for item in data["items"] if _get_number(item, "creation_date") >= self._since]
        self.total = data.get("total", self.total)
        listed_keys = {_get_key(item) for item in data["items"]}
        # Numbers grow over time: below the lowest listed one, a question was merely pushed off the page by newer ones.
        lowest = min(map(int, listed_keys), default=0) if data.get("has_more") else 0
        missing = [int(key) for key in self._recent if key not in listed_keys and int(key) > lowest]
        rows = self._read_questions([item for item in items if self._recent.get(_get_key(item)) != _make_stamp(item)])
        rows += self._rows_of_missing(missing) if missing else []
        self._recent = {key: stamp for key, stamp in self._recent.items() if int(key) not in missing}
        self._remember_stamps(items)
        self._checked_on = self._day
        if self._is_first:
            is_all = not data.get("has_more") or len(items) < len(data["items"])
            self._low = None if is_all else _get_number(items[-1], "creation_date")
            self.expected = len(items)
        if rows:
            yield rows

    def _rows_of_missing(self, missing: list[int]) -> list[Row]:
        """Makes rows of the missing questions that were deleted; one that only lost its tag stays as last seen."""
        existing = {_get_number(item, "question_id") for item in self._site.get_questions(missing[:IDS])}
        return [gone_row(number) for number in missing[:IDS] if number not in existing]

    def _read_backfill(self) -> Iterator[list[Row]]:
        page, is_started = 1, False
        while self._low is not None:
            high = self._low
            data = self._site.search(sort="creation", order="desc", max=high, min=self._since, page=page)
            items = data["items"]
            if not is_started and data.get("total") is not None:
                self.expected = (
                    len(self._read) + int(data["total"]) - sum(_get_key(item) in self._read for item in items)
                )
            is_started = True
            # Compared by stamp, since a question read earlier in this visit may have been answered since.
            changed = [item for item in items if self._read.get(_get_key(item)) != _make_stamp(item)]
            rows = self._read_questions(changed)
            self._remember_stamps(items)
            low = min((_get_number(item, "creation_date") for item in items), default=high)
            page = page + 1 if low == high else 1
            self._low = low if data.get("has_more") and items else None
            if rows:
                yield rows

    def _remember_stamps(self, items: list[Item]) -> None:
        """Remembers the questions just read that this visit or a later one would see again."""
        newest = max(map(int, self._recent), default=0)
        for item in items:
            key, stamp = _get_key(item), _make_stamp(item)
            self._read[key] = stamp
            self._edge[key] = (_get_number(item, "last_activity_date"), stamp)
            if key in self._recent or int(key) > newest or len(self._recent) < PAGE:
                self._recent[key] = stamp

    def _read_questions(self, items: list[Item]) -> list[Row]:
        """Makes rows of questions with all their answers, fetching those that the search left out."""
        incomplete = [
            _get_number(item, "question_id")
            for item in items
            if len(item.get("answers") or []) < _get_number(item, "answer_count")
        ]
        answers: dict[int, list[Item]] = {}
        for start in range(0, len(incomplete), IDS):
            for answer in self._site.get_answers(incomplete[start : start + IDS]):
                answers.setdefault(_get_number(answer, "question_id"), []).append(answer)
        return [row for item in items for row in self._make_rows(item, answers)]

    def _make_rows(self, item: Item, fetched: Mapping[int, list[Item]]) -> list[Row]:
        answers = fetched.get(_get_number(item, "question_id")) or item.get("answers") or []
        return question_rows(self._visit, item, answers)


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _get_number(item: Item, name: str) -> int:
    return int(item[name])


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _get_key(item: Item) -> str:
    return str(int(item["question_id"]))


def _make_stamp(item: Item) -> str:
    """Makes a stamp that changes with every field of a question that may change."""
    names = ("last_activity_date", "accepted_answer_id", "closed_date", "answer_count", "is_answered", "title")
    return blake2b(repr([item.get(name) for name in names]).encode(), digest_size=5).hexdigest()
