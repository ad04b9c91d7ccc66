"""Discussions of the Hub's models: lists that tell what changed, then the threads that did, the newest first.

The Hub lists discussions by repository only: neither its interface nor its client knows a list of an organisation's,
and none can
be sorted or filtered by the last change. So an unchanged visit costs one request a tracked model (answered 304 where
the Hub still
knows the ETag), not one for the whole channel. The list gives status and number of comments of each thread, so only
threads whose
figures moved are read again. It is read back over the last 60 days, and every 30 days as far back as `since`.
What is edited or hidden without a new comment is seen only when the thread is next read.
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
"""How far back each visit looks for threads that moved."""
SWEEP_DAYS = 30
"""After so many days the whole list is read again, whatever the age of its threads."""
THREADS = 20
"""Threads kept at once."""
CURSOR = 1
AGAIN = 3
"""How often a list that lost threads while it was read is begun again."""
Item = dict[str, Any]


@dataclass(slots=True)
class _Board:
    """What is known of one model's discussions, and what this visit is to read of them."""

    model: str
    state: str = ""
    count: int = 0
    newest: int = 0
    etags: list[str] = field(default_factory=list)
    """One a page of the list, as far as the last visit read it."""
    seen: dict[str, str] = field(default_factory=dict)
    """Of each thread by number: the figures of the list when it was last read."""
    swept_on: str = ""
    todo: dict[str, Item] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    """What becomes known once all of `todo` is read."""

    def summarize(self) -> tuple[str, int, int]:
        return self.state, self.count, self.newest

    def to_list(self) -> list[Any]:
        """As a cursor carries it, in few bytes, since every file that is landed does; apart from what is read later.

        Only when nothing is left to do may the list count as read.
        """
        known = (
            {"etags": self.etags, "swept_on": self.swept_on} | self.found
            if not self.todo
            else {"etags": [], "swept_on": self.swept_on}
        )
        seen = " ".join(f"{number}{figures}" for number, figures in self.seen.items())
        return [self.state, self.count, self.newest, known["etags"], seen, known["swept_on"]]


def read_boards(visit: Visit, base: str) -> Iterator[Page]:
    """One visit to the discussions of all tracked models of the channel."""
    boards = [_board(visit.cursor, model) for model in visit.channel.models]
    brought = count = 0
    for board in boards:
        rows = _survey(visit, base, board)
        brought, count = brought + len(rows), count + sum(row.stream == "" for row in rows)
        if rows:
            yield Page(rows, _cursor(boards))
    if boards and all(board.state == "refused" for board in boards) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub refuses the discussions of every model; check HF_TOKEN")
    waiting = sorted(
        ((board, item) for board in boards for item in board.todo.values()),
        key=lambda pair: str(pair[1]["createdAt"]),
        reverse=True,
    )
    expected, total = count + len(waiting), sum(board.count for board in boards)
    yield Page([], _cursor(boards), expected, total, is_unchanged=bool(boards) and not brought and not waiting)
    for start in range(0, len(waiting), THREADS):
        rows = []
        for board, item in waiting[start : start + THREADS]:
            rows.extend(_read_thread(visit, base, board, item))
        yield Page(rows, _cursor(boards), expected, total)


def _survey(visit: Visit, base: str, board: _Board) -> list[Row]:
    """Reads a model's list; gives the rows that need no further reading and leaves the threads that do in `todo`."""
    before, today = board.summarize(), visit.now.date().isoformat()
    is_sweep = _is_due(board.swept_on, visit.now)
    floor = visit.since if is_sweep else max(visit.since, visit.now - timedelta(days=WATCHED_DAYS))
    try:
        items, etags = _whole_list(visit, base, board, floor, [] if is_sweep else board.etags)
        board.state = "open"
    except (Denied, Gone) as error:
        board.state = "gone" if isinstance(error, Gone) else "refused"
        items, etags = {}, []
    rows = []
    for number, item in items.items():
        if board.seen.get(number) == _figures(item) or _created(item) < visit.since:
            continue
        if item["isPullRequest"]:
            rows.append(listed_row(visit, board.model, base, item))
            board.seen[number] = _figures(item)
        else:
            board.todo[number] = item
    if board.state == "open":
        board.found = {"etags": etags, "swept_on": today if is_sweep else board.swept_on}
    if board.summarize() != before:
        is_known, opened = board.state == "open", max(map(_created, items.values()), default=None)
        rows.append(
            board_row(
                board.model, board.state, board.count if is_known else None, board.newest if is_known else None, opened
            )
        )
    return rows


def _whole_list(
    visit: Visit, base: str, board: _Board, floor: datetime, etags: list[str]
) -> tuple[dict[str, Item], list[str]]:
    """Threads of the list back to `floor`, by number, with the ETags of its pages.

    A thread that is deleted while we read moves the others up, past the page being asked for: then we begin again.
    """
    items: dict[str, Item] = {}
    for _ in range(AGAIN):
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
    """Adds the threads of the list to `items`; gives what each page said of their number, and the ETags of all
    pages."""
    counts, etags_now, before = list[int](), list[str](), set[str]()
    is_last = False
    while not is_last:
        page = len(etags_now)
        address = f"{base}/api/models/{board.model}/discussions?sort=recently-created&p={page}"
        answer = _ask(visit, address, (etags[page:] or [""])[0])
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
    """The threads of one page, how many there are in all, and whether it is the last that is wanted."""
    told = answer.json()
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        items = {str(int(item["num"])): item for item in told["discussions"]}
        count, start = int(told["count"]), int(told["start"])
        # A pinned thread may stand first however old it is.
        oldest = min((_created(item) for item in items.values() if not item.get("pinned")), default=None)
        is_last = not items or start + len(items) >= count or (oldest is not None and oldest < floor)
    return items, count, is_last


def _read_thread(visit: Visit, base: str, board: _Board, item: Item) -> list[Row]:
    """One thread with its comments; one that may not be read keeps what the list said, one that is gone keeps
    nothing."""
    number = str(item["num"])
    try:
        told = _ask(visit, f"{base}/api/models/{board.model}/discussions/{number}?diff=1").json()
        rows = thread_rows(visit, board.model, base, item, told)
    except Denied:
        rows = [listed_row(visit, board.model, base, item)]
    except Gone:
        rows = []
    board.seen[number] = _figures(item)
    del board.todo[number]
    return rows


def _ask(visit: Visit, url: str, etag: str = "") -> Answer:
    token = visit.tokens.get("HF_TOKEN")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return visit.http.get(url, headers=headers, etag=etag or None, accept=("application/json",))


def _figures(item: Item) -> str:
    """What tells that a thread moved: its state by one letter where it is a known one, and its number of comments."""
    status = str(item["status"])
    return f"{status[0] if status in STATES else status}{int(item['numComments'])}"


def _created(item: Item) -> datetime:
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        found = values.parse_instant(item["createdAt"])
        if found is None:
            raise ValueError("createdAt is no instant")
    return found


def _is_due(swept_on: str, now: datetime) -> bool:
    try:
        return now.date() - date.fromisoformat(swept_on) >= timedelta(days=SWEEP_DAYS)
    except ValueError:
        return True


def _board(cursor: Mapping[str, Any], model: str) -> _Board:
    """The board as the cursor knows it; a cursor of another version or shape knows nothing."""
    models = cursor.get("models") if cursor.get("v") == CURSOR else None
    known = models.get(model) if isinstance(models, Mapping) else None
    try:
        state, count, newest, etags, seen, swept_on = list(known or [])
        found = dict(re.findall(r"(\d+)(\D\S*?\d+)(?: |$)", seen))
        return _Board(model, state, count, newest, list(etags), found, swept_on)
    except (TypeError, ValueError):
        return _Board(model)


def _cursor(boards: list[_Board]) -> dict[str, Any]:
    return {"v": CURSOR, "models": {board.model: board.to_list() for board in boards}}
