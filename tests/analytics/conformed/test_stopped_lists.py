"""Lists that posted for a time and then stopped, judged by their own pace as of the newest visit."""

from datetime import datetime, timedelta
from typing import Any

from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

VISIT = datetime(2026, 11, 8, 6)
WEEKLY = [7 * week for week in range(10)]
AGES: dict[str, list[float]] = {
    "every 3 days, silent for 6": [6 + 3 * number for number in range(20)],
    "every 3 days, silent for 40": [40 + 3 * number for number in range(20)],
    "every 3 days, silent for 100": [100 + 3 * number for number in range(20)],
    "every 40 days, silent for 60": [60 + 40 * number for number in range(9)],
    "every 40 days, silent for 81": [81 + 40 * number for number in range(9)],
    "irregular, silent for 40": [40, 41, 42, 43, 63, 64, 65],
    "posted again": [5, *(130 + age for age in WEEKLY)],
    "dated ahead": [-40, *(130 + age for age in WEEKLY)],
    "dated far back": [*(130 + age for age in WEEKLY), *(1000 + 300 * number for number in range(12))],
    "once, today": [0.2],
    "once, last year": [370],
    "once a year": [130, 530, 930],
    "many a day": [3.0 + number / 8 for number in range(20)],
}
"""Days between each item and the newest visit, by channel."""
STOPPED = [
    ("dated ahead", 130, 7, 10), ("dated far back", 130, 7, 10), ("every 3 days, silent for 100", 100, 3, 20),
    ("every 3 days, silent for 40", 40, 3, 20), ("every 40 days, silent for 81", 81, 40, 9), ("many a day", 3, 1, 20),
    ("once, last year", 370, 182, 1),
]  # fmt: skip
"""Channel, days since the newest item, usual gap, and items of the year up to it."""


def _date(age: float) -> str:
    return (VISIT - timedelta(days=age)).isoformat()


def _find_stopped(rows: dict[str, list[Any]], thing: str = "incidents", state: str = "unchanged") -> list[Any]:
    """Finds the lists that stopped among these rows, by channel, and how long ago."""
    with empty_warehouse() as connection:
        table = {"incidents": "status__incidents", "entries": "changelog__entries"}[thing]
        fill(connection, table, [(name, key, VISIT, VISIT, body) for name, own in rows.items() for key, body in own])
        for name in rows:
            # A visit that failed saw nothing, so that its day says nothing of the list.
            for seen, how in ((VISIT, state), (VISIT + timedelta(days=400), "failed")):
                connection.execute(
                    "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows,"
                    " load_id) values (?, 'status', ?, ?, 0, ?, ?, 0, 0)",
                    [name, thing, f"{name} {how}", seen, how],
                )
        build_conformed(connection, "warnings")
        return connection.execute(
            "select channel_id, date_diff('day', about::date, ?), seen_names[1]::int, warning_count"
            " from staging.warnings where warning_kind = 'posting stopped' order by all",
            [VISIT],
        ).fetchall()


def test_a_list_is_named_once_it_is_silent_for_twice_its_longest_gap() -> None:
    """A page that posted every 3 days passed for a calm one until it had been silent for 120.

    Neither one item dated ahead nor a dozen dated far back keep it alive; an item without a date says nothing.
    """
    undated: tuple[str, Any] = ("undated", {"incident_id": "undated"})
    rows: dict[str, list[Any]] = {
        name: [undated, *((str(age), {"incident_id": str(age), "posted_at": _date(age)}) for age in ages)]
        for name, ages in AGES.items()
    }
    assert _find_stopped(rows) == STOPPED
    assert _find_stopped(rows, state="failed") == []


def test_a_page_that_stopped_is_known_until_its_last_post_and_one_usual_gap() -> None:
    """Nothing is known of the time after, however good the visits are; a page that still posts is known until now."""
    with empty_warehouse() as connection:
        for name, newest in (("stopped", 130), ("posts", 5)):
            items = [(str(age), {"incident_id": str(age), "posted_at": _date(newest + age)}) for age in WEEKLY]
            fill(connection, "status__incidents", [(name, key, VISIT, VISIT, body) for key, body in items])
            connection.execute(
                "insert into raw.catalog__channels (channel_id, source, format) values (?, 'status', 'json')", [name]
            )
            connection.execute(
                "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows,"
                " load_id) values (?, 'status', 'incidents', ?, 0, ?, 'complete', 0, 0)",
                [name, name, VISIT],
            )
        build_conformed(connection, "status_pages")
        found = connection.sql("select channel_id, observed_until_at, visited_at from staging.status_pages order by 1")
        clock = datetime(2026, 11, 8)
        assert found.fetchall() == [("posts", clock, clock), ("stopped", VISIT - timedelta(days=130 - 7), clock)]


def test_a_changelog_that_stopped_is_named_and_one_dated_by_month_a_month_later() -> None:
    """A month is stored as its first day, but the entry may have come on any other."""

    def list_entries(kind: str, newest: float) -> list[Any]:
        return [
            (str(age), {"entry_id": str(age), "published_at": _date(newest + age), "date_kind": kind}) for age in WEEKLY
        ]

    rows = {
        "by day": list_entries("exact", 40), "by month": list_entries("month", 40),
        "by month, long ago": list_entries("month", 48),
    }  # fmt: skip
    # The newest is of 21 September, so that its month is believed to end on 21 October.
    assert _find_stopped(rows, "entries") == [("by day", 40, 7, 10), ("by month, long ago", 18, 7, 10)]
