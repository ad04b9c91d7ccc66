"""How often what is published is right in simulated worlds: intervals, verdicts, and what is said of ranks."""

from collections.abc import Iterator, Sequence

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import pluralize

LEAST, MOST = 0.93, 0.98
WORTH, ENOUGH = 0.1, 0.6
"""A true difference of ten points should be found in 60 of 100 worlds."""
EXPLAINED = (
    "Nominally 95 %. The estimates of these pages ran on worlds drawn from fixed seeds, in which the true value "
    "is known: items that come in weeks and from few people, incidents in runs, models that one announcement ends, "
    "missing replies. ± is the error of the simulation. How alike such items are is an assumption. Before: the "
    "intervals for independent items that stood here until 26 November 2026."
)
EXPLAINED_POWER = (
    "A claim of four tests on a board of six, 13 open and 8 proprietary families of 40 to 600 threads if nothing else "
    "is said. The smallest difference that matters is 5 points. Before: the board of 25 November 2026, in similar "
    "worlds."
)
EXPLAINED_RANKS = (
    "Families are drawn question by question, with a mix of questions each; those of one week are answered alike. "
    "Before: exchanged families, unweighted pairs and ranks by the bootstrap, in the same worlds."
)


def draw_simulations(snapshot: Snapshot) -> Iterator[Figure]:
    """Draws the tables that the snapshot has."""
    for name, draw, order in (
        ("interval_coverage", draw_coverage, "interval, world"),
        ("verdict_power", draw_power, "true_effect, holds_share, world"),
        ("ranking_coverage", draw_ranking, "statement, world"),
    ):
        if snapshot_reader.has_table(snapshot, f"metrics.{name}"):
            rows = snapshot_reader.load_rows(snapshot, f"select * from metrics.{name} order by {order}")
            if rows:
                yield draw(rows)


def draw_coverage(rows: Sequence[DictRow]) -> Figure:
    """Draws the table of intervals: those that contain the true value too seldom come first."""
    shown = [row for row in rows if row["held_share"] is not None]
    good = sum(LEAST <= row["held_share"] <= MOST for row in shown)
    narrow = sum(row["held_share"] < LEAST for row in shown)
    without = len(rows) - len(shown)
    none = f"; {without} {pluralize(without, 'shows', 'show')} no interval" if without else ""
    title = (
        f"For {good} of {len(shown)} kinds of interval and world, intervals contain the true value in 93 to 98 of 100 "
        f"worlds; for {narrow or 'none'} less often, for {len(shown) - good - narrow or 'none'} more often{none}"
    )
    ordered = sorted(rows, key=lambda row: (row["held_share"] is None, row["held_share"] or 0.0))
    return _draw_table("coverage", title, EXPLAINED, rows, "interval_coverage", [describe_row(row) for row in ordered])


def describe_row(row: DictRow) -> DictRow:
    """Describes one interval in one world."""
    held = row["held_share"]
    return {
        "interval": row["interval"],
        "world": row["world"],
        "contains the true value": "no interval is shown"
        if held is None
        else f"{100 * held:.1f} % ± {100 * row['simulation_error']:.1f}",
        "before": f"{row['held_before']} %" if row["held_before"] else "not simulated",
        "shown in": numbers.format_share(row["shown_share"]),
        "why not 93 to 98 %": row.get("deviation_reason") or "",
    }


def draw_power(rows: Sequence[DictRow]) -> Figure:
    """Draws the table of verdicts, and tells what the board finds of a true difference of ten points and of none."""
    found = [row for row in rows if row["true_effect"] == WORTH]
    nulls = [row["holds_share"] for row in rows if row["true_effect"] == 0 and row["is_realised"]]
    enough = sum(row["holds_share"] >= ENOUGH for row in found)
    most = max(nulls, default=None)
    wrong = "none" if most == 0 else f"at most {numbers.format_share(most)}"
    title = (
        f"A true difference of ten points is found in 60 of 100 worlds or more in {enough} of {len(found)} kinds of "
        f"worlds; where these families do not differ, a claim wrongly holds in {wrong} of the worlds"
    )
    return _draw_table("power", title, EXPLAINED_POWER, rows, "verdict_power", [describe_power(row) for row in rows])


def describe_power(row: DictRow) -> DictRow:
    """Describes the verdicts in one kind of world."""
    return {
        "world": row["world"],
        "true difference": f"{100 * row['true_effect']:.0f} points",
        "the claim holds": numbers.format_share(row["holds_share"]),
        "mixed": numbers.format_share(row["mixed_share"]),
        "refuted": numbers.format_share(row["refuted_share"]),
        "too close to call": numbers.format_share(row["close_share"]),
        "held before": "not simulated" if row["holds_before"] is None else f"{row['holds_before']:.0f} %",
        "what ten points take": row.get("deviation_reason") or "" if row["true_effect"] == WORTH else "",
    }


def draw_ranking(rows: Sequence[DictRow]) -> Figure:
    """Draws the table of sides and ranks: what misses its mark comes first."""
    missed = sum(bool(row.get("deviation_reason")) for row in rows)
    judged = sum(any(sign.isdigit() for sign in row["wanted_range"]) for row in rows)
    good = judged - missed
    title = f"Of {judged} statements on sides and ranks in simulated worlds {good} are as right as they should be"
    ordered = sorted(rows, key=lambda row: not row.get("deviation_reason"))
    return _draw_table(
        "ranking", title, EXPLAINED_RANKS, rows, "ranking_coverage", [describe_ranking(row) for row in ordered]
    )


def describe_ranking(row: DictRow) -> DictRow:
    """Describes how often one statement was right."""
    return {
        "statement": row["statement"],
        "world": row["world"],
        "found": f"{100 * row['found_value']:.1f} {row['unit']}",
        "wanted": row["wanted_range"],
        "before": row["found_before"] or "not simulated",
        "why not": row.get("deviation_reason") or "",
    }


def _draw_table(
    name: str, title: str, subtitle: str, rows: Sequence[DictRow], metric: str, shown: list[DictRow]
) -> Figure:
    return Figure(
        name=name,
        title=title,
        subtitle=subtitle,
        chart=None,
        rows=rows,
        metric=metric,
        source=f"{sum(row['worlds_count'] for row in rows):,} simulated worlds",
        alt=title,
        shown=shown,
        counted="kinds" if name == "coverage" else "rows",
    )
