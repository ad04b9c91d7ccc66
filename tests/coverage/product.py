"""What the product says of drawn worlds: its own shapes and estimates, each world as a family of its own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from tests.analytics.engine.toy_shapes import figures
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, time_durations

Interval = tuple[float | None, float | None] | None
"""The ends that were published; an open end is None, and None alone is no interval."""
EVERY = {"channel_role": "all", "window": "all"}


def read_items(shape: str, worlds: Sequence[Sequence[Row]], cluster: str = "") -> list[Interval]:
    """The intervals of shares or medians, through the whole shape and its gates."""
    names = [f"w{number}" for number in range(len(worlds))]
    rows = figures(shape, dict(zip(names, worlds, strict=True)), cluster)
    return [(row["low"], row["high"]) if row["state"] == "measured" else None for row in map(rows.__getitem__, names)]


def read_rectified(worlds: Sequence[tuple[Sequence[Row], tuple[float, float]]]) -> list[Interval]:
    """The intervals of shares that a rule reads and labels put right."""
    items = {f"w{number}": rows for number, (rows, _) in enumerate(worlds)}
    rows = figures("share", items, shifts={f"w{number}": shift for number, (_, shift) in enumerate(worlds)})
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
    """The intervals of a quantile or mean of waits (`median`, `rmst_7d`), or of the share answered by so many hours."""
    connection = _time(worlds, "response", "anyone")
    if statistic.isdigit():
        rows = found(connection, "survival_shares", hours=float(statistic), **EVERY)
        return _gather(rows, len(worlds), lambda row: row["value"] is not None)
    rows = found(connection, "survival_summary", statistic=statistic, **EVERY)
    return _gather(rows, len(worlds), lambda row: row["value"] is not None or row["is_unreached"])


def read_endings(
    worlds: Sequence[tuple[Sequence[tuple[float, str | None]], Sequence[str]]], cause: str, hours: float
) -> list[Interval]:
    """The intervals of the share that has ended in one way by so many hours."""
    connection = _time(worlds, "resolution", "all")
    rows = found(connection, "competing_shares", cause=cause, hours=hours, **EVERY)
    return _gather(rows, len(worlds), lambda row: row["value"] is not None)


def read_rates(worlds: Sequence[Sequence[float]], days: float) -> list[Interval]:
    """The intervals of incidents in 30 days, from the days before the last visit on which they began."""
    rows = Rows()
    for number, starts in enumerate(worlds):
        page = rows.page(rows.family(f"w{number}"), observed_from_at=NOW - timedelta(days=days))
        for start in starts:
            rows.incident(page, NOW - timedelta(days=start), 0.1)
    figures_: list[Row] = found(measure(rows), "incident_rate", segment="api", window="all")
    return _gather(figures_, len(worlds), lambda row: row["state"] == "measured")
