"""Reads the discussions of the Hub's models: first the lists, which show what changed, then the changed threads.

The Hub lists discussions by repository only, and cannot sort or filter them by their last change. So an unchanged visit
costs one request per tracked model (answered with 304 while the Hub knows the ETag) rather than one per channel. A list
gives each thread's status and comment count, and only threads whose stamp of the two changed are read again. Each visit
reads the lists back 60 days, and every 30 days back to `since`. An edit without a new comment is noticed only when the
thread is next read.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Denied, Fatal, Gone, Retriable, SourceError, TokenRefused
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.huggingface.boards import Board, Item, find_model, forget_deleted, load_board, make_cursor
from pipelines.sources.huggingface.keys import COMMENTS, EVENTS, LISTED, THREAD
from pipelines.sources.huggingface.limits import explain_limit
from pipelines.sources.huggingface.rows import STATES, make_listed_row, make_thread_rows
from pipelines.text import values
from warehouse.faults import Fault

WATCHED_DAYS = 60
"""Number of days that each visit looks back for changed threads."""
SWEEP_DAYS = 30
"""Number of days between two readings of a whole list."""
THREADS = 20
"""Threads landed together."""
ATTEMPTS = 3
"""Maximum number of readings of a list that loses threads while it is read."""
FEW = 5
"""Length up to which a page's lowest time is believed."""
CheckName = Callable[[Visit, str], None]
"""Raises Fatal for a name that no model can have."""


def read_boards(visit: Visit, base: str, check_name: CheckName) -> Iterator[Page]:
    """Reads the discussions of all tracked models of the channel."""
    passed = PassedOver.load(visit.cursor, visit.now, "discussion")
    boards = [load_board(visit.cursor, model, passed) for model in visit.channel.models]
    passed.keep_only(key for key in passed.items if find_model(key) in visit.channel.models)
    row_count = thread_count = 0
    for board in boards:
        rows: list[Row] = []
        if not passed.is_paused(board.model):
            with passed.attempt(board.model):
                check_name(visit, board.model)
                rows = _read_list(visit, base, board, passed)
        row_count, thread_count = row_count + len(rows), thread_count + sum(row.stream == "" for row in rows)
        if rows or passed:
            yield Page(rows, make_cursor(boards, passed), passed_over=passed)
    passed.check_any_left(visit.channel.models)
    if boards and all(board.state == "refused" for board in boards) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub denies access to the discussions of every model; check HF_TOKEN")
    for page in _read_threads(visit, base, boards, passed):
        is_unchanged = bool(boards) and not row_count and not page.expected
        yield replace(page, expected=thread_count + (page.expected or 0), is_unchanged=is_unchanged)


def _read_threads(visit: Visit, base: str, boards: list[Board], passed: PassedOver) -> Iterator[Page]:
    """Reads the changed threads of all boards, the newest first."""
    waiting = sorted(
        ((board, item) for board in boards for item in board.todo.values()),
        key=lambda pair: str(pair[1]["createdAt"]),
        reverse=True,
    )
    total, older = sum(board.count for board in boards), sum(board.count_older() for board in boards)

    def make_page(rows: list[Row], left: int) -> Page:
        return Page(rows, make_cursor(boards, passed), len(waiting), total, left, older, passed_over=passed)

    yield make_page([], len(waiting))
    for start in range(0, len(waiting), THREADS):
        rows, read = list[Row](), start
        try:
            for board, item in waiting[start : start + THREADS]:
                rows.extend(_read_thread(visit, base, board, item, passed))
                read += 1
        except SourceError:
            # Else a limit smaller than a batch would be met at the same threads for ever.
            yield make_page(rows, len(waiting) - read)
            raise
        yield make_page(rows, len(waiting) - read)


def _read_list(visit: Visit, base: str, board: Board, passed: PassedOver) -> list[Row]:
    """Reads a model's list; returns the rows that are complete, and puts the threads to read into `todo`."""
    is_sweep = _is_due(board.swept_on, visit.now)
    floor = visit.since if is_sweep else max(visit.since, visit.now - timedelta(days=WATCHED_DAYS))
    try:
        items, etags = _list_items(visit, base, board, floor, [] if is_sweep else board.etags, passed)
        board.state = "open"
    except TokenRefused:
        raise
    except (Denied, Gone) as error:
        board.state = "gone" if isinstance(error, Gone) else "refused"
        items, etags = {}, []
    rows = []
    if is_sweep and board.state == "open":
        forget_deleted(board, items, passed)
    for number, item in items.items():
        key = f"{board.model}#{number}"
        if passed.is_paused(key):
            continue
        if board.seen.get(number) == _make_stamp(item) or _get_created(item) < visit.since:
            continue
        if item["isPullRequest"]:
            with passed.attempt(key, is_asked=False):
                rows.append(make_listed_row(visit, board.model, base, item))
                board.seen[number] = _make_stamp(item)
        else:
            board.todo[number] = item
    if board.state == "open":
        board.pending = {"etags": etags, "swept_on": visit.now.date().isoformat() if is_sweep else board.swept_on}
    return rows


def _list_items(
    visit: Visit, base: str, board: Board, floor: datetime, etags: list[str], passed: PassedOver
) -> tuple[dict[str, Item], list[str]]:
    """Lists the threads back to `floor`, by number, with the ETags of the list's pages."""
    items: dict[str, Item] = {}
    # A thread deleted meanwhile moves the others up, past the next page; a falling count shows it.
    for _ in range(ATTEMPTS):
        counts, etags_now = _read_list_once(visit, base, board, floor, etags, items, passed)
        if counts == sorted(counts):
            break
        etags = []
    else:
        raise Retriable(f"{board.model}: the list of discussions loses threads faster than it can be read")
    board.count = counts[-1] if counts else board.count
    return items, etags_now


def _read_list_once(
    visit: Visit,
    base: str,
    board: Board,
    floor: datetime,
    etags: list[str],
    items: dict[str, Item],
    passed: PassedOver,
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
        listed = visit.keys.check(answer.json(), LISTED)
        threads, count, is_last = _list_page(listed, redact_url(answer.url), floor, board.model, passed)
        if threads.keys() == before and not is_last and count == counts[-1]:
            raise Retriable(f"{board.model}: the Hub keeps returning the same page of discussions")
        items.update(threads)
        before = set(threads)
        counts.append(count)
        etags_now.append(answer.etag or "")
    return counts, etags_now


def _list_page(
    page: Any, where: str, floor: datetime, model: str, passed: PassedOver
) -> tuple[dict[str, Item], int, bool]:
    """Reads the threads of one page and the number of all; True with the last page needed.

    An entry that cannot be read is skipped. Raises Fatal if that is every entry.
    """
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        entries, count, start = list(page["discussions"]), int(page["count"]), int(page["start"])
    if not entries and start < count:
        raise Fatal(f"{where}: no discussion of the {count} that the Hub counts; answer rejected", Fault.EMPTY)
    items: dict[str, Item] = {}
    for index, entry in enumerate(entries):
        number = entry.get("num") if isinstance(entry, dict) else None
        name = f"{model}#{number}" if isinstance(number, int) else f"entry {start + index + 1} of {model}"
        try:
            items |= _read_entry(entry)
        except Fatal as error:
            if not passed.is_paused(name):
                passed.add(name, error)
    if entries and not items:
        raise Fatal("the Hub's list of discussions has an unexpected shape: no entry of it can be read")
    # A pinned thread comes first, whatever its age; and a single wrong time must not end the list.
    opened = sorted(_get_created(item) for item in items.values() if not item.get("pinned"))
    oldest = opened[1 if len(opened) > FEW else 0] if opened else None
    is_last = not entries or start + len(entries) >= count or (oldest is not None and oldest < floor)
    return items, count, is_last


@raises_on_unexpected_shape("the Hub's list of discussions")
def _read_entry(entry: Any) -> dict[str, Item]:
    """Checks the fields of a listed thread that decide whether it is read; returns it by its number."""
    if type(entry["num"]) is not int or entry["num"] <= 0 or not isinstance(entry["isPullRequest"], bool):
        raise TypeError
    _make_stamp(entry)
    _get_created(entry)
    return {str(entry["num"]): entry}


def _read_thread(visit: Visit, base: str, board: Board, item: Item, passed: PassedOver) -> list[Row]:
    """Reads a thread with its comments; a denied one has only the row made from the list, a deleted one none.

    A thread that cannot be read has no rows; it is skipped.
    """
    number, rows = str(item["num"]), list[Row]()
    with passed.attempt(f"{board.model}#{number}"):
        try:
            url = f"{base}/api/models/{board.model}/discussions/{number}?diff=1"
            thread = visit.keys.check(_get_json(visit, url).json(), THREAD, EVENTS, COMMENTS)
            rows = make_thread_rows(visit, board.model, base, item, thread)
        except TokenRefused:
            raise
        except Denied:
            rows = [make_listed_row(visit, board.model, base, item)]
        except Gone:
            rows = []
        board.seen[number] = _make_stamp(item)
    del board.todo[number]
    return rows


def _get_json(visit: Visit, url: str, etag: str = "") -> Answer:
    token = visit.tokens.get("HF_TOKEN")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        with explain_limit(visit):
            return visit.http.get(url, headers=headers, etag=etag or None, accept=("application/json",))
    except TokenRefused as error:
        raise TokenRefused(f"{error} (HF_TOKEN)") from None


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
