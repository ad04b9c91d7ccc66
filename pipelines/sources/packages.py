"""Daily downloads of Python packages, as counted by pypistats.

Pypistats keeps 180 days, so the first visit reads half a year. It updates once a day and asks clients to poll no more
often. Mirrors are excluded, machines are not: most downloads are builds and tests that reinstall each time (CI).
JavaScript packages are not collected: only their registry's own host counts them, and this project names none of them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, timedelta
from functools import partial
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone, Throttled
from pipelines.http.items import ItemReader

BASE_URL = "https://pypistats.org"
STREAMS = {"downloads": Stream()}
JSON = ("application/json",)
CURSOR = 1
COUNTED = "without_mirrors"
CATEGORIES = frozenset({COUNTED, "with_mirrors"})
TAIL_DAYS = 7
"""Newest days whose counts are compared with the last visit's: pypistats sometimes corrects them afterwards."""
PAUSE_SECONDS = 60.0
"""Waited once if it still asks to slow down after the client's own short waits."""


def downloads(visit: Visit) -> Iterator[Page]:
    """Yields a row per day: all days at the first visit, then new days and corrected ones of the last week."""
    cursor, today = _load_cursor(visit), visit.now.astimezone(UTC).date()
    if cursor.get("day") == today.isoformat():
        yield Page([], visit.cursor, is_unchanged=True)
        return
    skipped: list[str] = []
    counts = _read_counts(_get_counts(visit), visit, skipped)
    tail: Mapping[str, int] = cursor.get("tail") or {}
    floor = min(tail, default=visit.since.astimezone(UTC).date().isoformat())
    fresh = {day: count for day, count in counts.items() if day >= floor and tail.get(day) != count}
    # A stale copy of the answer would take back days that are already landed.
    if tail and max(counts) < max(tail):
        raise Fatal(
            f"{visit.channel.target}: newest day is {max(counts)}, but the last visit read {max(tail)}; answer rejected"
        )
    newest = dict(sorted(counts.items())[-TAIL_DAYS:])
    rows = [_make_row(visit, day, count) for day, count in sorted(fresh.items())]
    yield Page(
        rows,
        # A day that could not be read is asked for again: neither the day of the visit nor the tail moves on.
        {"v": CURSOR}
        | ({"day": cursor.get("day"), "tail": tail} if skipped else {"day": today.isoformat(), "tail": newest}),
        expected=len(rows) + len(skipped),
        skipped=tuple(skipped),
        is_unchanged=bool(tail) and not rows and not skipped,
    )


def _get_counts(visit: Visit) -> Answer:
    base = (visit.channel.base_url or BASE_URL).rstrip("/")
    url = f"{base}/api/packages/{visit.channel.target.lower()}/overall?mirrors=false"
    try:
        try:
            return visit.http.get(url, accept=JSON)
        except Throttled:
            visit.http.pause(PAUSE_SECONDS)
            return visit.http.get(url, accept=JSON)
    except Gone as error:
        raise Gone(f"{error}: pypistats counts no package named {visit.channel.target!r}; check the catalog") from None


def _read_counts(answer: Answer, visit: Visit, skipped: list[str]) -> dict[str, int]:
    """Reads the downloads by day, and adds to `skipped` each day that is in another shape or still to come.

    Raises Fatal if the answer's format has changed.
    """
    where, body, package = redact_url(answer.url), answer.json(), visit.channel.target
    days = body.get("data") if isinstance(body, dict) else None
    if not isinstance(days, list):
        raise Fatal(f"{where}: no list of days in the answer; its format has changed")
    if (named := _normalise_name(body.get("package"))) != _normalise_name(package):
        raise Fatal(f"{where}: answers for {named[:60]!r} instead of {package!r}")
    counts: dict[str, int] = {}
    for category, day, count in ItemReader(where, skipped).read_each(days, partial(_read_day, last=_find_last(visit))):
        # A new category may split the old one, whose counts would then silently fall.
        if category not in CATEGORIES:
            raise Fatal(f"{where}: unknown category {category[:40]!r}; check first what it counts")
        if category == COUNTED:
            counts[day] = count
    if not counts:
        raise Fatal(f"{where}: no day of downloads in the answer")
    return counts


def _find_last(visit: Visit) -> str:
    """Returns the last day that an answer may hold: tomorrow, as pypistats may be ahead of this machine's clock."""
    return (visit.now.astimezone(UTC).date() + timedelta(days=1)).isoformat()


def _read_day(item: Any, last: str) -> tuple[str, str, int]:
    try:
        category, day, count = item["category"], date.fromisoformat(item["date"]).isoformat(), item["downloads"]
    except (KeyError, TypeError, ValueError):
        raise Fatal("a day without category, date or downloads") from None
    if not isinstance(category, str) or not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 2**63:
        raise Fatal(f"no number of downloads on {day}")
    # In the cursor it would make every later answer look stale.
    if day > last:
        raise Fatal(f"downloads on {day}, which is still to come")
    return category, day, count


def _make_row(visit: Visit, day: str, count: int) -> Row:
    return Row(day, None, {"package": _normalise_name(visit.channel.target), "day_on": day, "downloads": count})


def _normalise_name(name: object) -> str:
    """Normalises a package's name for comparison: lower case, one dash for each run of dashes, dots and underscores."""
    return re.sub(r"[-_.]+", "-", str(name)).lower()


def _load_cursor(visit: Visit) -> Mapping[str, Any]:
    """Loads the stored cursor; empty if it cannot be trusted."""
    cursor = visit.cursor
    # A cursor from the future (a wrong clock) would skip the days up to it.
    is_sound = cursor.get("v") == CURSOR and str(cursor.get("day")) <= visit.now.astimezone(UTC).date().isoformat()
    return cursor if is_sound and isinstance(cursor.get("tail"), dict) else {}
