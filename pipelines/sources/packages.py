"""Downloads of Python packages a day, as pypistats counts them.

It keeps 180 days, so the first visit brings half a year; its data move once a day, and it asks not to be asked more
often than that.
Mirrors are left out, but machines are not: builds and tests that install anew each time (CI) are most of what is
counted.
Packages of JavaScript are not collected: they are counted only on the very host of their registry, and this project
names none.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone, Throttled

BASE_URL = "https://pypistats.org"
STREAMS = {"downloads": Stream(order="whole")}
JSON = ("application/json",)
CURSOR = 1
COUNTED = "without_mirrors"
KNOWN = frozenset({COUNTED, "with_mirrors"})
TAIL_DAYS = 7
"""Days whose figures are compared with those kept: counts of the last days are at times put right afterwards."""
PAUSE_SECONDS = 60.0
"""Sat out once where it asks to slow down and the client's own short waits were not enough."""


def downloads(visit: Visit) -> Iterator[Page]:
    """A row a day: all days it has at the first visit, then the new ones and those of the last week that were put
    right."""
    cursor, today = _load_cursor(visit), visit.now.astimezone(UTC).date()
    if cursor.get("day") == today.isoformat():
        yield Page([], visit.cursor, is_unchanged=True)
        return
    counts = _read_counts(_get_counts(visit), visit.channel.target)
    tail: Mapping[str, int] = cursor.get("tail") or {}
    floor = min(tail, default=visit.since.astimezone(UTC).date().isoformat())
    fresh = {day: count for day, count in counts.items() if day >= floor and tail.get(day) != count}
    if tail and max(counts) < max(tail):
        raise Fatal(
            f"{visit.channel.target}: its newest day is {max(counts)}, at the last visit it was {max(tail)}; not "
            f"believed"
        )
    newest = dict(sorted(counts.items())[-TAIL_DAYS:])
    rows = [_make_row(visit, day, count) for day, count in sorted(fresh.items())]
    yield Page(
        rows,
        {"v": CURSOR, "day": today.isoformat(), "tail": newest},
        expected=len(rows),
        is_unchanged=bool(tail) and not rows,
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
        raise Gone(
            f"{error}: no package of the name {visit.channel.target!r} is counted there; check the catalog"
        ) from None


def _read_counts(answer: Answer, package: str) -> dict[str, int]:
    """Downloads by day. Raises Fatal where the answer is not what it was."""
    where, body = redact_url(answer.url), answer.json()
    days = body.get("data") if isinstance(body, dict) else None
    if not isinstance(days, list):
        raise Fatal(f"{where}: no list of days in the answer; its format has changed")
    if (named := _normalise_name(body.get("package"))) != _normalise_name(package):
        raise Fatal(f"{where}: speaks of {named[:60]!r}, not of {package!r}")
    counts: dict[str, int] = {}
    for item in days:
        category, day, count = _read_day(item, where)
        if category not in KNOWN:
            raise Fatal(f"{where}: the category {category[:40]!r} is not known; what it counts must be read first")
        if category == COUNTED:
            counts[day] = count
    if not counts:
        raise Fatal(f"{where}: not a single day of downloads in the answer")
    return counts


def _read_day(item: Any, where: str) -> tuple[str, str, int]:
    try:
        category, day, count = str(item["category"]), date.fromisoformat(item["date"]).isoformat(), item["downloads"]
    except (KeyError, TypeError, ValueError):
        raise Fatal(f"{where}: a day without category, date or downloads; its format has changed") from None
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 2**63:
        raise Fatal(f"{where}: {day} has no number of downloads; its format has changed")
    return category, day, count


def _make_row(visit: Visit, day: str, count: int) -> Row:
    return Row(day, None, {"package": _normalise_name(visit.channel.target), "day_on": day, "downloads": count})


def _normalise_name(name: object) -> str:
    """A package's name as it is compared: small letters, one dash for any run of dashes, dots and underscores."""
    return re.sub(r"[-_.]+", "-", str(name)).lower()


def _load_cursor(visit: Visit) -> Mapping[str, Any]:
    """The kept cursor where it can be trusted; one that lies ahead of now would skip what is not yet told."""
    cursor = visit.cursor
    is_sound = cursor.get("v") == CURSOR and str(cursor.get("day")) <= visit.now.astimezone(UTC).date().isoformat()
    return cursor if is_sound and isinstance(cursor.get("tail"), dict) else {}
