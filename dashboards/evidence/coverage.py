"""How often the published intervals hold the truth in simulated worlds, as a table and in words."""

from collections.abc import Sequence

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot

TABLE = "metrics.interval_coverage"
LEAST, MOST = 0.93, 0.98
EXPLAINED = (
    "Nominally 95 %. The estimates of these pages ran on worlds drawn from fixed seeds, in which the truth is known: "
    "items that come in weeks and from few people, incidents in runs, models that one announcement ends, missing "
    "replies. ± is the error of the simulation. How alike such items are is an assumption. Before: the intervals for "
    "independent items that stood here until 26 November 2026."
)


def load_coverage(snapshot: Snapshot) -> list[DictRow]:
    """Loads every interval and world; empty where the snapshot lacks them."""
    if not snapshot_reader.has_table(snapshot, TABLE):
        return []
    return snapshot_reader.load_rows(snapshot, f"select * from {TABLE} order by interval, world")


def draw_coverage(rows: Sequence[DictRow]) -> Figure:
    """Draws the table: the intervals that hold the truth too seldom come first."""
    shown = [row for row in rows if row["held_share"] is not None]
    good = sum(LEAST <= row["held_share"] <= MOST for row in shown)
    narrow = sum(row["held_share"] < LEAST for row in shown)
    title = (
        f"In {good} of {len(shown)} simulated worlds the intervals hold the truth in 93 to 98 of 100 cases; "
        f"in {narrow} in fewer, in {len(shown) - good - narrow} in more"
    )
    ordered = sorted(rows, key=lambda row: (row["held_share"] is None, row["held_share"] or 0.0))
    return Figure(
        name="coverage",
        title=title,
        subtitle=EXPLAINED,
        chart=None,
        rows=rows,
        metric="interval_coverage",
        source=f"{sum(row['worlds_count'] for row in rows):,} simulated worlds",
        alt=title,
        shown=[describe_row(row) for row in ordered],
    )


def describe_row(row: DictRow) -> DictRow:
    """Describes one interval in one world."""
    held = row["held_share"]
    return {
        "interval": row["interval"],
        "world": row["world"],
        "holds the truth": "no interval is shown"
        if held is None
        else f"{100 * held:.1f} % ± {100 * row['simulation_error']:.1f}",
        "before": f"{row['held_before']} %" if row["held_before"] else "not simulated",
        "shown in": numbers.format_share(row["shown_share"]),
    }
