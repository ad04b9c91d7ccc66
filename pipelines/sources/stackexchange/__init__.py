"""Stack Exchange sites: questions of some tags, with all their answers.

`/search` takes questions that bear any of the tags, so an unchanged channel costs one request however many tags it
names; once a day
the newest hundred are looked at too, since neither an accepted answer nor a closing counts as activity there. A first
visit goes back to
`since` by the time of asking, the newest first; each request begins where the last item was, so nothing that moves is
lost.
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
"""Version of the cursors; one of another version is not used."""
OVERLAP_SECONDS = 600
"""How far before the newest known activity each visit begins again: the index of the search lags behind the site."""
Item = Mapping[str, Any]


def questions(visit: Visit) -> Iterator[Page]:
    """What was active since the last visit, then what earlier visits have left, then what changed without activity."""
    if not visit.channel.sections:
        raise Fatal(
            f"{visit.channel.target}: name the tags that are meant in `sections` of the channel", Fault.MISCONFIGURED
        )
    reader = _Reader(visit, visit.cursor if visit.cursor.get("v") == CURSOR else {})
    came = False
    for rows in reader.rows():
        came = came or bool(rows)
        yield Page(rows, reader.mark(), reader.expected, reader.total)
    yield Page([], reader.mark(), reader.expected, reader.total, is_unchanged=not came)


class _Reader:
    """One visit; `kept` is what `mark` gave at the last."""

    def __init__(self, visit: Visit, kept: Mapping[str, Any]) -> None:
        self._visit, self._site = visit, Site(visit, kept)
        now = int(visit.now.timestamp())
        self._day = visit.now.date().isoformat()
        self._since = min(int(visit.since.timestamp()), int(kept.get("since", now)))
        self._active = int(kept.get("active", now))
        """The newest activity that is known; on a first visit its beginning, since what is older is read by the time of
        asking."""
        self._edge: dict[str, tuple[int, str]] = {
            key: (int(at), str(stamp)) for key, (at, stamp) in kept.get("edge", {}).items()
        }
        """Activity and stamp of the questions within the overlap."""
        self._recent: dict[str, str] = dict(kept.get("recent", {}))
        """Stamps of the newest questions."""
        self._looked = str(kept.get("looked", ""))
        self._is_first = not kept
        self._low: int | None = kept.get("low") if kept else now + 1
        """Questions asked up to here are still to be read; None when all are."""
        if self._low is None and self._since < int(kept["since"]):  # asked to go further back than before
            self._low = int(kept["since"])
        self._met: dict[str, str] = {}
        """Stamps of the questions read in this visit, by key."""
        self.total: int | None = kept.get("total")
        self.expected: int | None = None

    def mark(self) -> dict[str, Any]:
        """Where the next visit goes on; a copy that no later step changes."""
        edge = {key: list(one) for key, one in self._edge.items() if one[0] >= self._active - OVERLAP_SECONDS}
        recent = dict(sorted(self._recent.items(), key=lambda one: int(one[0]), reverse=True)[:PAGE])
        kept = {
            "since": self._since,
            "active": self._active,
            "low": self._low,
            "looked": self._looked,
            "total": self.total,
        }
        return {"v": CURSOR, **kept, "edge": edge, "recent": recent, **self._site.mark()}

    def rows(self) -> Iterator[list[Row]]:
        """Batches of rows, each safe to go on from."""
        if not self._is_first:
            yield from self._updates()
        if self._looked != self._day:
            yield from self._look()
        if self._low is not None:
            yield from self._backfill()

    def _updates(self) -> Iterator[list[Row]]:
        low, page = self._active - OVERLAP_SECONDS, 1
        while True:
            data = self._site.search(sort="activity", order="asc", min=low, page=page)
            items = data["items"]
            rows = self._rows([item for item in items if self._edge.get(_key(item), (0, ""))[1] != _stamp(item)])
            self._active = max([self._active, *(_number(item, "last_activity_date") for item in items)])
            self._note(items)
            if rows:
                yield rows
            if not data.get("has_more") or not items:
                return
            last = _number(items[-1], "last_activity_date")
            # Beginning again at the last instant loses nothing; only where one second fills a page does the number of
            # the page lead on.
            low, page = (last, 1) if last > low else (low, page + 1)

    def _look(self) -> Iterator[list[Row]]:
        """The newest questions as they are now: how many there are in all, late acceptances, closings, deletions."""
        data = self._site.search(sort="creation", order="desc", page=1)
        items = [item for item in data["items"] if _number(item, "creation_date") >= self._since]
        self.total = data.get("total", self.total)
        shown = {_key(item) for item in data["items"]}
        # Numbers grow with the time of asking: below the lowest shown, newer ones have pushed it off the page.
        lowest = min(map(int, shown), default=0) if data.get("has_more") else 0
        missing = [int(key) for key in self._recent if key not in shown and int(key) > lowest]
        rows = self._rows([item for item in items if self._recent.get(_key(item)) != _stamp(item)])
        rows += self._rows_of_missing(missing) if missing else []
        self._recent = {key: stamp for key, stamp in self._recent.items() if int(key) not in missing}
        self._note(items)
        self._looked = self._day
        if self._is_first:
            is_all = not data.get("has_more") or len(items) < len(data["items"])
            self._low = None if is_all else _number(items[-1], "creation_date")
            self.expected = len(items)
        if rows:
            yield rows

    def _rows_of_missing(self, missing: list[int]) -> list[Row]:
        """What is not listed any more was deleted, or lost the tag: then it stays as it was last seen."""
        there = {_number(item, "question_id") for item in self._site.questions(missing[:IDS])}
        return [gone_row(number) for number in missing[:IDS] if number not in there]

    def _backfill(self) -> Iterator[list[Row]]:
        page, is_begun = 1, False
        while self._low is not None:
            high = self._low
            data = self._site.search(sort="creation", order="desc", max=high, min=self._since, page=page)
            items = data["items"]
            if not is_begun and data.get("total") is not None:
                self.expected = len(self._met) + int(data["total"]) - sum(_key(item) in self._met for item in items)
            is_begun = True
            # A question met before may have been answered since, and `_note` remembers it as it is now.
            rows = self._rows([item for item in items if self._met.get(_key(item)) != _stamp(item)])
            self._note(items)
            low = min((_number(item, "creation_date") for item in items), default=high)
            page = page + 1 if low == high else 1
            self._low = low if data.get("has_more") and items else None
            if rows:
                yield rows

    def _note(self, items: list[Item]) -> None:
        """Remembers the questions that were just read, where a later visit would meet them again."""
        newest = max(map(int, self._recent), default=0)
        for item in items:
            key, stamp = _key(item), _stamp(item)
            self._met[key] = stamp
            self._edge[key] = (_number(item, "last_activity_date"), stamp)
            if key in self._recent or int(key) > newest or len(self._recent) < PAGE:
                self._recent[key] = stamp

    def _rows(self, items: list[Item]) -> list[Row]:
        """Rows of questions with all their answers; answers that did not come along are fetched, a hundred questions at
        a time."""
        short = [
            _number(item, "question_id")
            for item in items
            if len(item.get("answers") or []) < _number(item, "answer_count")
        ]
        more: dict[int, list[Item]] = {}
        for start in range(0, len(short), IDS):
            for answer in self._site.answers(short[start : start + IDS]):
                more.setdefault(_number(answer, "question_id"), []).append(answer)
        return [row for item in items for row in self._make_rows(item, more)]

    def _make_rows(self, item: Item, more: Mapping[int, list[Item]]) -> list[Row]:
        answers = more.get(_number(item, "question_id")) or item.get("answers") or []
        return question_rows(self._visit, item, answers)


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _number(item: Item, name: str) -> int:
    return int(item[name])


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _key(item: Item) -> str:
    return str(int(item["question_id"]))


def _stamp(item: Item) -> str:
    """Changes with whatever of a question may change."""
    told = ("last_activity_date", "accepted_answer_id", "closed_date", "answer_count", "is_answered", "title")
    return blake2b(repr([item.get(name) for name in told]).encode(), digest_size=5).hexdigest()
