"""Reads the discussions of the Hub's models: first the lists, which show what changed, then the changed threads.

The Hub lists discussions by repository only, and cannot sort or filter them by their last change. So an unchanged visit
costs one request per tracked model (answered with 304 while the Hub knows the ETag) rather than one per channel. A list
gives each thread's status and comment count, and only threads whose stamp of the two changed are read again. Each visit
reads the lists back 60 days, and every 30 days back to `since`. An edit without a new comment is noticed only when the
thread is next read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import Answer
from pipelines.http.errors import Denied, Gone, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.huggingface.rows import STATES, board_row, listed_row, thread_rows
from pipelines.text import values

WATCHED_DAYS = 60
"""Number of days that each visit looks back for changed threads."""
SWEEP_DAYS = 30
"""Number of days between two readings of a whole list."""
THREADS = 20
"""Threads landed together."""
CURSOR = 1
ATTEMPTS = 3
"""Maximum number of readings of a list that loses threads while it is read."""
Item = dict[str, Any]


@dataclass(slots=True)
class _Board:
    """The remembered discussions of one model, and those that this visit has yet to read."""

    model: str
    state: str = ""
    count: int = 0
    newest: int = 0
    etags: list[str] = field(default_factory=list)
    """One per page of the list, as far as the last visit read it."""
    seen: dict[str, str] = field(default_factory=dict)
    """The stamp of each thread when it was last read, by number."""
    swept_on: str = ""
    todo: dict[str, Item] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)
    """Fields of the cursor that become valid once all of `todo` is read."""

    def summarize(self) -> tuple[str, int, int]:
        return self.state, self.count, self.newest

    def to_list(self) -> list[Any]:
        """Returns the board as its cursor carries it, in few bytes, since every landed file holds it."""
        # A list counts as read only once all its changed threads are: kept ETags would hide the others for good.
        fields = (
            {"etags": self.etags, "swept_on": self.swept_on} | self.pending
            if not self.todo
            else {"etags": [], "swept_on": self.swept_on}
        )
        seen = " ".join(f"{number}{stamp}" for number, stamp in self.seen.items())
        return [self.state, self.count, self.newest, fields["etags"], seen, fields["swept_on"]]


def read_boards(visit: Visit, base: str) -> Iterator[Page]:
    """Reads the discussions of all tracked models of the channel."""
    boards = [_load_board(visit.cursor, model) for model in visit.channel.models]
    row_count = thread_count = 0
    for board in boards:
        rows = _read_list(visit, base, board)
        row_count, thread_count = row_count + len(rows), thread_count + sum(row.stream == "" for row in rows)
        if rows:
            yield Page(rows, _make_cursor(boards))
    if boards and all(board.state == "refused" for board in boards) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub denies access to the discussions of every model; check HF_TOKEN")
    waiting = sorted(
        ((board, item) for board in boards for item in board.todo.values()),
        key=lambda pair: str(pair[1]["createdAt"]),
        reverse=True,
    )
    expected, total = thread_count + len(waiting), sum(board.count for board in boards)
    is_unchanged = bool(boards) and not row_count and not waiting
    yield Page([], _make_cursor(boards), expected, total, is_unchanged=is_unchanged)
    for start in range(0, len(waiting), THREADS):
        rows = []
        for board, item in waiting[start : start + THREADS]:
            rows.extend(_read_thread(visit, base, board, item))
        yield Page(rows, _make_cursor(boards), expected, total)


def _read_list(visit: Visit, base: str, board: _Board) -> list[Row]:
    """Reads a model's list; returns the rows that are complete, and puts the threads to read into `todo`."""
    before, today = board.summarize(), visit.now.date().isoformat()
    is_sweep = _is_due(board.swept_on, visit.now)
    floor = visit.since if is_sweep else max(visit.since, visit.now - timedelta(days=WATCHED_DAYS))
    try:
        items, etags = _list_items(visit, base, board, floor, [] if is_sweep else board.etags)
        board.state = "open"
    except (Denied, Gone) as error:
        board.state = "gone" if isinstance(error, Gone) else "refused"
        items, etags = {}, []
    rows = []
    for number, item in items.items():
        if board.seen.get(number) == _make_stamp(item) or _get_created(item) < visit.since:
            continue
        if item["isPullRequest"]:
            rows.append(listed_row(visit, board.model, base, item))
            board.seen[number] = _make_stamp(item)
        else:
            board.todo[number] = item
    if board.state == "open":
        board.pending = {"etags": etags, "swept_on": today if is_sweep else board.swept_on}
    if board.summarize() != before:
        count, newest = (board.count, board.newest) if board.state == "open" else (None, None)
        opened = max(map(_get_created, items.values()), default=None)
        rows.append(board_row(board.model, board.state, count, newest, opened))
    return rows


def _list_items(
    visit: Visit, base: str, board: _Board, floor: datetime, etags: list[str]
) -> tuple[dict[str, Item], list[str]]:
    """Lists the threads back to `floor`, by number, with the ETags of the list's pages."""
    items: dict[str, Item] = {}
    # A thread deleted meanwhile moves the others up, past the next page; a falling count shows it.
    for _ in range(ATTEMPTS):
        counts, etags_now = _read_list_once(visit, base, board, floor, etags, items)
        if counts == sorted(counts):
            break
        etags = []
    else:
        raise Retriable(f"{board.model}: the list of discussions loses threads faster than it can be read")
    board.count = counts[-1] if counts else board.count
    board.newest = max([board.newest, *map(int, items)])
    return items, etags_now


def _read_list_once(
    visit: Visit, base: str, board: _Board, floor: datetime, etags: list[str], items: dict[str, Item]
) -> tuple[list[int], list[str]]:
    """Adds the threads of the list to `items`; returns the count stated on each page, and the ETags of all pages."""
    counts, etags_now, before = list[int](), list[str](), set[str]()
    is_last = False
    while not is_last:
        page = len(etags_now)
        address = f"{base}/api/models/{board.model}/discussions?sort=recently-created&p={page}"
        answer = _get_json(visit, address, (etags[page:] or [""])[0])
        if answer.status == 304:
            etags_now.append(etags[page])
            is_last = page + 1 >= len(etags)
            continue
        threads, count, is_last = _list_page(answer, floor)
        if threads.keys() == before and not is_last and count == counts[-1]:
            raise Retriable(f"{board.model}: the Hub keeps returning the same page of discussions")
        items.update(threads)
        before = set(threads)
        counts.append(count)
        etags_now.append(answer.etag or "")
    return counts, etags_now


def _list_page(answer: Answer, floor: datetime) -> tuple[dict[str, Item], int, bool]:
    """Reads the threads of one page and the number of all; True with the last page needed."""
    page = answer.json()
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        items = {str(int(item["num"])): item for item in page["discussions"]}
        count, start = int(page["count"]), int(page["start"])
        # A pinned thread comes first, whatever its age.
        oldest = min((_get_created(item) for item in items.values() if not item.get("pinned")), default=None)
        is_last = not items or start + len(items) >= count or (oldest is not None and oldest < floor)
    return items, count, is_last


def _read_thread(visit: Visit, base: str, board: _Board, item: Item) -> list[Row]:
    """Reads a thread with its comments; a denied one has only the row made from the list, a deleted one none."""
    number = str(item["num"])
    try:
        thread = _get_json(visit, f"{base}/api/models/{board.model}/discussions/{number}?diff=1").json()
        rows = thread_rows(visit, board.model, base, item, thread)
    except Denied:
        rows = [listed_row(visit, board.model, base, item)]
    except Gone:
        rows = []
    board.seen[number] = _make_stamp(item)
    del board.todo[number]
    return rows


def _get_json(visit: Visit, url: str, etag: str = "") -> Answer:
    token = visit.tokens.get("HF_TOKEN")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return visit.http.get(url, headers=headers, etag=etag or None, accept=("application/json",))


def _make_stamp(item: Item) -> str:
    """Makes a stamp that changes whenever a thread does: its state (one letter if known) and comment count."""
    status = str(item["status"])
    return f"{status[0] if status in STATES else status}{int(item['numComments'])}"


def _get_created(item: Item) -> datetime:
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        created = values.parse_instant(item["createdAt"])
        if created is None:
            raise ValueError("createdAt is not an instant")
    return created


def _is_due(swept_on: str, now: datetime) -> bool:
    try:
        return now.date() - date.fromisoformat(swept_on) >= timedelta(days=SWEEP_DAYS)
    except ValueError:
        return True


def _load_board(cursor: Mapping[str, Any], model: str) -> _Board:
    """Loads a model's board from the cursor; a new one if the cursor is of another version or shape."""
    models = cursor.get("models") if cursor.get("v") == CURSOR else None
    fields = models.get(model) if isinstance(models, Mapping) else None
    try:
        state, count, newest, etags, seen, swept_on = list(fields or [])
        stamps = dict(re.findall(r"(\d+)(\D\S*?\d+)(?: |$)", seen))
        return _Board(model, state, count, newest, list(etags), stamps, swept_on)
    except (TypeError, ValueError):
        return _Board(model)


def _make_cursor(boards: list[_Board]) -> dict[str, Any]:
    return {"v": CURSOR, "models": {board.model: board.to_list() for board in boards}}
