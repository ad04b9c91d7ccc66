"""What the product says of drawn worlds: its own shapes and estimates, each world as a family of its own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import duckdb
import pyarrow as pa

from tests.analytics.engine.toy_shapes import figures
from tests.worlds.rows import BY_TABLE, NOW, Row, Rows, compute, cut, found, measure, time_durations

World = tuple[Sequence[tuple[float, Any]], Sequence[str]]
"""Waits, each with whether or in which way it ended, and the week of each."""
Interval = tuple[float | None, float | None] | None
"""The ends that were published; an open end is None, and None alone is no interval."""
EVERY = {"channel_role": "all", "window": "all"}
TRACKER = EVERY | {"channel_kind": "tracker"}


def read_items(shape: str, worlds: Sequence[Sequence[Row]]) -> list[Interval]:
    """The intervals of shares or medians, through the whole shape and its gates."""
    names = [f"w{number}" for number in range(len(worlds))]
    rows = figures(shape, dict(zip(names, worlds, strict=True)))
    return [(row["low"], row["high"]) if row["state"] == "measured" else None for row in map(rows.__getitem__, names)]


def read_rectified(worlds: Sequence[tuple[Sequence[Row], tuple[float, float]]]) -> list[Interval]:
    """The intervals of shares that a rule reads and labels put right."""
    items = {f"w{number}": rows for number, (rows, _) in enumerate(worlds)}
    rows = figures("share", items, {f"w{number}": shift for number, (_, shift) in enumerate(worlds)})
    return [cut(row, "low", "high") if row["state"] == "measured" else None for row in map(rows.__getitem__, items)]


def _time(worlds: Sequence[tuple[Sequence[tuple[float, Any]], Sequence[str]]], subject: str, segment: str) -> Any:
    samples = {f"w{number}": waits for number, (waits, _) in enumerate(worlds)}
    # Clusters of one item depend on nothing.
    clusters = {
        f"w{number}": [f"w{number} {name}" for name in names]
        for number, (_, names) in enumerate(worlds)
        if len(set(names)) < len(names)
    }
    return time_durations(samples, subject, segment, clusters)


def _gather(rows: Sequence[Row], worlds: int, is_told: Callable[[Row], bool]) -> list[Interval]:
    by_family = {row["family_id"]: row for row in rows}
    chosen = [by_family[f"w{number}"] for number in range(worlds)]
    return [cut(row, "low", "high") if is_told(row) else None for row in chosen]


def read_waits(worlds: Sequence[tuple[Sequence[tuple[float, bool]], Sequence[str]]], statistic: str) -> list[Interval]:
    """The intervals of the median of waits, or of the share answered by so many hours."""
    connection = _time(worlds, "answer", "anyone")
    if statistic.isdigit():
        rows = found(connection, "wait_estimates", wait="answer", statistic="share", hours=float(statistic), **EVERY)
        return _gather(rows, len(worlds), lambda row: row["value"] is not None)
    rows = found(connection, "wait_estimates", wait="answer", statistic=statistic, **EVERY)
    return _gather(rows, len(worlds), lambda row: row["value"] is not None or row["is_unreached"])


def read_side_waits(worlds: Sequence[Sequence[World]], hours: float) -> list[Interval]:
    """The intervals of the share answered by so many hours, in the mean over the families of each world."""
    connection = _time([family for world in worlds for family in world], "answer", "anyone")
    found(connection, "answer_curves")
    found(connection, "answered_share")
    rows, size = list[Row](), len(worlds[0])
    for number in range(len(worlds)):
        chosen = f"""(
            select * replace ('open' as side, 'measured' as state) from metrics.answered_share
            where family_id in {tuple(f"w{size * number + place}" for place in range(size))}
        )"""
        query = BY_TABLE["metrics.side_curves"].text.replace("metrics.answered_share as a", f"{chosen} as a")
        point = f"""from ({query}) where hours <= {hours} and channel_role = 'all' and "window" = 'all'"""
        rows += connection.sql(f"{point} order by hours desc limit 1").to_arrow_table().to_pylist()
    return [cut(row, "low", "high") for row in rows]


def read_endings(
    worlds: Sequence[tuple[Sequence[tuple[float, str | None]], Sequence[str]]], hours: float
) -> list[Interval]:
    """The intervals of the share that is resolved by so many hours."""
    connection = _time(worlds, "resolution", "all")
    rows = found(
        connection, "wait_estimates", wait="resolution", statistic="share", cause="resolved", hours=hours, **EVERY
    )
    return _gather(rows, len(worlds), lambda row: row["value"] is not None)


def read_newcomers(worlds: Sequence[tuple[World, World]], is_busy: Sequence[bool] = ()) -> list[Interval]:
    """The intervals of newcomers minus others, who have weeks in common; perhaps one person asked some of the
    others."""
    measure(_open_trackers(len(worlds)))
    connection = _time([first for first, _ in worlds], "answer", "newcomer")
    kept = connection.sql("from given_answer_waits").to_arrow_table()
    _time([second for _, second in worlds], "answer", "known")
    connection.execute("update given_answer_waits set item_id = item_id || ' too'")
    connection.register("kept_rows", kept)
    connection.execute("insert into given_answer_waits from kept_rows")
    connection.unregister("kept_rows")
    if is_busy:
        found(connection, "threads")
        asked = [
            {"thread_id": f"w{number}#{place} too", "actor_id": "busy" if busy else str(place)}
            for number in range(len(worlds))
            for place, busy in enumerate(is_busy)
        ]
        insert_rows(connection, "staging.threads", asked)
    rows_ = found(connection, "newcomer_penalty_share", **TRACKER)
    return _gather(rows_, len(worlds), lambda row: row["state"] == "measured")


def read_gaps(worlds: Sequence[Sequence[tuple[bool, bool, str]]]) -> list[Interval]:
    """The intervals of closed minus helped, of threads that were closed, helped, and asked in some week."""
    compute(connection := measure(_open_trackers(len(worlds))), "threads")
    threads = [
        {
            "thread_id": f"w{number}#{place}", "family_id": f"w{number}", "channel_kind": "tracker",
            "channel_role": "sdk", "is_own": True, "age_days": 60.0 + 7 * int(week.split()[1]),
            "author_role": "outsider", "is_closed_30d": is_closed, "is_helped_30d": is_helped, "is_watched_30d": True,
        }
        for number, world in enumerate(worlds) for place, (is_closed, is_helped, week) in enumerate(world)
    ]  # fmt: skip
    insert_rows(connection, "staging.threads", threads)
    figures_ = found(connection, "closure_gap_share", **TRACKER)
    return _gather(figures_, len(worlds), lambda row: row["state"] == "measured")


def _open_trackers(worlds: int) -> Rows:
    rows = Rows()
    for number in range(worlds):
        rows.channel(rows.family(f"w{number}"))
    return rows


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Inserts rows into a step that was computed from an empty world."""
    if rows:
        schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
        connection.register("given_rows", pa.Table.from_pylist(list(rows), schema))
        connection.execute(f"insert into {table} by name from given_rows")
        connection.unregister("given_rows")


def read_closure_ratios(worlds: Sequence[Sequence[tuple[float, float | None]]]) -> list[Interval]:
    """The intervals of closed by proposed changes, which were proposed and closed so many days ago."""
    rows = Rows()
    for number, world in enumerate(worlds):
        channel = rows.channel(rows.family(f"w{number}"))
        for place, (opened, closed) in enumerate(world):
            rows.add(
                "changes", change_id=f"{channel}#{place}", channel_id=channel, family_id=f"w{number}",
                channel_role="sdk", author_role="outsider", opened_at=NOW - timedelta(days=opened), seen_at=NOW,
                closed_at=None if closed is None else NOW - timedelta(days=closed),
            )  # fmt: skip
    figures_ = found(measure(rows), "change_closure_ratio", segment="all", **TRACKER | {"window": "365d"})
    return _gather(figures_, len(worlds), lambda row: row["state"] == "measured")


def read_halves(worlds: Sequence[Sequence[Sequence[int]]]) -> list[Interval]:
    """The intervals of the people behind half of a hundred answers, from how many each person gave in each week."""
    compute(connection := measure(_open_trackers(len(worlds))), "people_works", "scopes")
    connection.execute("create or replace table metrics.drawn_works as from metrics.people_works limit 0")
    connection.execute("create or replace view metrics.people_works as from metrics.drawn_works")
    insert_rows(
        connection,
        "metrics.drawn_works",
        [
            {"work": "answers", "work_id": f"w{number} {week} {person} {place}", "family_id": f"w{number}"}
            | {"channel_kind": "tracker", "channel_role": "sdk", "is_pooled": True, "actor_id": str(person)}
            | {"author_role": "outsider", "age_days": 7.0 * week + 3}
            for number, world in enumerate(worlds)
            for week, counts in enumerate(world)
            for person, count in enumerate(counts)
            for place in range(count)
        ],
    )
    halves = found(connection, "absence_factors", statistic="half_of_100", **TRACKER)
    return _gather(
        [row | {"low": row["people_low"], "high": row["people_high"]} for row in halves],
        len(worlds),
        lambda row: row["people_count"] is not None,
    )


def read_rates(worlds: Sequence[Sequence[float]], days: float) -> list[Interval]:
    """The intervals of incidents in 30 days, from the days before the last visit on which they began."""
    rows = Rows()
    for number, starts in enumerate(worlds):
        page = rows.page(rows.family(f"w{number}"), observed_from_at=NOW - timedelta(days=days))
        for start in starts:
            rows.incident(page, NOW - timedelta(days=start), 0.1)
    figures_: list[Row] = found(measure(rows), "incident_rate", segment="api", window="all")
    return _gather(figures_, len(worlds), lambda row: row["state"] == "measured")
